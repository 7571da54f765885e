"""Messages of the commands, said with Python's arguments."""

import pytest

import hexcli
from hexcli.errors import HexError
from hexcli.python.public import public
from hexcli.python.wording import in_python


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (
            "set --temperature (0.9 in the paper), or --remasking random",
            "set temperature (0.9 in the paper), or remasking='random'",
        ),
        ("it takes no --data; (--task gsm8k)", "it takes no data; (task='gsm8k')"),
        ("give its rows in a file: --data FILE", "give its rows in a file: data=FILE"),
        ("--sampler d3llm --entropy-threshold 0.5", "sampler='d3llm' entropy_threshold=0.5"),
        ("choose another -o", "choose another output"),
        ("-M device_map=auto over several GPUs", "model_args={'device_map': 'auto'} over several GPUs"),
        ("--trust-remote-code runs it", "trust_remote_code=True runs it"),
        ("say --until-decided", "say certainty=1"),
        ("`hex vote runs/a runs/b --together`", "`hexcli.vote('runs/a', 'runs/b', together=True)`"),
        ("make a run with 'hex decode'", "make a run with hexcli.decode(...)"),
        (
            "say which is which, e.g. --fields question=q,text=out",
            "say which is which, e.g. fields={'question': 'q', 'text': 'out'}",
        ),
        (
            "e.g. hex import --task gsm8k --gen-length 256 --block-length 32",
            "e.g. hexcli.import_(..., task='gsm8k', given={'gen_length': 256, 'block_length': 32})",
        ),
        ('e.g. hex decode --data "a b.csv:question=q1"', 'e.g. hexcli.decode(data="a b.csv:question=q1")'),
        ("`hex sweep runs/a` repairs it", "`hexcli.sweep('runs/a')` repairs it"),
        ("`hex sweep runs/a --until-decided` finishes it", "`hexcli.sweep('runs/a', certainty=1)` finishes it"),
        ("did you mean 'llada'? hex models lists all", "did you mean 'llada'? hexcli.models() lists all"),
        ("or see them with hex aggregators", "or see them with hexcli.aggregators()"),
        ("as hex tasks mine.csv says", "as hex tasks mine.csv says"),
        ("3 - 4 = -1, well-known, --", "3 - 4 = -1, well-known, --"),
    ],
)
def test_an_option_is_an_argument(theirs: str, ours: str) -> None:
    assert in_python(theirs) == ours
    assert in_python(ours) == ours, "what is said so already stays"


def test_an_error_comes_without_the_way_it_took_and_with_its_cause() -> None:
    @public
    def failing(why: str) -> None:
        raise HexError(f"{why}: --batch-size 1") from ZeroDivisionError("theirs")

    with pytest.raises(HexError, match=r"^memory: batch_size=1$") as raised:
        failing("memory")
    assert isinstance(raised.value.__cause__, ZeroDivisionError)
    assert len(raised.traceback) == 2, "the caller's line and one of ours"


def test_no_message_of_a_function_speaks_of_options() -> None:
    for call in (
        lambda: hexcli.decode(samples=3),
        lambda: hexcli.decode(data="rows.jsonl"),
        lambda: hexcli.decode(schedules=[]),
        lambda: hexcli.load("nowhere"),
    ):
        with pytest.raises(HexError) as raised:
            call()
        assert "--" not in str(raised.value) and "hex decode" not in str(raised.value)


def test_what_no_function_does_stays_the_command_that_does_it() -> None:
    copies = "in YAML (hex recipes --copy mine has one to change)"
    assert in_python(copies) == copies
    assert in_python("hex decode --data rows.jsonl:answer=x ... -o NEW, nothing is decoded twice") == (
        "hexcli.decode(data='rows.jsonl:answer=x', output=NEW), nothing is decoded twice"
    )
    assert in_python("no device 'x'; --dry-run also plans for h100") == "no device 'x'; hexcli.plan also plans for h100"
