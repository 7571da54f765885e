"""Where an answer stands in a text, what it names, and whether two are equal; no task and no run is known here."""
