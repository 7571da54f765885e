"""What decoding costs: the published loop beside our engine, on the same machine;
no voting rule and no decode loop of our own.
"""
