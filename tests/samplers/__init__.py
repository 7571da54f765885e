"""The published samplers, written naively from their description: one row, lists, no batch, no cache.

Each function is one published loop at temperature 0, or, where a `draw` is given, with tokens drawn by it. They share
nothing with hexcli but the model. Files and commits: docs/families.md.
"""
