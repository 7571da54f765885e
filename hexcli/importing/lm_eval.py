"""`samples_*.jsonl` of lm-evaluation-harness (`--log_samples`), from tasks that generate text.

    {"doc_id": 0, "doc": {<the row of the dataset>}, "target": "...", "arguments": {"gen_args_0": {"arg_0": "<prompt>",
     "arg_1": {"until": [...], "temperature": 0.0}}}, "resps": [["<text>", ...]], "filtered_resps": ["18"],
     "filter": "strict-match", "metrics": ["exact_match"], "doc_hash": "...", "exact_match": 1.0}

A question's several responses (`repeats`) are samples with seeds 0, 1, ... A task with several filters has a row for
each: those are one generation. Logs that were put into one file are further samples. Question, options and target come
from `doc`, which must be a row of the task's dataset. The schedule is not in it, unless its generation arguments name
it; the temperature is 0 unless they do.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hexcli.importing.sample import STATED, Sample, without
from hexcli.json_file import json_line

Rows = Sequence[tuple[int, Any]]


def is_lm_eval(row: Any) -> bool:
    """Whether a row is of this format."""
    return isinstance(row, Mapping) and "resps" in row and "doc" in row


def samples(found: Iterable[tuple[int, Any]]) -> Iterator[Sample]:
    """The file's generations. Raises ValueError naming the row and what is wrong with it."""
    rows = list(found)
    for number, row in rows:
        if not is_lm_eval(row):
            raise ValueError(f"row {number}: no fields 'doc' and 'resps', which a row of lm-eval has")
    for number, row in _generations(rows):
        try:
            yield from _samples(number, row)
        except ValueError as error:
            raise ValueError(f"row {number}: {error}") from None


def _generations(rows: Rows) -> list[tuple[int, dict[str, Any]]]:
    """The rows, those of one generation under several filters made one: what the others add is in `filters`.

    Rows of one filter are never one, however alike: they are samples, as several logs in one file have them.
    """
    made: dict[bytes, list[tuple[int, dict[str, Any]]]] = {}
    seen: Counter[tuple[bytes, str]] = Counter()
    found = []
    for (number, row), name, filter_ in zip(rows, *_named(rows), strict=True):
        own, place = made.setdefault(name, []), seen[name, filter_]
        seen[name, filter_] += 1
        if place == len(own):
            own.append((number, dict(row)))
            found.append(own[place])
        else:
            first = own[place][1]
            first.setdefault("filters", []).append({k: v for k, v in row.items() if first.get(k) != v})
    return found


def _named(rows: Rows) -> tuple[list[bytes], list[str]]:
    """What was generated, and the filter, of each row.

    Logs before lm-eval 0.4.4 do not name their filters: they go through all documents once for each. Such a pass is
    another filter of the one before where it has the same responses all through and is not the same all through.
    """
    names = [json_line([row.get("doc_id"), row["doc"], row["resps"]]) for _, row in rows]
    filters = [json.dumps(row.get("filter")) for _, row in rows]
    passes: list[dict[bytes, int]] = []  # document -> place in rows
    times: Counter[bytes] = Counter()
    for place, (_, row) in enumerate(rows):
        if row.get("filter") is None:
            document = json_line([row.get("doc_id"), row["doc"]])
            if times[document] == len(passes):
                passes.append({})
            passes[times[document]][document] = place
            times[document] += 1
    first, view = 0, 0
    for number, own in enumerate(passes[1:], start=1):
        before = passes[first]
        alike = own.keys() == before.keys() and all(names[own[one]] == names[before[one]] for one in own)
        if alike and any(rows[own[one]][1] != rows[before[one]][1] for one in own):
            view += 1
        else:
            first, view = number, 0
        for place in own.values():
            filters[place] = f"unnamed {view}"
    for place in passes[0].values() if passes else ():
        filters[place] = "unnamed 0"
    return names, filters


def _samples(number: int, row: Mapping[str, Any]) -> Iterator[Sample]:
    doc, index = row["doc"], row.get("doc_id", number - 1)
    if not isinstance(doc, Mapping):
        raise ValueError(f"field 'doc' must be an object, not {doc!r:.60}")
    if not isinstance(index, int) or isinstance(index, bool) or index < 0:
        raise ValueError(f"field 'doc_id' must be a whole number, not {index!r:.60}")
    prompt, settings = _arguments(row.get("arguments"))
    for text in _texts(row["resps"]):
        yield Sample(
            row=number,
            question="",
            text=text,
            prompt=prompt,
            stated=settings,
            doc=(doc, index),
            rest=without(row, "resps"),
        )


def _texts(resps: Any) -> list[str]:
    """All responses, of all requests. Raises ValueError where they are no texts."""
    requests = resps if isinstance(resps, list) else [resps]
    texts = [text for request in requests for text in (request if isinstance(request, list) else [request])]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError("field 'resps' holds no generated texts (a task of log-likelihoods generates none)")
    return texts


def _arguments(arguments: Any) -> tuple[str, dict[str, Any]]:
    """Prompt and generation arguments: a list of lists until lm-eval 0.4.3, then an object of objects."""
    values = list(arguments.values()) if isinstance(arguments, Mapping) else arguments
    first = values[0] if isinstance(values, list) and values else []
    parts = list(first.values()) if isinstance(first, Mapping) else first
    if not isinstance(parts, list) or not parts or not isinstance(parts[0], str):
        return "", {}
    given = parts[1] if len(parts) > 1 and isinstance(parts[1], Mapping) else {}
    return parts[0], {name: given[name] for name in STATED if given.get(name) is not None}
