"""`hex models` and `hex tasks`: what there is to choose from."""

from hexcli.cli import options


def models(as_json: options.Json = False) -> None:
    """List the models that have a short name. --model also takes a folder or a hub id."""
    from hexcli.models import MODELS

    rows = [
        {"name": name, "source": entry.source, "gen_length": entry.gen_length, "summary": entry.summary}
        for name, entry in MODELS.items()
    ]
    if as_json:
        options.print_json(rows)
        return
    for row in rows:
        print(f"{row['name']:<12} {row['source']:<28} {row['summary']}")


def tasks(as_json: options.Json = False) -> None:
    """List the tasks. --task also takes the YAML file of a task of your own."""
    from hexcli.tasks import TASKS, get_task

    found = [get_task(name) for name in TASKS]
    if as_json:
        options.print_json(
            [
                {
                    "name": t.name,
                    "version": t.version,
                    "problems": t.size,
                    "source": t.source,
                    "summary": t.summary,
                }
                for t in found
            ]
        )
        return
    for task in found:
        print(f"{task.name:<18} {task.size or '':>5}  {task.summary}  ({task.source})")
