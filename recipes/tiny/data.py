"""Training data: stories with responses, as rows of token ids `prompt | response | end of text ...`.

A row is exactly as long as one of `Settings.lengths`, so batches need no padding: the canvas is what the prompt
leaves, near 64 tokens for most rows and near 128 for some. All numbers come from seeds: equal settings give
equal rows, whatever the number of processes.
"""

import multiprocessing
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from asking import PREFILL, STYLES, Asked, worded
from settings import Settings
from tokenizer import Encoder, build
from tokenizers import Tokenizer
from torch import Tensor

from hexcli.tasks.embedded.choices import LETTERS, choice, with_options
from hexcli.tasks.embedded.families.dice import PEOPLE, THINGS, Dice, Step
from hexcli.tasks.embedded.stories import Story, stories

SHARDS = 64
LONGEST_PROMPT = 128
LONGEST_RESPONSE = 63  # with an end of text it fits a canvas of 64
_REPLACEABLE = re.compile(r"\b(?:" + "|".join([*(name for name, _ in PEOPLE), *THINGS]) + r")\b")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one length: ids [N, T], tokens of the prompt [N] and of the response without end of text [N]."""

    ids: Tensor
    prompt: Tensor
    response: Tensor

    def to(self, device: str) -> "Rows":
        """The rows on another device."""
        return Rows(self.ids.to(device), self.prompt.to(device), self.response.to(device))

    def take(self, index: Tensor) -> "Rows":
        """Some of the rows, with ids as the model wants them."""
        return Rows(self.ids[index].long(), self.prompt[index].long(), self.response[index].long())


def respond(story: Story, style: str, letter: str = "", wording: str = "plain") -> str:
    """The response to a story: reasoning in sentences or in equations, or none, and the answer, boxed or in tags.

    The answer comes last, or first where that is asked for; with options it is a letter.
    """
    box = f"\\boxed{{{letter or story.answer}}}"
    style = STYLES.get(wording, style)
    if style == "answer":
        return box
    if style == "sentences":
        way = " ".join(step.sentence for step in story.steps)
    else:
        way = ", ".join(step.equation for step in story.steps) + "."
    if letter:
        way = f"{way} {named(story.answer, letter)}"
    if wording == "reasoning":
        told = f"</reasoning><answer>{letter or story.answer}</answer>"
        return f"{told} {way}" if story.order and not letter else f"{way}{told}"
    if letter:
        return f"{way} {box}"
    return f"{box} {way}" if story.order else f"{way} {box}"


def named(number: int, letter: str) -> str:
    """How a response says which option it will put into the box."""
    return f"{number} is ({letter})."


def drill(dice: Dice) -> tuple[str, str]:
    """A short question about one equation, or about one of four options: what words do not help with."""
    if dice.chance(0.35):
        return _equation(dice)
    wide = dice.chance(0.5)  # single digits teach to look options up, longer numbers follow
    number = dice.amount(2, 90) if wide else dice.number(0, 9)
    options = [number]
    while len(options) < 4:
        near = number + dice.pick((1, 10, 2, -10, -1))
        other = (dice.amount(2, 90) if dice.chance(0.5) else max(near, 0)) if wide else dice.number(0, 9)
        if other not in options:
            options.append(other)
    options = dice.shuffled(options)
    letter = LETTERS[options.index(number)]
    asked, told = (f"Which is {number}?", letter) if dice.chance(0.8) else (f"What is option ({letter})?", str(number))
    return with_options(asked, tuple(map(str, options))), f"{named(number, letter)} \\boxed{{{told}}}"


def _equation(dice: Dice) -> tuple[str, str]:
    kind = dice.pick("++--***/")
    one, other = dice.amount(2, 90), dice.amount(2, 60)
    if kind in "*/":
        one, other = dice.amount(2, 20), dice.number(2, 12)
    if kind == "-":
        one, other = max(one, other), min(one, other)
    if kind == "/":
        one *= other
    step = Step("", one, kind, other)
    return f"{one} {kind} {other} = ?", f"{step.equation}. \\boxed{{{step.value}}}"


def texts(settings: Settings, seed: int) -> Iterator[Asked]:
    """Questions with responses, without end."""
    dice = Dice(f"responses:{settings.seed}:{seed}")
    for story in stories("train", settings.seed * SHARDS + seed):
        draw = dice.random()
        style = "sentences" if draw < settings.sentences else "equations"
        style = style if draw < settings.sentences + settings.equations else "answer"
        if dice.chance(settings.drills):
            yield Asked(*drill(dice))
        wording = _wording(dice, settings)
        if dice.chance(settings.choices):
            asked = choice(story, dice)
            question, response = asked.question, respond(story, style, asked.letter, wording)
        else:
            question, response = story.asked, respond(story, style, wording=wording)
        if dice.chance(settings.invented) and (known := _REPLACEABLE.findall(question)):
            word = dice.pick(known)
            new = _invent(dice, word)
            question, response = (re.sub(rf"\b{word}\b", new, text) for text in (question, response))
        yield Asked(worded(question, wording), response, PREFILL.get(wording, ""))


def _wording(dice: Dice, settings: Settings) -> str:
    """The wording of a problem; where there is one only, nothing is drawn, and the rows stay what they were."""
    if len(settings.wordings) == 1:
        return "plain"
    draw = dice.random()
    if draw < settings.reasoning:
        return "reasoning"
    return "answer" if draw < settings.reasoning + settings.answer else "plain"


def _invent(dice: Dice, word: str) -> str:
    """A word nobody knows, in the place of a name or of a thing."""
    letters = "".join(dice.pick("bdfgklmnprstvz") + dice.pick("aeiou") for _ in range(dice.number(1, 3)))
    return letters.capitalize() + dice.pick(("", "n", "x")) if word[0].isupper() else letters + "s"


def vocabulary(settings: Settings) -> Tokenizer:
    """The tokenizer that the first stories of the training data ask for."""
    plain = (text for asked in islice(texts(replace(settings, invented=0.0), seed=0), 20_000) for text in asked)
    return build(plain, settings.words, tags=len(settings.wordings) > 1)


def _shard(settings: Settings, tokenizer: str, count: int, seed: int) -> dict[int, np.ndarray]:
    """`count` rows by length; each row is its ids, its tokens of prompt and its tokens of response."""
    encoder = Encoder(Tokenizer.from_str(tokenizer))
    dice = Dice(f"canvas:{settings.seed}:{seed}")
    out: dict[int, list[list[int]]] = {length: [] for length in settings.lengths}
    found = 0
    for question, answer, prefill in texts(settings, seed):
        prompt, response = encoder.prompt(question, prefill), encoder.text(answer)
        if len(prompt) > LONGEST_PROMPT or len(response) > LONGEST_RESPONSE:
            continue
        canvas = dice.number(*(settings.long if dice.chance(settings.long_canvas) else settings.short))
        least = len(prompt) + max(canvas, len(response) + 1)
        length = next((length for length in settings.lengths if length >= least), settings.lengths[-1])
        padding = [encoder.end] * (length - len(prompt) - len(response))
        out[length].append([*prompt, *response, *padding, len(prompt), len(response)])
        found += 1
        if found == count:
            break
    return {length: np.array(rows, dtype=np.int16).reshape(-1, length + 2) for length, rows in out.items()}


def generate(settings: Settings, tokenizer: Tokenizer, processes: int) -> dict[int, Rows]:
    """The training rows by length, made by that many processes (1: in this one)."""
    make = partial(_shard, settings, tokenizer.to_str(), -(-settings.examples // SHARDS))
    if processes == 1:
        shards = list(map(make, range(SHARDS)))
    else:
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            shards = list(pool.map(make, range(SHARDS)))
    out: dict[int, Rows] = {}
    for length in settings.lengths:
        rows = torch.from_numpy(np.concatenate([shard[length] for shard in shards]))
        if len(rows):
            out[length] = Rows(rows[:, :length].contiguous(), rows[:, -2].clone(), rows[:, -1].clone())
    return out


def kept(path: Path, settings: Settings, tokenizer: Tokenizer, processes: int) -> dict[int, Rows]:
    """The training rows, generated the first time and from the file after that."""
    if not path.exists():
        rows = generate(settings, tokenizer, processes)
        torch.save({length: (part.ids, part.prompt, part.response) for length, part in rows.items()}, path)
        return rows
    return {length: Rows(*part) for length, part in torch.load(path, weights_only=True).items()}
