"""Run folders, read and written, and the votes cast in them; nothing is decoded here."""
