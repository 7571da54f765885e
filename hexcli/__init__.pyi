from hexcli import errors as errors
from hexcli.errors import ArgumentError as ArgumentError
from hexcli.errors import HexError as HexError
from hexcli.errors import NotDownloadedError as NotDownloadedError
from hexcli.errors import UsageError as UsageError
from hexcli.python.answers import majority as majority
from hexcli.python.catalog import aggregators as aggregators
from hexcli.python.catalog import models as models
from hexcli.python.catalog import recipes as recipes
from hexcli.python.catalog import tasks as tasks
from hexcli.python.comparing import compare as compare
from hexcli.python.counting import report as report
from hexcli.python.counting import score as score
from hexcli.python.counting import vote as vote
from hexcli.python.decoding import decode as decode
from hexcli.python.decoding import sweep as sweep
from hexcli.python.loading import join as join
from hexcli.python.loading import load as load
from hexcli.python.planning import plan as plan
from hexcli.python.planning import plan_sweep as plan_sweep
from hexcli.python.shelf import import_ as import_
from hexcli.python.shelf import plot as plot
from hexcli.python.shelf import runs as runs

__version__: str
