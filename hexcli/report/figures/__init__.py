"""Figures for a paper, drawn with matplotlib: a figure a file; what they show is computed in `insight`."""
