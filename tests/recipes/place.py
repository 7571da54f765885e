"""Where the recipe lies, and what its log says."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "recipes" / "tiny"


def records(path):
    return [json.loads(line) for line in path.read_text().splitlines()]
