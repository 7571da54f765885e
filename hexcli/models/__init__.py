"""From a name, a folder or a hub id to a mask predictor; schedules and votes are unknown here."""
