"""`hex models` and `hex tasks`: what there is to choose from."""

from hexcli.cli.options import outputs
from hexcli.cli.output import print_json, warn
from hexcli.errors import HexError


def models(as_json: outputs.Json = False) -> None:
    """List the models that have a short name. --model also takes a folder or a hub id.

    Memory is that of the weights in bfloat16; decoding takes some more, by batch size.
    """
    from hexcli.models.checkpoint.hub import is_cached
    from hexcli.models.registry import FAMILIES, MODELS
    from hexcli.plugins.registering import BUILT_IN, FAMILY_GROUP, REMASKING_GROUP, broken, where
    from hexcli.remasking import OFFERED

    rows = [
        {
            "name": name,
            "source": entry.source,
            "family": entry.family,
            "parameters": round(entry.parameters * 1e9),
            "memory_bytes": round(entry.memory),
            "mask_id": entry.mask_id,
            "block_length": entry.block_length,
            "gen_length": entry.gen_length,
            "licence": entry.licence,
            "cached": entry.source == "tiny" or is_cached(entry.source),
            "summary": entry.summary,
            "from": where(FAMILY_GROUP, entry.family),
        }
        for name, entry in MODELS.items()
    ]
    if as_json:
        print_json(rows)
        return
    print(
        f"{'name':<15} {'family':<11} {'size':>6} {'memory':>8} {'mask id':>7} {'block':>5} {'here':<4}  "
        "licence, source: what it is"
    )
    for entry, row in zip(MODELS.values(), rows, strict=True):
        size = f"{entry.parameters:.1f}B" if entry.parameters > 0.05 else f"{entry.parameters * 1e3:.1f}M"
        memory = f"{entry.memory / 2**30:.1f} GiB" if entry.parameters > 0.05 else f"{entry.memory / 2**20:.0f} MiB"
        print(
            f"{row['name']:<15} {entry.family:<11} {size:>6} {memory:>8} {entry.mask_id:>7} "
            f"{entry.block_length or 'any':>5} {'yes' if row['cached'] else 'no':<4}  "
            f"{entry.licence}, {entry.source}: {entry.summary}"
        )
    for name in FAMILIES:
        if (package := where(FAMILY_GROUP, name)) != BUILT_IN:
            print(f"family {name} from {package}")
            if (reason := broken(FAMILY_GROUP, name)) is not None:
                warn(reason)
    for name in OFFERED:
        print(f"remasking {name} from {where(REMASKING_GROUP, name)}")
        if (reason := broken(REMASKING_GROUP, name)) is not None:
            warn(reason)


def tasks(as_json: outputs.Json = False) -> None:
    """List the tasks. --task also takes the YAML file of a task of your own."""
    from hexcli.plugins.registering import BUILT_IN, TASK_GROUP, where
    from hexcli.tasks.registry import TASKS, get_task

    found = []
    for name in TASKS:
        try:
            found.append(get_task(name))
        except HexError as error:
            warn(str(error))
    if as_json:
        print_json(
            [
                {
                    "name": t.name,
                    "version": t.version,
                    "problems": t.size,
                    "source": t.source,
                    "summary": t.summary,
                    "from": where(TASK_GROUP, t.name),
                }
                for t in found
            ]
        )
        return
    for task in found:
        print(
            f"{task.name:<18} {task.size or '':>5}  {task.summary}  ({task.source})"
            + ("" if (package := where(TASK_GROUP, task.name)) == BUILT_IN else f"  from {package}")
        )


def aggregators(as_json: outputs.Json = False) -> None:
    """List the aggregators, with where they come from. -a also takes a function in a file of your own: mine.py:name."""
    from hexcli.plugins.registering import AGGREGATOR_GROUP, broken, where
    from hexcli.voting.aggregators import AGGREGATORS, SELF_VERIFIED

    rows = []
    for name in AGGREGATORS:
        if (reason := broken(AGGREGATOR_GROUP, name)) is not None:
            warn(reason)
        else:
            verified = name in SELF_VERIFIED
            rows.append({"name": name, "from": where(AGGREGATOR_GROUP, name), "self_verified": verified})
    if as_json:
        print_json(rows)
        return
    for row in rows:
        print(f"{row['name']:<22} {row['from']}" + ("  (self-verified)" if row["self_verified"] else ""))
