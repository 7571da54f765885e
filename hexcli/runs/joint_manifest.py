"""The run.json of a joint run, from those of the runs that it is of."""

import hashlib
from collections.abc import Sequence
from typing import Any

from hexcli.runs.joining import Joined
from hexcli.runs.manifest import Manifest
from hexcli.runs.parts import Part
from hexcli.runs.shards import gaps


def joint_manifest(parts: Sequence[Part], joined: Joined, created: str) -> Manifest:
    """The manifest of these runs as one, without the name of its folder; `created` is ISO 8601 text."""
    first = parts[0].manifest
    asked = tuple({repr(one.to_dict()): one for part in parts for one in part.manifest.asked}.values())
    own = {id(part.manifest): part.manifest for part in parts}.values()
    left_out = list(gaps(asked))
    complete = all(map(_whole, own)) and not any(part.damaged for part in parts) and not left_out
    missing = sum(map(_missing, own)) + sum(gap.missing for gap in left_out)
    identities = list(dict.fromkeys(part.source.model_identity for part in parts))
    hardware = {repr(sorted(one.hardware.items())): one.hardware for one in own}
    hashed = hashlib.sha256("\n".join(sorted(identities)).encode()).hexdigest()
    return Manifest(
        name="",
        created=created,
        recipe={"together": [part.source.name for part in parts]},
        recipes=asked,
        task=first.task,
        task_version=first.task_version,
        definition=first.definition,
        model=" + ".join(dict.fromkeys(part.source.model for part in parts)),
        model_identity=identities[0] if len(identities) == 1 else f"joint:{hashed}",
        dtype=" + ".join(dict.fromkeys(part.source.dtype for part in parts)),
        hardware=next(iter(hardware.values())) if len(hardware) == 1 else {},
        data=first.data if len({one.data for one in own}) == 1 else "",
        prompts={name: said for one in own for name, said in one.prompts.items()},
        expected=len(joined.generations) + (0 if complete else missing),
        complete=complete,
        generations=len(joined.generations),
        until_decided=_until_decided(parts, joined),
        sources=tuple(part.source for part in parts),
    )


def _whole(manifest: Manifest) -> bool:
    """Whether all is there; of a joint run, whether all is there of each of its runs, be shards left out or not."""
    return all(one.complete for one in manifest.asked) if manifest.sources else manifest.complete


def _missing(manifest: Manifest) -> int:
    """How many generations it lacks, without those of shards that were left out of a joint run."""
    left_out = sum(gap.missing for gap in gaps(manifest.asked)) if manifest.sources else 0
    return max(manifest.expected - manifest.generations - manifest.not_needed - left_out, 0)


def _until_decided(parts: Sequence[Part], joined: Joined) -> dict[str, Any]:
    """What the sources left out on purpose. It decides the joint vote only where every problem is of one source."""
    own = list({id(part.manifest): part.manifest for part in parts}.values())
    left = sum(one.not_needed for one in own)
    problems = [{problem for problem, _ in names} for names in joined.members]
    disjoint = sum(map(len, problems)) == len(set().union(*problems))
    asked = [{name: value for name, value in one.until_decided.items() if name != "not_needed"} for one in own]
    alike = asked[0] if disjoint and all(one == asked[0] for one in asked) else {}
    return {**alike, **({"not_needed": left} if left else {})}
