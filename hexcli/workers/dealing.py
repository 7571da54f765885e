"""Which worker is given which rows."""

from collections.abc import Callable, Sequence

from hexcli.workers.events import Task
from hexcli.workers.messages import rows_message
from hexcli.workers.place import Place

FAR = 3  # batches that everybody still has to do: the end is not near


class Dealer:
    """Gives every worker its batch and the next one, so that it never waits, but at most its share of what is left.

    On a CPU rows of one prompt go to one worker where they can: they share passes there. Rows dealt out four at a time,
    as they come to an end, made two workers compute 15 % more tokens than one process (8 problems of `sums`, 15 votes).
    """

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        self._last: tuple[Place | None, Sequence[int]] = None, ()

    def deal(self, take: Callable[[], Task | None], left: Callable[[], int]) -> None:
        """Give out what `take` gives to whoever has room; `left` = tasks not done yet."""
        given: dict[int, list[Task]] = {}
        for place in sorted(self._places, key=lambda place: len(place.held)):
            if place.state != "ready" or place.link is None:
                continue
            most = self._most(place, left())
            if len(place.held) >= most or place.size <= len(place.held) > most - max(place.size // 4, 1):
                continue
            while len(place.held) < most and (task := take()) is not None:
                to = self._beside(task, left()) or place
                to.held[task.key] = task
                given.setdefault(to.number, []).append(task)
                self._last = to, task.row.prompt_ids
        for place in self._places:
            if place.number in given and place.link is not None:
                place.link.send(rows_message(given[place.number]))

    def _most(self, place: Place, left: int) -> int:
        share = -(-left // sum(one.state != "gone" for one in self._places))
        return min(2 * place.size, max(share, 1))

    def _beside(self, task: Task, left: int) -> Place | None:
        """Who was given the row before, of the same prompt, and has room: for a batch more, unless the end is near."""
        place, prompt_ids = self._last
        if place is None or place.state != "ready" or place.seat.device != "cpu" or prompt_ids != task.row.prompt_ids:
            return None
        more = place.size if left >= FAR * sum(one.size for one in self._places) else 0
        return place if len(place.held) < self._most(place, left) + more else None
