"""Test-time scaling of masked diffusion language models: decode, sweep, vote, score."""

__version__ = "0.2.0"
