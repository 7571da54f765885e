"""The voter whose five votes are best on calibration problems, as a recipe with 25 samples: the rival of AXES.md.

python recipes/tiny/rival.py calibration.json.gz --out recipes/tiny/results/axes/rival.yaml
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from kept import Kept, load

from hexcli.voter import Voter

SAMPLES = 25


def majorities(kept: Kept, voter: Voter) -> float:
    """The accuracy of the majority over all samples of a voter, ties split."""
    total = 0.0
    for place, target in enumerate(kept.targets):
        given = [sample[place] for sample in kept.answers[voter] if sample[place]]
        most = max((given.count(answer) for answer in given), default=0)
        leaders = {answer for answer in given if given.count(answer) == most}
        total += (target in leaders) / len(leaders) if leaders else 0.0
    return total / len(kept.targets)


def rival(kept: Kept) -> Voter:
    """The best of the voters that have several samples; of equals the first cast."""
    return max((voter for voter, own in kept.answers.items() if len(own) > 1), key=lambda one: majorities(kept, one))


def recipe(voter: Voter, kept: Kept) -> str:
    """The recipe of its samples on the test."""
    schedule = voter.schedule
    rule = "" if schedule.remasking == "low_confidence" else f":remasking={schedule.remasking}"
    lines: Sequence[str] = (
        f"# The voter whose five votes are best on calibration problems (rival.py): {SAMPLES} samples of it.",
        f"model: {kept.model}",
        "task: sums",
        "dtype: bfloat16",
        f"gen_length: {schedule.gen_length}",
        f"temperature: {schedule.temperature:g}",
        f"samples: {SAMPLES}",
        *([f"prompts: [{voter.prompt}]"] if voter.prompt else []),
        f'schedules: ["{schedule.label}{rule}"]',
    )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Choose, and write the recipe."""
    parser = argparse.ArgumentParser(description="Choose the rival.")
    parser.add_argument("votes", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    (kept,) = load(args.votes)
    args.out.write_text(recipe(rival(kept), kept))
    print(args.out.read_text())


if __name__ == "__main__":
    main()
