"""Accuracy by block on the calibration problems: greedy, two tokens a step. The test set is never looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from asking import PREFILL, worded
from tokenizer import Encoder
from tokenizers import Tokenizer

from hexcli.models.network.transformer import MaskPredictor
from hexcli.records import Problem
from hexcli.sampling.sampler import Row, Sampler
from hexcli.schedule import Schedule
from hexcli.stats import wilson
from hexcli.task import Task
from hexcli.tasks.embedded.choices import CHOICES, choice_set
from hexcli.tasks.embedded.sums import SUMS_CALIBRATION
from hexcli.voting.rules import majority
from hexcli.voting.votes import Election, Vote

BLOCKS = (4, 8, 16, 32, 64)


class Part(NamedTuple):
    """One table: so many problems of a task, on a canvas, decoded in blocks of each of these lengths."""

    task: str
    problems: int
    canvas: int = 64
    blocks: tuple[int, ...] = BLOCKS
    wording: str = "plain"

    @property
    def name(self) -> str:
        """The task, and the wording where it is not its own."""
        return self.task if self.wording == "plain" else f"{self.task}, {self.wording}"


LOOK = (Part("sums", 256), Part("choices", 128))
TOY = (Part("sums", 4, blocks=(32, 64)), Part("choices", 4, blocks=(32, 64)))


def full(problems: int) -> tuple[Part, ...]:
    """What the card of a finished run reports."""
    return (
        Part("sums", problems, 64, (2, *BLOCKS)),
        Part("sums", problems, 128, (*BLOCKS, 128)),
        Part("choices", problems),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One line of a table: a set of problems under one schedule, or a vote over all schedules."""

    part: Part
    name: str
    right: int
    unanswered: int

    @property
    def accuracy(self) -> float:
        """Share of all problems answered right."""
        return self.right / self.part.problems

    @property
    def abstained(self) -> float:
        """Share of all problems without an answer."""
        return self.unanswered / self.part.problems


def _calibration_choices() -> Sequence[Problem]:
    return [
        Problem(
            id=f"choices-calibration-{number:04}",
            question=item.story.question,
            target=item.letter,
            choices=tuple(map(str, item.options)),
            category=item.story.family,
        )
        for number, item in enumerate(choice_set("calibration", CHOICES.size or 0))
    ]


TASKS: dict[str, Task] = {
    "sums": SUMS_CALIBRATION,
    "choices": replace(CHOICES, name="choices-calibration", load=_calibration_choices),
}
FEWEST = min(task.size or 0 for task in TASKS.values())


def evaluate(
    model: MaskPredictor, tokenizer: Tokenizer, part: Part, *, device: str = "cpu", batch_size: int = 512
) -> list[Score]:
    """A score for every block, for the majority over them (ties to the smallest) and for any of them (oracle)."""
    task = TASKS[part.task]
    problems = task.load()[: part.problems]
    schedules = [Schedule.parse(str(block), gen_length=part.canvas) for block in sorted(part.blocks)]
    ballots = _ballots(model, tokenizer, task, problems, schedules, part.wording, device, batch_size)
    answers = {schedule.label: [ballot[place].answer for ballot in ballots] for place, schedule in enumerate(schedules)}
    answers["majority"] = [majority(Election.of(ballot, task.equal)).answer for ballot in ballots]
    scores = [_score(part, task, name, problems, given) for name, given in answers.items()]
    any_right = sum(
        any(_right(task, vote.answer, problem) for vote in ballot)
        for ballot, problem in zip(ballots, problems, strict=True)
    )
    return [*scores, replace(scores[-1], name="oracle", right=any_right)]


def _ballots(
    model: MaskPredictor,
    tokenizer: Tokenizer,
    task: Task,
    problems: Sequence[Problem],
    schedules: Sequence[Schedule],
    wording: str,
    device: str,
    batch_size: int,
) -> list[list[Vote]]:
    """The votes on each problem, one for each schedule and in that order."""
    encoder = Encoder(tokenizer)
    jobs = [(problem, schedule) for problem in problems for schedule in schedules]
    asked = {
        problem.id: tuple(encoder.prompt(worded(task.prompt(problem).user, wording), PREFILL.get(wording, "")))
        for problem in problems
    }
    queue = (
        Row(prompt_ids=asked[problem.id], schedule=schedule, noise_key=key)
        for key, (problem, schedule) in enumerate(jobs)
    )
    votes: dict[int, Vote] = {}
    for row, decoded in Sampler(model, mask_id=encoder.mask, batch_size=batch_size, device=device).run(queue):
        problem, schedule = jobs[row.noise_key]
        text = tokenizer.decode(list(decoded.token_ids), skip_special_tokens=False)
        answer = task.extract(text, replace(problem, target=None))
        votes[row.noise_key] = Vote(answer=answer, schedule=schedule)
    return [[votes[start + place] for place in range(len(schedules))] for start in range(0, len(jobs), len(schedules))]


def _right(task: Task, answer: str | None, problem: Problem) -> bool:
    return answer is not None and problem.target is not None and task.grade(answer, problem.target)


def _score(part: Part, task: Task, name: str, problems: Sequence[Problem], answers: Sequence[str | None]) -> Score:
    right = sum(_right(task, answer, problem) for answer, problem in zip(answers, problems, strict=True))
    return Score(part=part, name=name, right=right, unanswered=answers.count(None))


def table(scores: Sequence[Score]) -> str:
    """The scores as a Markdown table."""
    lines = ["| task | canvas | block | accuracy | 95 % interval | no answer | n |", "|---|---|---|---|---|---|---|"]
    for score in scores:
        part = score.part
        low, high = wilson(score.right, part.problems)
        lines.append(
            f"| {part.name} | {part.canvas} | {score.name} | {score.accuracy:.1%} | {low:.1%} to {high:.1%} "
            f"| {score.abstained:.1%} | {part.problems} |"
        )
    return "\n".join(lines)
