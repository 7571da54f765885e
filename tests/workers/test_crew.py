"""Which workers sit where."""

import pytest
import torch

from hexcli.errors import UsageError
from hexcli.workers.crew import ALONE, RAY, Crew, check_count, device_list, seats_here


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)


def test_one_process_on_one_device_is_no_crew() -> None:
    assert ALONE.alone and Crew(count=1).alone
    assert not any(one.alone for one in (Crew(count=2), Crew(devices=("a", "b")), Crew(engine=RAY), Crew(gpus=2)))


def test_workers_share_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hexcli.workers.crew.cores", lambda: 7)
    assert [seat.threads for seat in seats_here(Crew(count=3), "cpu", None)] == [2, 2, 2]
    assert [seat.threads for seat in seats_here(Crew(count=9), "cpu", None)] == [1] * 9
    assert [seat.threads for seat in seats_here(Crew(devices=("cuda:0", "cuda:1")), "cuda:0", None)] == [3, 3]


def test_named_devices_are_taken_in_turn() -> None:
    seats = seats_here(Crew(count=3, devices=("cuda:0", "cuda:1")), "cuda:0", None)
    assert [seat.device for seat in seats] == ["cuda:0", "cuda:1", "cuda:0"]


@pytest.mark.usefixtures("gpus")
def test_each_worker_gets_a_gpu_or_an_equal_part_of_them() -> None:
    assert [seat.device for seat in seats_here(Crew(count=2), "cuda", None)] == ["cuda:0", "cuda:1"]
    parts = seats_here(Crew(count=2), "cuda", "auto")
    assert [(seat.device, seat.device_map) for seat in parts] == [
        ("cuda:0", "cuda:0,cuda:1"),
        ("cuda:2", "cuda:2,cuda:3"),
    ]
    assert [seat.device_map for seat in seats_here(Crew(gpus=2), "cuda", None)] == ["cuda:0,cuda:1", "cuda:2,cuda:3"]


@pytest.mark.usefixtures("gpus")
@pytest.mark.parametrize(
    ("crew", "device", "device_map", "said"),
    [
        (Crew(count=5), "cuda", None, "there are 4 here: use --workers 4"),
        (Crew(count=2, gpus=3), "cuda", None, "use --workers 1"),
        (Crew(count=2), "cuda", "cuda:0,cuda:1", "names the GPUs of one worker"),
        (Crew(gpus=2), "cpu", None, "the device is cpu"),
    ],
)
def test_too_much_is_refused(crew: Crew, device: str, device_map: str | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        seats_here(crew, device, device_map)


def test_lists_of_devices() -> None:
    assert device_list("cuda:0, cuda:1") == ("cuda:0", "cuda:1")
    assert device_list("4090") == ("4090",) and device_list("4090,4090") == ("4090", "4090")
    for wrong in ("cuda:0,", "cpu,cuda:0", "0", "4060", "cuda:4060", "4090,0"):
        with pytest.raises(UsageError, match="--device"):
            device_list(wrong)
    for count in (0, -1, 1025):
        with pytest.raises(UsageError, match="--workers must be 1 to 1024"):
            check_count(count, ())
    with pytest.raises(UsageError, match="leaves devices of"):
        check_count(1, ("cuda:0", "cuda:1"))
