"""Generations made elsewhere become a run folder; nothing is decoded and no answer is graded here."""
