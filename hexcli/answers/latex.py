r"""The form in which an answer is kept and shown: its tree in LaTeX, so that `\dfrac12` and `1/2` are `\frac{1}{2}`.

Notation only: nothing is worked out and nothing left out, not even a unit. What cannot be read whole stays as it is.
"""

from functools import lru_cache

from hexcli.answers.math.printing import printed
from hexcli.answers.math.reading import LONGEST, read
from hexcli.answers.math.spelling import spelled
from hexcli.answers.math.tokens import tokens


@lru_cache(maxsize=1 << 14)
def latex(text: str) -> str:
    r"""The normal form of an answer; applied to its own result it changes nothing.

    `$\dfrac12$.` is `\frac{1}{2}`, `\left( 3, .5 \right)` is `(3,0.5)`, `1,\!000` and `1,000` are `1000`.
    """
    plainly = " ".join(text.split())
    if len(plainly) > LONGEST:
        return plainly
    tree = read(text)
    if tree is None:
        return plainly
    found = printed(tree)
    return found if read(found) == tree else plainly


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    """What answers are compared by that cannot be read: their tokens, whatever the spelling and the spaces."""
    if len(text) > LONGEST:
        return "".join(text.split())
    text = spelled(text)
    try:
        return " ".join(token.text for token in tokens(text, True)).strip()
    except ValueError:
        return "".join(text.split())
