"""Where a checkpoint's files are, what they hash to and how they are to be loaded; no weight is read here."""
