"""What decoding costs: the published loop beside our engine, on the same model, problems and machine."""
