"""What a text would have been after each step, had every masked token been what the model held for likeliest then.

A draft is kept as an edit of the one before it, and only where it differs: most steps change a few words.
"""

from collections.abc import Iterable, Iterator, Sequence

from hexcli.records import Draft, Response


def drafts_of(texts: Iterable[tuple[int, str]]) -> tuple[Draft, ...]:
    """The drafts of a text that was so from these steps on."""
    found: list[Draft] = []
    before = ""
    for step, text in texts:
        if found and text == before:
            continue
        keep = _alike(before, text)
        back = _alike(before[keep:][::-1], text[keep:][::-1])
        found.append(Draft(step=step, keep=keep, back=back, text=text[keep : len(text) - back]))
        before = text
    return tuple(found)


def texts_of(drafts: Sequence[Draft]) -> Iterator[tuple[int, str]]:
    """The steps from which on the text was another, and what it was."""
    text = ""
    for draft in drafts:
        text = text[: draft.keep] + draft.text + (text[len(text) - draft.back :] if draft.back else "")
        yield draft.step, text


def held(response: Response, steps: int) -> list[tuple[str, int, int]]:
    """Each text with the first step that it was the draft at, and the first that it was not, of `steps` in all.

    The last one holds to the end: where decoding stopped with the text, the steps that were left had changed nothing.
    """
    texts = list(texts_of(response.drafts or ()))
    ends = [step for step, _ in texts[1:]] + [max(steps, *(step + 1 for step, _ in texts))] if texts else []
    return [(text, start, end) for (start, text), end in zip(texts, ends, strict=True)]


def _alike(one: str, other: str) -> int:
    """How many characters they begin with in common."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
