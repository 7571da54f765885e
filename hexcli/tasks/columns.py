"""What the columns of somebody's own rows are, by what they are called."""

import re
from collections.abc import Sequence
from typing import Any

from hexcli.answers.grading import LETTERS
from hexcli.errors import UsageError

# Names of each role, the surest first: the first tier that a file has a column of decides.
NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "question": (
        (
            "question",
            "questions",
            "problem",
            "query",
            "q",
            "frage",
            "aufgabe",
            "pregunta",
            "question_text",
            "fragen",
            "problème",
            "probleme",
            "problema",
        ),
        (
            "prompt",
            "instruction",
            "input",
            "text",
            "task",
            "exercise",
            "aufgabentext",
            "prompts",
            "énoncé",
            "enonce",
            "enunciado",
        ),
    ),
    "answer": (
        (
            *("answer", "answers", "target", "gold", "correct_answer", "right_answer", "ground_truth", "expected"),
            *("expected_answer", "gold_answer", "reference_answer", "answer_key", "answerkey", "antwort", "respuesta"),
            *("richtige_antwort", "réponse", "reponse", "bonne_réponse", "bonne_reponse", "respuesta_correcta"),
        ),
        (
            *("label", "solution", "correct", "final_answer", "reference", "result", "key", "lösung", "loesung"),
            *("ergebnis", "richtig", "résultat", "resultat", "solución", "solucion", "correcta", "resultado"),
        ),
        ("output", "response", "completion"),
    ),
    "choices": (("choices", "options", "endings", "alternatives", "antworten", "optionen", "opciones", "choix"),),
    "id": (("id", "uid", "qid", "question_id", "problem_id", "unique_id", "custom_id"),),
    "category": (
        (
            "category",
            "subject",
            "topic",
            "kategorie",
            "thema",
            "domain",
            "catégorie",
            "categorie",
            "categoría",
            "categoria",
        ),
    ),
}
_OPTION = re.compile(r"(?:(?:option|choice|answer|opt|antwort)_?)?([a-j]|\d)")  # a column for each option


def plain(name: str) -> str:
    """A name without case, spaces and signs: `Correct Answer` is correct_answer."""
    return re.sub(r"[\W_]+", "_", name.strip().casefold()).strip("_")


def called(role: str, columns: Sequence[str]) -> list[str]:
    """The columns that are called as a role is, of the surest tier that any is in."""
    for tier in NAMES[role]:
        if found := [name for name in columns if plain(name) in tier]:
            return found
    return []


def option_columns(columns: Sequence[str]) -> list[str]:
    """The columns that hold an option each, in their order: A, B, C, or option_1, option_2; empty without such."""
    found = [(match[1], name) for name in columns if (match := _OPTION.fullmatch(plain(name)))]
    marks, names = [mark for mark, _ in found], [name for _, name in found]
    count = len(marks)
    ranges = (LETTERS[:count].lower(), "".join(map(str, range(1, count + 1))), "".join(map(str, range(count))))
    return names if count > 1 and "".join(marks) in ranges else []


def roles(columns: Sequence[str], said: dict[str, str]) -> dict[str, Any]:
    """Role -> column, as `said` and else by their names; of options in columns of their own, all of these.

    Raises UsageError where what is said is no column, and ValueError where names do not tell: the reason.
    """
    found: dict[str, Any] = {}
    for role, name in said.items():
        if name != "none":
            found[role] = _said(role, name, columns)
    options = option_columns(columns)
    taken = {name for value in found.values() for name in ([value] if isinstance(value, str) else value)}
    free = [name for name in columns if name not in taken and name not in options]
    for role in NAMES:
        if role in said:
            continue
        named = called(role, [name for name in free if name not in found.values()])
        if len(named) > 1 and role in ("question", "answer"):
            raise ValueError(f"several of its columns may be the {role}: {', '.join(named)}")
        if named:
            found[role] = named[0]
    if "question" not in found:
        raise ValueError(f"none of its columns is called like a question: {', '.join(columns)}")
    if options and "choices" not in said and "choices" not in found:
        found["choices"] = options
    return found


def _said(role: str, name: str, columns: Sequence[str]) -> str | list[str]:
    names = name.split("+") if role == "choices" and name not in columns else [name]
    for one in names:
        if one not in columns:
            raise UsageError(f"{role}={one} is none of its columns: {', '.join(columns)}")
    return names if len(names) > 1 else name
