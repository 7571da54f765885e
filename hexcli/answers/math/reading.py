r"""An answer's text -> its tree, or none: all of the text is read, or nothing of it counts."""

import re
from functools import lru_cache

from hexcli.answers.math.brackets import Brackets
from hexcli.answers.math.reader import DEEPEST
from hexcli.answers.math.spelling import spelled
from hexcli.answers.math.tokens import Token, tokens
from hexcli.answers.math.tree import Clock, Listing, Name, Node, Quantity, Ratio, Relation, SetJoin, Text
from hexcli.answers.math.words import JOINING, SCALES, spelled_number

LONGEST = 2000  # characters; nothing longer is an answer
_RELATIONS = ("=", "<", ">", r"\leq", r"\geq", r"\neq", r"\approx", r"\in", r"\equiv")
_LEADING = re.compile(
    r"^(?: |=|\\(?:therefore|Rightarrow|implies|approx|quad)(?![a-zA-Z])|[~≈]"
    r"|(?:\\text ?\{ ?)?(?:[Tt]he )?(?:[Ff]inal |[Cc]orrect )?[Aa]nswer(?: is)?:? ?\}?(?=[^a-zA-Z]))+"
)
_CLOCK = re.compile(
    r"([0-9]{1,2})(?: ?: ?([0-9]{2}))?(?: ?: ?([0-9]{2}))?(?: ?(?:([ap])\.? ?m\b\.?|(o'clock)|"
    r"(?:in the )?(morning|afternoon|evening)|at (night)))?",
    re.IGNORECASE,
)
_FLAT = re.compile(r"\\(?:text(?:normal|rm|bf|it)?|mbox|mathrm|operatorname) ?\{|[{}]|\\[ ,;:]")
_SHORT = ("no", "or", "if")


def read(text: str) -> Node | None:
    """The tree of an answer; None where a part of it is no mathematics that is known here."""
    return _read(text, True)


def readings(text: str) -> tuple[Node, ...]:
    """The trees that an answer may mean: two where `1,100` may be a number or a list, none where there is no tree."""
    first, second = _read(text, True), _read(text, False)
    return tuple(tree for tree in dict.fromkeys((first, second)) if tree is not None)


def why_not(text: str) -> str:
    """What keeps a text from being read; empty where nothing does."""
    try:
        _parse(text, True)
    except (ValueError, RecursionError) as error:
        return str(error)
    return ""


@lru_cache(maxsize=1 << 14)  # votes are compared in pairs
def _read(text: str, thousands: bool) -> Node | None:
    try:
        return _parse(text, thousands)
    except (ValueError, RecursionError):
        return None


def _parse(text: str, thousands: bool) -> Node:
    if len(text) > LONGEST:
        raise ValueError(f"an answer has at most {LONGEST} characters")
    text = _LEADING.sub("", spelled(text))
    if not text:
        raise ValueError("nothing to read")
    flat = " ".join(_FLAT.sub(" ", text).split())
    if (clock := _clock(flat)) is not None:
        return clock
    found = _numbered(tokens(text, thousands))
    if (words := _prose(found)) is not None:
        return words
    tree = Answers(found).answer()
    if _deeper(tree, DEEPEST):
        raise ValueError("too many things in things")
    return tree


def _numbered(found: list[Token]) -> list[Token]:
    """With numerals for numbers in words that begin an answer: `seven`, `two dozen`, `twenty-five apples`."""
    changed: list[Token] = []
    at = 0
    while at < len(found):
        words = [token.text for token in found[at : at + 2] if token.kind in ("word", "letters")]
        begins = not changed or changed[-1].text in (",", *JOINING)
        number, taken = spelled_number(words) if begins and found[at].kind in ("word", "letters") else (0, 0)
        changed.append(Token("number", str(number), found[at].spaced) if taken else found[at])
        at += taken or 1
    return changed


def _deeper(node: Node, depth: int) -> bool:
    return depth < 0 or any(_deeper(part, depth - 1) for part in node.parts())


def _clock(flat: str) -> Clock | None:
    named = {"noon": Clock(12, 0, 0, "p.m."), "midnight": Clock(12, 0, 0, "a.m.")}.get(flat.lower())
    match = _CLOCK.fullmatch(flat.replace(" :", ":"))
    if named or not match or not any(match.groups()[1:]):
        return named
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if hour > 24 or minute > 59 or second > 59:
        return None
    half = f"{match[4].lower()}.m." if match[4] else ""
    if match[6] or match[7]:
        half = "a.m." if (match[6] or "").lower() == "morning" else "p.m."
    if hour > 12:
        hour, half = hour - 12, half or "p.m."
    return Clock(hour, minute, second, half)


def _prose(found: list[Token]) -> Node | None:
    """Words and nothing else; joined by `and` or `or` they are a list."""
    plain = [token for token in found[:-1] if token.kind in ("word", "letters")]
    if not plain or any(token.kind != "end" and token not in plain and token.text not in ",.'-" for token in found):
        return None
    runs = [token.text for token in plain]
    if runs[0].lower() in SCALES or (len(runs) == 1 and len(runs[0]) == 1):
        return None
    if len(runs) == 1 and runs[0].isupper():
        pass  # of a figure: AB
    elif plain[0].kind == "letters" and all(len(run) < 3 and run.lower() not in _SHORT for run in runs):
        return None  # products: ab, x y
    items: list[list[str]] = [[]]
    join = ","
    for token in found[:-1]:
        if token.text in JOINING or token.text == ",":
            join = token.text if token.text in JOINING else join
            items.append([])
        elif token in plain:
            items[-1].append(_cased(token.text))
    texts = [
        Name(words[0]) if len(items) > 1 and len(" ".join(words)) == 1 else Text(" ".join(words))  # a, b, and c
        for words in items
        if words
    ]
    if not texts:
        return None  # `and` alone
    return texts[0] if len(texts) == 1 else Listing(tuple(texts), join)


def _cased(word: str) -> str:
    return word if len(word) < 3 and word.isupper() else word.casefold()


class Answers(Brackets):
    """Reads a whole answer: lists of relations between sets of quantities."""

    def answer(self) -> Node:
        """All there is."""
        items, join = [self.item()], ","
        while self.next.kind != "end":
            separators = self.separators()
            if not separators and not self._beside(items[-1]):
                self.fail("something is left over")
            for word in separators:
                join = word if word in JOINING and join != "or" else join
            if self.next.kind == "end":
                break
            items.append(self.item())
        return items[0] if len(items) == 1 else Listing(tuple(items), join)

    def _beside(self, before: Node) -> bool:
        """Whether a number comes that stands beside another, or beside a quantity: `10 20`, `1 hour 30 minutes`."""
        number = self.next.kind == "number" and self.next.spaced
        return number and (self.behind(-1).kind == "number" or (isinstance(before, Quantity) and not before.note))

    def item(self) -> Node:
        sides, signs = [self._side()], []
        while self.sees(*_RELATIONS):
            sign = self.take().text
            if sign in ("<", ">") and self.accept("="):
                sign = {"<": r"\leq", ">": r"\geq"}[sign]
            signs.append(sign)
            sides.append(self._side())
        if signs:
            return Relation(tuple(sides), tuple(signs))
        return sides[0]

    def _side(self) -> Node:
        label = self._label()
        if label is not None:
            return label
        sets, sign = [self._ratio()], ""
        while self.sees(r"\cup", r"\cap", r"\setminus") or self._typed_union():
            found = self.take().text
            found = r"\cup" if found == "U" else found
            if sign and found != sign:
                sets, sign = [SetJoin(sign, tuple(sets))], found
            sign = found
            sets.append(self._ratio())
        return SetJoin(sign, tuple(sets)) if sign else sets[0]

    def _typed_union(self) -> bool:
        return self.next.kind == "letters" and self.next.text == "U" and self.behind().text in ("(", "[", "{", r"\{")

    def _label(self) -> Node | None:
        """Words in front of an equals sign: a name for what is behind it."""
        start = self.at
        words: list[str] = []
        while self.next.kind in ("word", "letters") and (len(self.next.text) > 1 or words or self.next.kind == "word"):
            words.append(self.take().text)
        long = any(len(word) > 3 for word in words) or self.behind(-1).kind == "word"
        if words and long and self.sees("_"):
            while not self.sees("=", ":") and self.next.kind != "end":
                words.append(self.take().text)
        if words and long:
            words += self._of()
        if words and long and (self.sees("=", r"\approx") or (self.accept(":") and self.next.kind != "end")):
            if not self.sees("=", r"\approx"):
                self.at -= 1
                self._tokens[self.at] = Token("symbol", "=", False)
            return Text(" ".join(words).casefold())
        self.at = start
        return None

    def _of(self) -> list[str]:
        r"""Of what words in front of an equals sign are said: `(8,9)`, `(ABC)`, `\triangle ABC`."""
        words: list[str] = []
        if self.sees("(", r"\triangle", r"\angle"):
            words.append(self.take().text)
        while words and (self.next.kind == "number" or self.next.text.isupper() or self.sees(",")):
            words.append(self.take().text)
        if words[:1] == ["("]:
            words.append(self.accept(")"))
        return words

    def _ratio(self) -> Node:
        items = [self.quantity()]
        while self.sees(":") and self.bars == 0 and self.behind().kind != "end":
            self.take()
            items.append(self.quantity())
        return items[0] if len(items) == 1 else Ratio(tuple(items))
