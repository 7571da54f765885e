"""The embedded tasks and the generator of their problems; nothing is read from a file here."""
