"""Votes and how they are counted: votes in, decisions out; no files, no models, and never a target."""
