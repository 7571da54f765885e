"""Which problems of several runs are the same: by question, whatever ids the runs have given them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hexcli.errors import UsageError, plural
from hexcli.records import Generation, Problem
from hexcli.runs.parts import Part

Asked = tuple[str, tuple[str, ...]]  # the words of a question, and its options
_EXAMPLES = 3


def matched(parts: Sequence[Part]) -> tuple[list[Part], list[str]]:
    """The parts, problems of one question under one id, and what to say of it, a line for each part that has others.

    The id is that of the first part with the question. White space does not tell questions apart, options do. Raises
    UsageError where a question has two right answers, options in one part and none in another, or stands several times
    in a part, so that nobody can tell which is meant; and where one id is left of two questions.
    """
    met = _Met()
    found, notes = [], []
    for part in parts:
        own = {one.problem.id: one.problem for one in part.generations}
        ids = met.ids_of(part, own)
        met.take(part, own, ids)
        if ids:
            count = plural(len(ids), "problem")
            theirs, joint = next(iter(ids.items()))
            notes.append(f"matched by question: {count} of '{part.folder}' with other ids ({theirs} is {joint})")
        found.append(_renamed(part, ids))
    return found, notes


class _Met:
    """The problems of the parts so far, by the ids that they have together."""

    def __init__(self) -> None:
        self._by_id: dict[str, tuple[Problem, Part]] = {}
        self._ids: dict[Asked, list[str]] = {}
        self._options: dict[str, tuple[str, Part]] = {}  # a question -> one id of it, whatever its options

    def ids_of(self, part: Part, own: Mapping[str, Problem]) -> dict[str, str]:
        """What problems of a part are called together, of those that the part calls otherwise."""
        asked: dict[Asked, list[str]] = {}
        for problem in own.values():
            asked.setdefault(_asked(problem), []).append(problem.id)
        ids: dict[str, str] = {}
        for question, names in asked.items():
            known = self._ids.get(question, [])
            others = [name for name in names if name not in known]
            if not known and (options := self._options.get(question[0])):
                _refuse_other_options(part, own[names[0]], self._by_id[options[0]][0], options[1])
            if not (known and others):
                continue
            if len(names) > 1 or len(known) > 1:
                there = self._by_id[known[0]][1]
                raise _twice(*((names, part, there) if len(names) > 1 else (known, there, part)))
            ids[others[0]] = known[0]
        return ids

    def take(self, part: Part, own: Mapping[str, Problem], ids: Mapping[str, str]) -> None:
        """Remember the problems of a part. Raises UsageError where one of them is another here."""
        others = [name for name, problem in own.items() if self._is_other(ids.get(name, name), problem)]
        if others:
            there = self._by_id[ids.get(others[0], others[0])]
            raise UsageError(
                f"of {plural(len(own), 'problem')} of {part.folder}, {len(others)} "
                f"{'has' if len(others) == 1 else 'have'} another question, options or target in {there[1].folder} "
                f"({_some(others)}: {_differing(own[others[0]], there[0])}): they are not the same problems, and have "
                "no common vote"
            )
        for name, problem in own.items():
            joint = ids.get(name, name)
            known, where = self._by_id.get(joint, (problem, part))
            self._by_id[joint] = (known if known.target is not None else problem), where
            names = self._ids.setdefault(_asked(problem), [])
            if joint not in names:
                names.append(joint)
            self._options.setdefault(_asked(problem)[0], (joint, part))

    def _is_other(self, name: str, problem: Problem) -> bool:
        if name not in self._by_id:
            return False
        known = self._by_id[name][0]
        unlike = None not in (known.target, problem.target) and known.target != problem.target
        return unlike or _asked(known) != _asked(problem)


def _renamed(part: Part, ids: Mapping[str, str]) -> Part:
    if not ids:
        return part
    problems: dict[int, Problem] = {}

    def renamed(one: Generation) -> Generation:
        if one.problem.id not in ids:
            return one
        if (problem := problems.get(id(one.problem))) is None:
            problem = problems[id(one.problem)] = replace(one.problem, id=ids[one.problem.id])
        return replace(one, problem=problem)

    source = replace(part.source, ids=tuple(sorted(ids.items())))
    return replace(part, source=source, generations=tuple(map(renamed, part.generations)))


def _twice(names: Sequence[str], where: Part, other: Part) -> UsageError:
    return UsageError(
        f"'{where.folder}' asks one question {len(names)} times ({_some(names)}), and '{other.folder}' has it under "
        "another id: which is meant nobody can tell; leave repeated rows out of the data, and decode or import again"
    )


def lacking_targets(parts: Sequence[Part]) -> Iterator[str]:
    """What to say of parts whose problems take their right answers from others."""
    told = {one.problem.id for part in parts for one in part.generations if one.problem.target is not None}
    for part in parts:
        without = {one.problem.id for one in part.generations if one.problem.target is None} & told
        if without:
            yield f"right answers of {plural(len(without), 'problem')} of '{part.folder}' are those of the other runs"


def _refuse_other_options(part: Part, problem: Problem, known: Problem, where: Part) -> None:
    """Raises UsageError where a question has options in one part and none in another."""
    if bool(problem.choices) == bool(known.choices):
        return
    bare, full = (part, where) if known.choices else (where, part)
    raise UsageError(
        f"'{full.folder}' has options for a question that has none in '{bare.folder}' ({problem.id}): import that one "
        "again with --data FILE, rows of the task's dataset, which gives them"
    )


def _differing(one: Problem, other: Problem) -> str:
    """What differs, in words."""
    if _asked(one)[0] != _asked(other)[0]:
        return f"'{_short(one.question)}', '{_short(other.question)}' there"
    if one.choices != other.choices:
        return "other options"
    return f"target {one.target}, {other.target} there"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:37]}..."


def _asked(problem: Problem) -> Asked:
    return " ".join(problem.question.split()), problem.choices


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_EXAMPLES]) + (", ..." if len(names) > _EXAMPLES else "")
