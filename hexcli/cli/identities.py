"""The models of a cache as people call them: rows carry identities, which are hashes and commits."""

from collections.abc import Collection

from hexcli.errors import HexError, UsageError, unknown


def short_name(identity: str) -> str | None:
    """The short name of the model that an identity is of, where it has one."""
    from hexcli.models.registry import MODELS

    hub_id = identity.partition("@")[0]
    named = (name for name, entry in MODELS.items() if entry.source == hub_id)
    embedded = (name for name, entry in MODELS.items() if entry.embedded and _bare(identity) == _identity(name))
    return next(named, None) or next(embedded, None)


def called(identity: str) -> str:
    """The identity in a line of text: its short name first, a hash shortened."""
    name, plain = short_name(identity), _bare(identity)
    rest = identity.removeprefix(plain)
    plain = f"{plain[:15]}..." if plain.startswith("sha256:") and len(plain) > 18 else plain
    return f"{name} ({plain}{rest})" if name else f"{plain}{rest}"


def identities_of(model: str, held: Collection[str]) -> set[str]:
    """The identities among `held` that a user means by a short name, hub id, folder, or the beginning of an identity.

    All variants of the model are meant: its commits, adapters and options. Raises UsageError where there are none.
    """
    from hexcli.models.checkpoint.checkpoint import local_folder
    from hexcli.models.registry import MODELS

    entry = MODELS.get(model)
    hub_id = entry.source if entry else model
    found = {one for one in held if one == model or one.startswith(f"{hub_id}@") or _bare(one).startswith(f"{model}@")}
    if len(model) > len("sha256:") and not found:
        found = {one for one in held if one.startswith(model)}
    if not found and ((entry and entry.embedded) or local_folder(model) is not None):
        identity = _identity(model)
        found = {one for one in held if _bare(one) == identity}
    if found:
        return found
    if not held:
        raise UsageError(f"the cache holds no generations of {model}: it is empty")
    names = sorted({short_name(one) or called(one) for one in held})
    if entry or local_folder(model) is not None:
        raise UsageError(f"the cache holds no generations of {model}: it has {', '.join(names)}")
    raise unknown("model", model, names)


def _bare(identity: str) -> str:
    """Without what options of loading add to it."""
    return identity.partition("+")[0]


def _identity(model: str) -> str | None:
    from hexcli.models.checkpoint.checkpoint import find_checkpoint

    try:
        return find_checkpoint(model, download=False).identity
    except HexError:
        return None
