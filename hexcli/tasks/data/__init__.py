"""Where problems come from: the hub, a local file, and what their rows must hold; no prompt and no grading."""
