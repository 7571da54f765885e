"""`hex report`: one HTML file that holds everything, from what insight finds."""
