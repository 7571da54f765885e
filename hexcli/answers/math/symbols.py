r"""Names that are more than letters: functions, Greek letters, and the commands that read something behind them."""

_FUNCTIONS = (
    "sin cos tan cot sec csc arcsin arccos arctan arccot sinh cosh tanh ln log lg exp sqrt cbrt gcd lcm max min det "
    "deg dim arg sgn floor ceil abs"
)
_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell hbar infty"
)
_DECORATED = (
    r"\angle \triangle \overline \overrightarrow \overleftrightarrow \vec \hat \widehat \bar \tilde \widetilde \dot"
    r" \odot \measuredangle \mathcal \mathscr \mathfrak \bigtriangleup \parallelogram \arc \overarc \wideparen"
)
_PLAIN = r"\mathbf \boldsymbol \bm \underline \mathbb \textbf \ensuremath \pmb"
_BIG = r"\sum \prod \int \iint \oint \lim \bigcup \bigcap"
_OPENING = r"( { | \| \lfloor \lceil \frac \sqrt \rootof \binom \begin \langle \emptyset \reals"

FUNCTIONS = frozenset(_FUNCTIONS.split())
GREEK = frozenset(_GREEK.split())
DECORATED = frozenset(_DECORATED.split())  # a name with what is behind it
PLAIN = frozenset(_PLAIN.split())  # styles
BIG = frozenset(_BIG.split())
OPENING = frozenset(_OPENING.split())  # what a factor may begin with
APPLIED = "ABCDEFGHKLMNPQRSTUVWpq"  # before a name or a number in parentheses; f, g, h before anything
INVERSE = {"sin": "arcsin", "cos": "arccos", "tan": "arctan", "cot": "arccot"}
ALIASES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "cosec": "csc", "tg": "tan", "ctg": "cot",
           "arctg": "arctan", "sign": "sgn", "ceiling": "ceil"}  # fmt: skip
