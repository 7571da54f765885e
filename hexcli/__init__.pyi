from hexcli.python.comparing import compare as compare
from hexcli.python.counting import report as report
from hexcli.python.counting import score as score
from hexcli.python.counting import vote as vote
from hexcli.python.decoding import decode as decode
from hexcli.python.decoding import sweep as sweep
from hexcli.python.loading import join as join
from hexcli.python.loading import load as load
from hexcli.python.shelf import import_ as import_
from hexcli.python.shelf import plot as plot
from hexcli.python.shelf import runs as runs

__version__: str
