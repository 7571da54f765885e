"""Canvases that fill in before your eyes, live on a terminal or recorded in a file; nothing is decoded here."""
