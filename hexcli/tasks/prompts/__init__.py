"""How a task asks: templates, wordings, and the examples before the question."""
