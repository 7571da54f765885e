"""The plan of a recipe on the device that it runs on."""

from collections.abc import Callable, Sequence

from hexcli.engine.plan import Plan, plan_run
from hexcli.errors import NotDownloadedError, UsageError
from hexcli.recipe.recipe import Recipe
from hexcli.records import Problem
from hexcli.workers.crew import ALONE, RAY, Crew, resolve

Warn = Callable[[str], None]


def _silent(message: str) -> None:
    """A dry run loads nothing."""


def remote_code(model: str) -> str:
    """What is said before a checkpoint's own code may run."""
    return f"--trust-remote-code: if hex does not know the architecture of {model}, its Python code runs here"


def _nor(device: str) -> str:
    """What is to be said of a device beside a model that is not here: that it is not here either."""
    from hexcli.models.loading.loading import pick_device

    try:
        pick_device(device)
    except UsageError as error:
        return f"; and {error}"
    return ""


def planned(
    recipe: Recipe,
    device: str,
    problems: Sequence[Problem] | None,
    warn: Warn,
    *,
    trust_remote_code: bool,
    download: bool = True,
    note: Callable[[str], None] = _silent,
    crew: Crew = ALONE,
    dry: bool = False,
) -> tuple[str, Plan]:
    """The device it runs on, and the plan.

    `note` is told that the model is being loaded, before torch is (seconds), and once nothing that a user can get
    wrong is left but the device. `dry`: nothing will run, so the device may be a GPU of another machine.
    """
    from hexcli.models.cards import named_card
    from hexcli.models.options import read_options

    if trust_remote_code:
        warn(remote_code(recipe.model))
    found: list[str] = []

    def dtype() -> str:
        on_gpu = recipe.dtype == "float8" or crew.gpus is not None  # which is to be found out first
        if device == "auto" and not on_gpu:
            note(f"loading {recipe.model} ...")
        from hexcli.models.loading.loading import pick_dtype
        from hexcli.models.loading.placement import elsewhere

        away = dry and elsewhere(device) and (crew.engine != RAY or named_card(device) is not None)
        found.append(device if away else resolve(crew, device, read_options(recipe.options).device_map))
        kind = pick_dtype(recipe.dtype, found[0])
        if device != "auto" or on_gpu:
            note(f"loading {recipe.model} ...")
        return kind

    try:
        plan = plan_run(recipe, dtype=dtype, problems=problems, download=download, trust_remote_code=trust_remote_code)
    except NotDownloadedError as error:
        raise error if dry or device == "auto" else NotDownloadedError(f"{error}{_nor(device)}") from None
    for line in plan.notes:
        warn(line)
    return found[0], plan
