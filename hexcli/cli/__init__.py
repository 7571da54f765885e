"""The command line: a file a command that parses, calls one function and prints; no work is done here."""
