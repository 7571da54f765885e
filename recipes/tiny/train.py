"""Train the embedded model.

python recipes/tiny/train.py --out DIR                    all of it: one GPU, 13 minutes and an evaluation
python recipes/tiny/train.py --out DIR --stop-after-minutes 8     then again with --resume
python recipes/tiny/train.py --out DIR --prompts          the model of several wordings, from the weights of `tiny`
python recipes/tiny/train.py --out DIR --smoke            a toy in seconds, on a CPU
"""

import argparse
import json
import math
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import checkpoint
import torch
from card import card
from data import kept, vocabulary
from evaluate import FEWEST, LOOK, TOY, Part, Score, evaluate, full
from settings import PROMPTS, SMOKE, Settings
from tokenizers import Tokenizer
from trainer import Trainer

TINY = Path(__file__).parents[2] / "hexcli" / "models" / "tiny"


class Log:
    """Prints lines with the time since it was made, and appends records to log.jsonl."""

    def __init__(self, path: Path) -> None:
        self.path, self._started = path, time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since it was made."""
        return time.monotonic() - self._started

    def say(self, text: str) -> None:
        """A line for people."""
        print(f"[{self.elapsed:6.1f} s] {text}", flush=True)

    def write(self, **record: Any) -> None:
        """A record for the file."""
        with self.path.open("a") as file:
            file.write(json.dumps(record) + "\n")


def look(trainer: Trainer, log: Log, parts: Sequence[Part], dtype: torch.dtype) -> list[Score]:
    """The scores of the averaged weights as they are now, printed and logged."""
    model = trainer.averaged(dtype)
    found: list[Score] = []
    for part in [part._replace(wording=wording) for wording in trainer.settings.wordings for part in parts]:
        scores = evaluate(model, trainer.tokenizer, part, device=trainer.device)
        line = "  ".join(f"{score.name}: {score.accuracy:.1%}" for score in scores)
        unanswered = max(score.abstained for score in scores)
        log.say(f"step {trainer.step} {part.name} canvas {part.canvas}  {line}  no answer <= {unanswered:.1%}")
        log.write(
            step=trainer.step,
            seconds=round(trainer.seconds, 1),
            task=part.name,
            canvas=part.canvas,
            accuracy={score.name: round(score.accuracy, 4) for score in scores},
            unanswered={score.name: round(score.abstained, 4) for score in scores},
        )
        found += scores
    return found


def train(trainer: Trainer, log: Log, state: Path, *, stop_after: float, every: int, looks: Sequence[Part]) -> None:
    """Steps until the last one, or until the log is `stop_after` seconds old; a record every `every` steps."""
    trainer.save(state)
    saved = mark = time.monotonic()
    total, count = torch.zeros(2, device=trainer.device), 0
    while not trainer.finished:
        total += trainer.advance()
        count += 1
        if trainer.step % every == 0 or trainer.finished:
            uniform, semi_autoregressive = (total / count).tolist()
            if not math.isfinite(uniform + semi_autoregressive):
                total, count = torch.zeros_like(total), 0
                trainer.back_off(state)
                log.say(f"not finite: back to step {trainer.step}, at {trainer.brake} of the learning rate")
                log.write(step=trainer.step, brake=trainer.brake)
                continue
            losses = {"uniform": round(uniform, 4), "semi_autoregressive": round(semi_autoregressive, 4)}
            now = time.monotonic()
            speed = count * trainer.settings.tokens_per_step / (now - mark)
            trainer.seconds, mark = trainer.seconds + now - mark, now
            total, count = torch.zeros_like(total), 0
            log.write(
                step=trainer.step,
                seconds=round(trainer.seconds, 1),
                tokens=trainer.tokens,
                loss=losses,
                rate=round(trainer.rate(), 4),
            )
            if trainer.step % (5 * every) == 0:
                log.say(f"step {trainer.step}/{trainer.steps} loss {losses} {speed / 1e6:.2f} Mtok/s")
            # Stops and saves come only here, where the losses are known to be finite.
            if log.elapsed > stop_after:
                break
            if now - saved > 60:
                trainer.save(state)
                saved = now
        if looks and trainer.step % max(trainer.steps // 10, 1) == 0 and not trainer.finished:
            paused = time.monotonic()
            look(trainer, log, looks, torch.bfloat16)
            mark += time.monotonic() - paused
    trainer.save(state)


def arguments() -> argparse.Namespace:
    """What was asked for, with `settings` among it."""
    parser = argparse.ArgumentParser(description="Train the embedded model.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint and log.jsonl")
    parser.add_argument("--state", type=Path, help="folder for what --resume needs (default: OUT.state)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --state, with its settings")
    parser.add_argument("--minutes", type=float, default=13.0, help="choose the steps to take about that long")
    parser.add_argument("--steps", type=int, help="this many steps instead")
    parser.add_argument("--stop-after-minutes", type=float, default=1e9, help="save and leave; --resume goes on")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any number in settings.py")
    parser.add_argument("--problems", type=int, default=FEWEST, help="calibration problems of the final table")
    parser.add_argument("--processes", type=int, default=16, help="processes that make the data")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--prompts", action="store_true", help="the settings of `tiny-prompts`, from the weights of `tiny`"
    )
    parser.add_argument("--start", type=Path, help="a folder with the weights to begin with, instead of random ones")
    parser.add_argument("--smoke", action="store_true", help="a toy: tiny sizes, 20 steps, CPU")
    args = parser.parse_args()
    if not 0 < args.problems <= FEWEST:
        parser.error(f"--problems {args.problems}: there are 1 to {FEWEST}")
    try:
        base = PROMPTS if args.prompts else Settings()
        if args.smoke:
            base = replace(SMOKE, reasoning=base.reasoning, answer=base.answer)
        args.settings = replace(base, seed=args.seed).changed(args.set)
    except ValueError as error:
        parser.error(str(error))
    if args.smoke:
        args.device, args.processes, args.steps = "cpu", 1, args.steps or 20
    if args.prompts and not args.smoke and args.start is None:
        args.start = TINY
    args.state = args.state or args.out.with_name(args.out.name + ".state")
    return args


def main() -> None:
    """Make or take up a run, train, write the checkpoint."""
    args = arguments()
    torch.set_float32_matmul_precision("high")
    args.state.mkdir(parents=True, exist_ok=True)
    state, data, log = args.state / "state.pt", args.state / "data.pt", Log(args.state / "log.jsonl")
    if args.resume:
        saved = torch.load(state, map_location="cpu", weights_only=True)
        settings, tokenizer = Settings(**saved["settings"]), Tokenizer.from_str(saved["tokenizer"])
    else:
        for path in (state, data, log.path):
            path.unlink(missing_ok=True)
        settings, tokenizer = args.settings, vocabulary(args.settings)
    rows = kept(data, settings, tokenizer, args.processes)
    log.say(f"rows by length: { {length: len(part.ids) for length, part in rows.items()} }")

    trainer = Trainer(settings, tokenizer, rows, args.device, args.start)
    log.say(f"{trainer.parameters:,} parameters, vocabulary {tokenizer.get_vocab_size()}")
    if args.resume:
        trainer.load(state)
        log.say(f"resumed at step {trainer.step}/{trainer.steps}")
    elif args.steps:
        trainer.steps = args.steps
    else:
        pace = trainer.seconds_a_step()
        trainer.steps = max(int(args.minutes * 60 * 0.92 / pace) // 100 * 100, 100)
        log.say(f"{pace * 1e3:.1f} ms a step, {settings.tokens_per_step / pace / 1e6:.2f} Mtok/s")
    log.say(f"{trainer.steps} steps of {settings.tokens_per_step} tokens")

    every, looks = (5, ()) if args.smoke else (100, LOOK)
    train(trainer, log, state, stop_after=args.stop_after_minutes * 60, every=every, looks=looks)
    parts = TOY if args.smoke else full(args.problems) if trainer.finished else LOOK
    scores = look(trainer, log, parts, torch.float32)  # of the weights that are written, whatever was seen before
    name = torch.cuda.get_device_name() if args.device == "cuda" else "a CPU"
    checkpoint.write(args.out, trainer.ema, trainer.config, tokenizer, card(trainer, scores, name))
    shutil.copy(log.path, args.out / "log.jsonl")
    log.say(f"wrote {args.out} at step {trainer.step}/{trainer.steps}")


if __name__ == "__main__":
    main()
