"""A table as papers take it: Markdown, or LaTeX (booktabs)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hexcli.report.terminal import visible

# Cells that are numbers, intervals and p-values, and nothing that Markdown could take for a mark; `<0.001` is no tag.
_NUMBERS = re.compile(r"[-+\d., %]*(?:\[[-+\d., ]*\])?|<0\.\d+")
_MARKS = "\\`*_|<>[]#"
_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", "\"": "''",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Rows under heads, the first column text and the others numbers, with what they are of, and what is to be known.

    sections  places of rows that a line stands above
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str
    sections: Sequence[int] = ()

    def markdown(self) -> str:
        """The table under a bold line, the note below."""
        lines = [
            [_escaped(head, "\\`*_|<>#") for head in self.heads],
            ["---", *["---:"] * (len(self.heads) - 1)],
            *([cell if _NUMBERS.fullmatch(cell) else _escaped(cell, _MARKS) for cell in row] for row in self.rows),
        ]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"**{_escaped(self.title, '*_`<>')}**\n\n{table}\n\n{self.note}\n"

    def latex(self) -> str:
        """A `table` environment, for `\\usepackage{booktabs}`."""
        lines = []
        for place, row in enumerate(self.rows):
            if place in self.sections:
                lines.append(r"\midrule")
            lines.append(
                " & ".join(_tex_number(cell) if _NUMBERS.fullmatch(cell) else _tex(cell) for cell in row) + r" \\"
            )
        return "\n".join(
            [
                r"% needs \usepackage{booktabs}",
                r"\begin{table}",
                r"\centering",
                rf"\caption{{{_tex(self.title)}. {_tex(self.note)}}}",
                rf"\label{{tab:{_label(self.title)}}}",
                rf"\begin{{tabular}}{{l{'r' * (len(self.heads) - 1)}}}",
                r"\toprule",
                " & ".join(map(_tex, self.heads)) + r" \\",
                r"\midrule",
                *lines,
                r"\bottomrule",
                r"\end{tabular}",
                r"\end{table}",
                "",
            ]
        )


def _escaped(text: str, special: str) -> str:
    return "".join(f"\\{char}" if char in special else char for char in visible(text))


def _label(title: str) -> str:
    """What a table is referred to by: the name that its title begins with, in letters that \\ref takes."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", title.partition(":")[0]).strip("-")


def _tex_number(text: str) -> str:
    """Numbers with signs of one width, and no hyphen for a minus: -5.0 [-30.0, +20.0]."""
    return re.sub(r"([-+])(?=\d)", r"$\1$", _tex(text))


def _tex(text: str) -> str:
    return "".join(_LATEX.get(char, char) for char in visible(text))
