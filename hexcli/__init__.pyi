from hexcli.python.counting import report as report
from hexcli.python.counting import score as score
from hexcli.python.counting import vote as vote
from hexcli.python.decoding import decode as decode
from hexcli.python.decoding import sweep as sweep
from hexcli.python.loading import join as join
from hexcli.python.loading import load as load

__version__: str
