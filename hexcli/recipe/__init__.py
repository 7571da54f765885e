"""What a run decodes, and its YAML; no problem and no model is loaded here."""
