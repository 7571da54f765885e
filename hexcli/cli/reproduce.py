"""`hex reproduce`: a sample of a run decoded again on this machine, and what moves."""

import json
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from hexcli.cli import values
from hexcli.cli.effects import refuse_idle_rules
from hexcli.cli.options import models, outputs, problems, schedule, speed, votes
from hexcli.cli.output import print_json, warn
from hexcli.errors import HexError, plural
from hexcli.report.terminal import visible
from hexcli.runs.reading import read_manifest


def reproduce(
    run: votes.RunArgument,
    sample: Annotated[int, typer.Option("--sample", min=1, help="Problems to decode again.", metavar="N")] = 10,
    seed: Annotated[int, typer.Option("--seed", help="Chooses the problems.", metavar="S")] = 0,
    allow: Annotated[
        int, typer.Option("--allow", min=0, help="Votes that may move; with more, exit code 1.", metavar="K")
    ] = 0,
    rule: schedule.Rule = None,
    task: problems.RunTask = None,
    batch_size: speed.BatchSize = "auto",
    device: speed.DeviceHere = "auto",
    trust_remote_code: models.TrustRemoteCode = False,
    as_json: outputs.Json = False,
) -> None:
    """Decode a sample of a run again, without the cache, and say what moves.

    All generations of the sampled problems are decoded from the prompts and schedules in the run, in its dtype: then
    how many tokens, texts, answers and majority votes differ from what is recorded, beside the hardware and batch size
    of then and now. The run and the cache stay as they are.
    """
    from hexcli.engine.reproducing import reproduce as reproduce_run
    from hexcli.plugins.held import register_task_of
    from hexcli.plugins.registering import register_rules, require_rules
    from hexcli.report.progress import meter

    require_rules(rule or ())
    register_rules(rule or ())
    register_task_of(str(run), task)
    if rule:
        refuse_idle_rules(rule, _rules_of(run))
    with meter() as watcher:
        found = reproduce_run(
            run,
            sample=sample,
            seed=seed,
            device=device,
            batch_size=values.batch_size(batch_size),
            watcher=watcher,
            warn=warn,
            trust_remote_code=trust_remote_code,
        )
    if as_json:
        print_json({**found.to_dict(), "allow": allow})
    else:
        generations = found.total("generations")
        chosen = f"{plural(len(found.problems), 'problem')} (seed {seed})"
        print(f"{visible(found.run)}: {chosen}, {plural(generations, 'generation')} again")
        print(f"  tokens   {found.total('tokens')} of {found.total('of_tokens')} moved")
        print(f"  texts    {found.total('texts')} of {generations} moved")
        print(f"  answers  {found.total('answers')} of {generations} moved")
        print(f"  votes    {found.votes} of {len(found.problems)} moved, {allow} allowed")
        for one in found.problems:
            if one.vote:
                print(f"    {visible(one.problem)}: {_said(one.recorded)} recorded, {_said(one.again)} now")
        print(f"  recorded {_machine(found.recorded_hardware, found.recorded_batch_sizes)}")
        print(f"  here     {_machine(found.hardware, found.batch_sizes)}")
    if found.votes > allow:
        raise HexError(f"{plural(found.votes, 'vote')} of '{run}' moved, {allow} allowed (--allow)")


def _rules_of(run: Path) -> list[str]:
    """The rules of others that a run's recipes name."""
    asked = [one.recipe for one in read_manifest(run).asked]
    return re.findall(r"[\w.-]+@[0-9a-f]{12}", json.dumps(asked, default=str))


def _said(answer: str | None) -> str:
    return "no answer" if answer is None else visible(answer)


def _machine(hardware: dict[str, Any], sizes: tuple[int, ...]) -> str:
    said = visible(", ".join(f"{name} {value}" for name, value in hardware.items())) or "unknown"
    return f"{said}; rows in a batch: {', '.join(map(str, sizes))}"
