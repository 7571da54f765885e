"""Published config.json files and weight names, one file a family; no tensor is computed here."""
