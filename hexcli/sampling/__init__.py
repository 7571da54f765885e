"""The one decode loop and what it is made of, on token ids; no text, no file and no model is known here."""
