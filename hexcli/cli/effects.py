"""Options that would have no effect are refused: nothing that is said is silently left undone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from hexcli.errors import UsageError
from hexcli.labels import SAMPLES, Said

if TYPE_CHECKING:
    from hexcli.recipe.recipe import Recipe

# The aggregator that a calibration run is for; functions of one's own may take it, too.
CALIBRATED = "schedule-weighted"
# Near 200 the noise, a power of the temperature, leaves the range of a double.
HOTTEST = 100


def refuse_overruled(recipe: "Recipe", said: Iterable[str], option: str = "--{name} {value}") -> None:
    """Raises UsageError where every schedule says otherwise what one of the recipe's fields, of those `said`, says.

    `option`: how a field is said, with its name and value.
    """
    usual = {field.name: field.default for field in fields(recipe)}
    try:
        labels = [Said.of(label) for label in recipe.schedules]
    except ValueError:  # which is told where schedules are made
        return
    for name in said:
        own = [one.samples is not None if name == SAMPLES else name in one.fields for one in labels]
        value = getattr(recipe, name)
        if value != usual[name] and labels and all(own):
            words = option.format(name=name if "=" in option else name.replace("_", "-"), value=value)
            raise UsageError(f"{words} has no effect: each of {','.join(recipe.schedules)} says its own; leave it out")


def refuse_heat(recipe: "Recipe") -> None:
    """Raises UsageError on a temperature at which nothing is left of what the model says."""
    from hexcli.engine.plan import check_recipe

    hottest = max(schedule.temperature for schedule in check_recipe(recipe))
    if hottest > HOTTEST:
        raise UsageError(f"temperature {hottest:g} draws tokens whatever the model says: 0.9 in the paper, at most 100")


def refuse_idle_seed(recipe: "Recipe", *, by_set: bool = False) -> None:
    """Raises UsageError on a seed where nothing is drawn; `by_set`: it and the temperature are said by --set."""
    from hexcli.engine.plan import check_recipe

    if recipe.seed and all(schedule.deterministic for schedule in check_recipe(recipe)):
        said, heat = ("--set seed=", "temperature") if by_set else ("--seed ", "--temperature")
        raise UsageError(
            f"{said}{recipe.seed} has no effect: at temperature 0 every seed gives one and the same text; "
            f"set {heat} (0.9 in the paper), or leave it out"
        )


def refuse_idle_steps(recipe: "Recipe", *, by_set: bool = False) -> None:
    """Raises UsageError on more steps than the canvas has tokens: each commits one at least. `by_set`: see above."""
    from hexcli.engine.plan import check_recipe

    most = max(schedule.gen_length for schedule in check_recipe(recipe))
    if recipe.steps is not None and recipe.steps > most and recipe.sampler in (None, "llada") and recipe.alg is None:
        steps, canvas = ("--set steps=", "--set gen_length=N") if by_set else ("--steps ", "--gen-length")
        raise UsageError(
            f"{steps}{recipe.steps} is more than the {most} tokens of the canvas, and a step commits one at least: "
            f"{steps}{most} is a step for each, or give a longer {canvas}"
        )


def refuse_idle_stop(recipes: "Iterable[Recipe]", certainty: float | None) -> None:
    """Raises UsageError where votes are to stop early, and each problem has one."""
    from hexcli.engine.plan import check_recipe

    if certainty is None or any(len(check_recipe(one)) * max(len(one.prompts), 1) > 1 for one in recipes):
        return
    option = "--until-decided" if certainty == 1 else f"--decide-at {certainty:g}"
    raise UsageError(
        f"{option} has no effect: a problem has one vote, which is always cast; leave it out, or add votes"
    )


def refuse_beside_prompts(said: Mapping[str, object]) -> None:
    """Raises UsageError where --show-prompt stands beside one of these options, which are of decoding."""
    for option, value in said.items():
        if value:
            raise UsageError(f"--show-prompt decodes nothing that {option} could act on: leave one out")


def refuse_idle_rules(rules: Collection[str], used: Collection[str]) -> None:
    """Raises UsageError where --rule brings a function that no schedule goes by; `used`: the rules that they name."""
    from hexcli.remasking import OFFERED

    brought = {OFFERED[one]().name: one for one in rules}
    if any("@" in name and name not in brought for name in used):
        return  # one that is missing, which is told as such
    for name, one in brought.items():
        if name not in used:
            raise UsageError(
                f"--rule {one} is the remasking of no schedule here: leave it out, or name it as remasking"
            )


def refuse_idle_views(*, live: bool, record: Path | None, colour: str | None, dry_run: bool) -> None:
    """Raises UsageError where nothing is shown or kept of what options say how to show."""
    if colour is not None and record is None and not live:
        raise UsageError(f"--colour {colour} is of --record (and of --live): say what is to be coloured")
    if dry_run and (live or record is not None):
        option = "--live" if live else "--record"
        raise UsageError(f"--dry-run decodes nothing that {option} could show: leave one out")


def refuse_idle_calibration(calibration: Path | None, aggregators: Sequence[str]) -> None:
    """Raises UsageError where a calibration run is named, and none of the aggregators asks for one."""
    from hexcli.plugins.registering import AGGREGATOR_GROUP, BUILT_IN, where

    if calibration is None or CALIBRATED in aggregators:
        return
    if all(where(AGGREGATOR_GROUP, name) == BUILT_IN for name in aggregators):
        names = ", ".join(aggregators)
        raise UsageError(f"--calibration is for {CALIBRATED}, and {names} has no use for it: leave it out")


def set_once(said: Sequence[tuple[str, object]], options: Mapping[str, object]) -> dict[str, object]:
    """The keys of a recipe that `--set` and other options say, each once. Raises UsageError."""
    found: dict[str, object] = {}
    for key, value in said:
        if key in found:
            raise UsageError(f"--set says {key} twice: {found[key]} and {value}")
        found[key] = value
    for key, value in options.items():
        if value is None:
            continue
        if key in found:
            raise UsageError(f"{key} is said twice: by --set {key}={found[key]}, and by its own option; leave one out")
        found[key] = value
    return found
