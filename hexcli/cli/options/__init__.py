"""The options of the commands, each declared once, a file a group of `--help`; `cli/values.py` reads their values."""
