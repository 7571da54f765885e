"""The problems of a run as the page's browser shows them: a short line each, and everything about each, for a chunk."""

from array import array
from bisect import bisect_left
from codecs import charmap_decode
from collections.abc import Sequence
from functools import lru_cache
from operator import sub
from typing import Any

from hexcli.answers.place import place_in
from hexcli.answers.response import response_text
from hexcli.insight.findings import Findings
from hexcli.insight.kinds import Kind
from hexcli.insight.weights import schedule_weights
from hexcli.records import Generation
from hexcli.runs.ballots import Ballot
from hexcli.voter import Voter
from hexcli.voting.votes import Vote

_SHORT = 200  # characters of a question in the list
# Small numbers are written as one character each, from here on: none of these needs an escape in JSON.
_FIRST_CHARACTER = 93
_LARGEST = 50_000  # far below the surrogates
_SMALL = "".join(chr(_FIRST_CHARACTER + value) for value in range(256))
_SURE = 15  # levels of confidence kept


def _unsigned(value: int) -> int:
    return 2 * value if value >= 0 else -2 * value - 1


# The characters of signed bytes, in the order of their bits.
_SMALL_SIGNED = "".join(_SMALL[_unsigned(value if value < 128 else value - 256)] for value in range(256))


def line(found: Findings, place: int) -> dict[str, Any]:
    """What the list shows of the problem at that place of the ballots, and what filters and search go by."""
    ballot = found.counted.ballots[place]
    name = "majority" if "majority" in found.decided else next(iter(found.decided), None)
    decision = found.decisions(place)[name] if name else None
    answer = decision.answer if decision else None
    return {
        "id": ballot.problem.id,
        "question": " ".join(ballot.problem.question.split())[:_SHORT],
        "category": ballot.problem.category,
        "target": ballot.problem.target,
        "answer": answer,
        "right": _grade(found, answer, ballot),
        "agreement": round(decision.agreement, 3) if decision else 0,
        "kinds": [kind.value for kind in Kind if kind in found.kinds[place]],
    }


class Details:
    """Everything about the problems of a run, problem by problem."""

    def __init__(self, found: Findings) -> None:
        self.found = found
        self.weights = schedule_weights(found.counted, found.calibration)
        self.names = list(found.counted.names.values())
        self.places = {expert: place for place, expert in enumerate(found.counted.names)}

    def of(self, place: int) -> dict[str, Any]:
        """The problem at that place of the ballots: its votes beside their generations, and who decided what."""
        ballot = self.found.counted.ballots[place]
        problem, candidates = ballot.problem, ballot.election.candidates
        classes = {id(vote): number for number, one in enumerate(candidates) for vote in one.votes}
        prompts = {generation.prompt for generation in ballot.generations}
        return {
            "id": problem.id,
            "question": problem.question,
            "choices": list(problem.choices),
            "category": problem.category,
            "target": problem.target,
            "prompt": prompts.pop() if len(prompts) == 1 else None,
            "candidates": [
                {"answer": one.answer, "votes": len(one.votes), "right": _grade(self.found, one.answer, ballot)}
                for one in candidates
            ],
            "decisions": [
                {
                    "aggregator": name,
                    "answer": decision.answer,
                    "right": _grade(self.found, decision.answer, ballot),
                    "tie": decision.tie,
                    "tallies": [[tally.answer, tally.votes, _short(tally.support)] for tally in decision.tallies],
                }
                for name, decision in self.found.decisions(place).items()
            ],
            "votes": [
                self._vote(vote, generation, ballot, classes.get(id(vote), -1))
                for vote, generation in zip(ballot.votes, ballot.generations, strict=True)
            ],
        }

    def _vote(self, vote: Vote, generation: Generation, ballot: Ballot, number: int) -> dict[str, Any]:
        response = generation.response
        units = _Units(response.text)
        said = response_text(response.text)
        span = place_in(said, vote.answer)
        return {
            "schedule": self.places[vote.expert],
            "seed": vote.schedule.seed,
            "text": response.text,
            "end": units.at(len(said)),
            "answer": vote.answer,
            "class": number,
            "right": _grade(self.found, vote.answer, ballot),
            "span": None if span is None else [units.at(span[0]), units.at(span[1])],
            "weights": self._weights(vote.expert, vote),
            "nfe": response.nfe,
            "seconds": round(response.seconds, 3),
            "logprob": None if vote.first_step_logprob is None else round(vote.first_step_logprob, 3),
            "tokens": _tokens(generation, units),
        }

    def _weights(self, expert: Voter, vote: Vote) -> dict[str, float]:
        own = {name: _short(weights[expert]) for name, weights in self.weights.items()}
        return own if vote.confidence is None else {"confidence": _short(vote.confidence), **own}


def _grade(found: Findings, answer: str | None, ballot: Ballot) -> bool | None:
    return None if ballot.problem.target is None else found.grades.right(answer, ballot)


def _tokens(generation: Generation, units: "_Units") -> dict[str, Any] | None:
    """The canvas for the replay: where each token ends in the text, its step (0: never committed), how sure it was.

    Steps are told as the difference from an even walk from left to right, which small blocks nearly take.
    """
    response = generation.response
    if generation.token_ends is None or not response.commit_step:
        return None
    steps, ends = response.commit_step, units.of(generation.token_ends)
    most = max(steps) + 1
    walk = _even_walk(len(steps), most)
    levels = [int(_SURE * one + 0.5) for one in response.commit_confidence[: len(ends)]]
    return {
        "ends": packed(list(map(sub, ends, [0, *ends]))),
        "steps": packed_signed(list(map(sub, steps, walk))),
        "most": most,
        "sure": packed(levels),
    }


@lru_cache(maxsize=64)
def _even_walk(length: int, most: int) -> tuple[int, ...]:
    """The step of each position, were they taken from left to right at one pace."""
    return tuple(position * most // length for position in range(length))


def packed(values: Sequence[int]) -> str | list[int]:
    """Whole numbers from 0 as a text with a character each; as they are where one is too large for that."""
    try:
        return charmap_decode(bytes(values), "strict", _SMALL)[0]  # most are, and this takes no time
    except ValueError:
        if min(values) < 0 or max(values) > _LARGEST:
            return list(values)
        return "".join([chr(_FIRST_CHARACTER + value) for value in values])


def packed_signed(values: Sequence[int]) -> str | list[int]:
    """The same of any whole numbers: 0, -1, 1, -2, ... are packed as 0, 1, 2, 3, ..."""
    try:
        return charmap_decode(array("b", values).tobytes(), "strict", _SMALL_SIGNED)[0]
    except OverflowError:
        return packed([_unsigned(value) for value in values])


def _short(value: float) -> float:
    return float(f"{value:.4g}")


class _Units:
    """From characters of Python's texts to those of JavaScript's, where some count twice."""

    def __init__(self, text: str) -> None:
        self.wide = (
            [place for place, character in enumerate(text) if character > "\uffff"] if not text.isascii() else []
        )

    def of(self, places: Sequence[int]) -> Sequence[int]:
        """All of these places."""
        return [self.at(place) for place in places] if self.wide else places

    def at(self, place: int) -> int:
        """The place in UTF-16 units."""
        if not self.wide:
            return place
        return place + bisect_left(self.wide, place)
