"""The transformer and what it is made of; no file is known here."""
