"""The only place that formats for people: tables and progress. Results go to stdout, progress to stderr."""
