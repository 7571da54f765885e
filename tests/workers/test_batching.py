"""The batch size that nobody chose."""

from hypothesis import given
from hypothesis import strategies as st

from hexcli.workers.batching import FIRST, FULL, MOST, AutoBatch


class Device:
    """Memory in use: weights, and so much a row."""

    def __init__(self, weights: int, row: int, total: int) -> None:
        self.weights, self.row, self.total, self.peak = weights, row, total, weights

    def decode(self, rows: int) -> None:
        self.peak = max(self.peak, self.weights + rows * self.row)
        if self.peak > self.total:
            raise MemoryError

    def memory(self) -> tuple[int, int, int]:
        return self.weights, self.peak, self.total


@given(weights=st.integers(0, 1000), row=st.integers(1, 50), first=st.sampled_from([1, 16, 64]))
def test_it_grows_to_what_fits_and_never_beyond(weights: int, row: int, first: int) -> None:
    device = Device(weights, row, 3000)
    batch = AutoBatch(first, device.memory)
    for _ in range(20):
        try:
            device.decode(batch.size)
        except MemoryError:
            device.peak = device.weights
            assert batch.size == first or batch.size < first, "growing alone never runs out of memory"
            if not batch.out_of_memory():
                return
            first = batch.size
            continue
        batch.after_step(batch.size)
    assert weights + batch.size * row <= 3000
    assert batch.size in (first, MOST) or weights + 2 * batch.size * row > FULL * 3000 or batch.size * 2 > MOST


def test_a_size_that_ran_out_of_memory_is_not_tried_again() -> None:
    batch = AutoBatch(64, lambda: (0, 1, 1000))
    assert batch.after_step(64) == 128
    assert batch.out_of_memory()
    assert [batch.after_step(64) for _ in range(3)] == [64, 64, 64]
    while batch.size > 1:
        assert batch.out_of_memory()
    assert not batch.out_of_memory()


def test_a_batch_that_is_not_full_tells_nothing() -> None:
    batch = AutoBatch(64, lambda: (0, 1, 1000))
    assert batch.after_step(63) == 64


def test_a_cpu_keeps_its_size() -> None:
    batch = AutoBatch.on("cpu", None)
    assert [batch.after_step(FIRST["cpu"]) for _ in range(3)] == [FIRST["cpu"]] * 3


def test_a_size_that_was_chosen_stays() -> None:
    batch = AutoBatch.on("cuda", 4)
    assert [batch.after_step(4) for _ in range(3)] == [4, 4, 4]
