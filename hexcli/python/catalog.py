"""What there is to choose from, in Python: models, tasks, aggregators, recipes."""

from hexcli.python.loading import plug_in, warn
from hexcli.python.public import public
from hexcli.python.table import Table


@public
def models() -> Table:
    """The models that have a short name, as `hex models`: their sizes, and whether they are on this machine."""
    from hexcli.plugins.offered import model_rows

    plug_in()
    return Table(model_rows(), shown=("name", "family", "parameters", "memory_bytes", "cached", "summary"))


@public
def tasks() -> Table:
    """The tasks, as `hex tasks`: how many problems each has, where they are from, in which wordings it asks."""
    from hexcli.plugins.offered import task_rows

    plug_in()
    return Table(task_rows(warn), shown=("name", "problems", "summary", "prompts"))


@public
def aggregators() -> Table:
    """The aggregators, as `hex aggregators`, and what each decides by."""
    from hexcli.plugins.offered import aggregator_rows

    plug_in()
    return Table(aggregator_rows(warn), shown=("name", "decides"))


@public
def recipes() -> Table:
    """The recipes and custom tasks that come with hex, as `hex recipes`: `sweep` takes the name of a recipe, `decode`
    the path of a task."""
    from hexcli.recipe.shipped import shipped

    return Table([one.to_dict() for one in shipped().values()], shown=("name", "kind", "about"))
