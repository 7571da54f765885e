"""What a display sees of a batch while it is being decoded in this process."""

from hexcli.engine.plan import Plan
from hexcli.engine.todo import Todo
from hexcli.engine.watching import Watcher
from hexcli.records import Canvas
from hexcli.workers.hand import Hand


class Onlooker:
    """Shows canvases to a watcher that wants to see them."""

    def __init__(self, plan: Plan, todo: Todo, watcher: Watcher) -> None:
        self._plan = plan
        self._todo = todo
        self._watcher = watcher
        self._pieces: dict[int, str] = {}

    def look(self, hand: Hand) -> None:
        """Show the batch, where somebody looks."""
        if self._watcher.looks and hand.batch is not None:
            self._watcher.canvases(self._canvases(hand))

    def _canvases(self, hand: Hand) -> list[Canvas]:
        from hexcli.sampling.glance import glance

        assert hand.batch is not None
        keys = ((seen, hand.key(seen.row)) for seen in glance(hand.batch))
        return [
            Canvas(
                problem_id=(job := self._todo.by_key[key][0]).problem.id,
                schedule=seen.row.schedule,
                prompt_name=job.prompt_name,
                pieces=tuple(map(self._piece, seen.token_ids)),
                commit_step=tuple(seen.commit_step),
                confidence=tuple(seen.confidence),
            )
            for seen, key in keys
            if key is not None
        ]

    def _piece(self, token: int) -> str | None:
        if token == self._plan.mask_id:
            return None
        if token not in self._pieces:
            self._pieces[token] = self._plan.tokenizer.decode([token])
        return self._pieces[token]
