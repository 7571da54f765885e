r"""One spelling for what can be typed in many: Unicode signs, doubled backslashes, dollars, commas inside numbers.

Characters only: no meaning is given here, and none taken away.
"""

import re

_SIGNS = {
    "−": "-", "–": "-", "—": "-", "≤": r"\leq ", "⩽": r"\leq ", "≥": r"\geq ", "⩾": r"\geq ", "≠": r"\neq ",
    "π": r"\pi ", "∞": r"\infty ", "∪": r"\cup ", "∩": r"\cap ", "∈": r"\in ", "∅": r"\emptyset ", "×": r"\times ",
    "·": r"\cdot ", "⋅": r"\cdot ", "∗": "*", "÷": r"\div ", "√": r"\rootof ", "∛": r"\rootof[3]", "⁄": "/",
    "∕": "/", "°": r"\degree ", "º": r"\degree ", "≈": r"\approx ", "±": r"\pm ", "∓": r"\mp ", "∠": r"\angle ",
    "θ": r"\theta ", "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma ", "λ": r"\lambda ", "μ": r"\mu ",
    "φ": r"\phi ", "ω": r"\omega ", "σ": r"\sigma ", "Δ": r"\Delta ", "ℝ": r"\mathbb{R}", "′": "'", "’": "'",
    "｜": "|", "∣": r"\mid ", "“": '"', "”": '"', "，": ", ", "（": "(", "）": ")", "：": ":", "；": ";",
    "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ", "≡": r"\equiv ", "\u2009": r"\,",
    "\u202f": r"\,", "¢": r"\text{ cents}", "£": r"\pounds ", "€": r"\euro ", "¥": r"\yen ", "₹": r"\rupee ",
}  # fmt: skip
_HALVES = {"½": "12", "⅓": "13", "⅔": "23", "¼": "14", "¾": "34", "⅕": "15", "⅖": "25", "⅗": "35", "⅘": "45",
           "⅙": "16", "⅚": "56", "⅛": "18", "⅜": "38", "⅝": "58", "⅞": "78"}  # fmt: skip
_PLAIN = str.maketrans(_SIGNS | {half: rf"\frac{{{over[0]}}}{{{over[1]}}}" for half, over in _HALVES.items()})
_UP, _DOWN = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "₀₁₂₃₄₅₆₇₈₉"
_RAISED = re.compile(f"[{_UP}]+")
_LOWERED = re.compile(f"[{_DOWN}]+")
_LEVEL = str.maketrans(_UP + _DOWN, "0123456789+-n" + "0123456789")
_DOUBLED = re.compile(r"\\\\(?=[a-zA-Z]{2,}|[()\[\]{}] ?|[%$,!;])")
_ENVIRONMENT = re.compile(r"(?<!\\)\\begin *\{")
_DRESS = re.compile(
    r"\\(?:left|right|middle|[bB]igg?[lmr]?)(?![a-zA-Z])\.?|\\(?:displaystyle|textstyle|limits|nolimits|phantom|vphantom)"
    r"(?![a-zA-Z])|\\(?:text)?color ?\{[a-zA-Z]{1,20}\}|(?<!\\)\\[()\[\]]"
)
_POWER = re.compile(r"(?<=[\w)}\]]) ?\*\* ?(?=[\w(\\{-])")
_JOINT = re.compile(r"(?<=[0-9]) ?(?:\{ ?, ?\}|, ?\\!) ?(?=[0-9]{3}(?![0-9]))|(?<=[0-9])\\[,!] ?(?=[0-9]{3}(?![0-9]))")
_GROUPS = re.compile(r"(?<![\w.,^_{(])[0-9]{1,3}(?: [0-9]{3})+(?![\w.^/])")
_NEGATIVE_SPACE = re.compile(r"\\!")
_MONEY = re.compile(r"\\\$|\\text ?\{ ?\\?\$ ?\}|\\(?:textdollar|dollar)(?![a-zA-Z])|\bUSD? ?(?=\\?[$0-9])\\?\$?")
_OVER = re.compile(r"\{([^{}]*)\\over(?![a-zA-Z])([^{}]*)\}")
_BASE = r"_ ?\{? ?(?:\(|\\text ?\{)? ?(?:1[1-6]|eleven|twelve|sixteen)"
_NUMERALS = re.compile(rf"([0-9]*)\\(?:text|mathrm|mbox) ?\{{ ?([0-9A-Fa-f]{{1,20}}) ?\}}(?= ?{_BASE})")
_IN_BASE = re.compile(
    r"(-?[0-9A-F]+(?:\.[0-9A-F]+)?) ?\(?(?:\\text ?\{)? ?\(?(?:in )?base[ -]?\}? ?\{?([0-9]{1,2})\}? ?\)? ?\}? ?\)?"
)
_MODULUS = r"\( ?(?:\\(?:text|mathrm|operatorname) ?\{ ?)?mod ?\}?(?:\\[ ,;])? ?([0-9]{1,9}|[a-z]) ?\}? ?\)"
_MOD = re.compile(rf"\\text ?\{{ ?{_MODULUS} ?\}}|{_MODULUS}")
_CHOOSE = re.compile(r"(?:^|\{ ?\} ?)[_^] ?(\{\w{1,4}\}|\w) ?C ?_ ?(\{\w{1,4}\}|\w)")
_DOTS = re.compile(r"\.\.\.+|…")
_END = " \t\n.,;:$"
COMMA = "\x01"  # inside a number, for certain
DOLLAR = "\x02"  # money, not math mode


def spelled(text: str) -> str:
    """The text in LaTeX's own characters, without what only arranges it; applied to its result it changes nothing."""
    text = text.translate(_PLAIN).replace(COMMA, "").replace(DOLLAR, "")
    text = _RAISED.sub(lambda match: "^{" + match[0].translate(_LEVEL) + "}", text)
    text = _LOWERED.sub(lambda match: "_{" + match[0].translate(_LEVEL) + "}", text)
    text = _DOTS.sub(r"\\ldots ", text)
    text = _POWER.sub("^", " ".join(text.split()))
    if r"\\begin" in text:
        text = text.replace("\\\\", "\\")
    elif not _ENVIRONMENT.search(text):
        text = _DOUBLED.sub("\\\\", text)
    text = _DRESS.sub(" ", text).replace("**", " ")
    text = _GROUPS.sub(lambda match: match[0].replace(" ", COMMA) if " 0" in match[0] else match[0], text)
    text = _NEGATIVE_SPACE.sub("", _JOINT.sub(COMMA, text))
    text = _OVER.sub(r"\\frac{\1}{\2}", _MONEY.sub(DOLLAR, text))
    if text.count("$") == 1 and re.search(r"\$ ?\.?[0-9]", text):
        text = text.replace("$", DOLLAR)
    text = text.replace("$", " ").strip().lstrip(",;:").rstrip(_END).strip()
    text = _MOD.sub(lambda match: rf"\pmod{{{match[1] or match[2]}}}", text)
    text = _CHOOSE.sub(lambda match: rf"\binom{{{match[1].strip('{}')}}}{{{match[2].strip('{}')}}}", text)
    text = _NUMERALS.sub(
        lambda match: (
            match[0] if match[1] + match[2] == match[2] and match[2].isalpha() else match[1] + match[2].upper()
        ),
        text,
    )
    if base := _IN_BASE.fullmatch(text):
        text = f"{base[1]}_{{{base[2]}}}"
    while text.endswith("\\") and not text.endswith("\\!"):
        text = text[:-1].rstrip(_END)
    return text
