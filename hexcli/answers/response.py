"""The part of a text that is the reply: up to where its turn ends, or where a base model runs on to another question.

Everything runs in linear time, on any text.
"""

import re
from functools import lru_cache

# End of turn or of text in the vocabularies of LLaDA (1 and 2), Qwen/Dream, Llama, Gemma, DeepSeek and gpt-oss, and
# what opens another turn.
_END = re.compile(
    r"<\|(?:eot_id|eom_id|endoftext|end_of_text|im_end|im_start|start_header_id|end|return|role_end)\|>"
    r"|<end_of_turn>|<start_of_turn>|</s>|<eos>|<\uff5cend\u2581of\u2581sentence\uff5c>"
)
_NUMBER = r"(?: ?#?[0-9]{1,4})?"
_DRESS = r"[ \t>#*_]{0,8}"
# A new question: at the start of a line, or, with its colon, behind the end of a sentence.
_NEXT = re.compile(
    rf"^{_DRESS}(?:(?:(?:New |Next |Another )?(?:Question|Problem|Exercise)|QUESTION|PROBLEM|Q){_NUMBER}[*_]{{0,3}}:"
    rf"|(?:Question|Problem|Exercise) ?#?[0-9]{{1,4}}\.|(?:Human|User|Instruction)[*_]{{0,3}}:)"
    r"|(?:(?<=[.!?})\]0-9])|(?<=[.!?})\]0-9]\*\*))[ \t]+(?:\*\*)?(?:Question|Problem|Q)(?: ?#?[0-9]{1,4})?:",
    re.MULTILINE,
)
# One of these is in whatever _NEXT matches: most texts have none, and need no regular expression.
_ASKING = ("Question", "Problem", "Exercise", "QUESTION", "PROBLEM", "Q", "Human", "User", "Instruction")
_LEAD_IN = 200  # characters: longer ones are more than the words that lead up to a question
_TALK = re.compile(r"\b(?:restat|rewrit|rephras|solv|question|problem|step by step|let's|let us)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z]{1,12}>")


@lru_cache(maxsize=8)  # all that looks at one reply asks for it
def response_text(text: str) -> str:
    """The reply: up to the first end-of-turn or end-of-text token, and to a new `Question:`, `Problem:` or `Q:`.

    A reply that only restates its question before it answers is not cut there.
    """
    end = _END.search(text)
    text = text[: end.start()] if end else text
    if not any(word in text for word in _ASKING):
        return text
    for match in _NEXT.finditer(text):
        if not _leads_in(text[max(0, match.start() - _LEAD_IN - 1) : match.start()]):
            return text[: match.start()]
    return text


def _leads_in(before: str) -> bool:
    """Whether nothing has been answered yet: a few words without a number that announce the question."""
    words = _TAG.sub(" ", before).strip()
    if len(before) > _LEAD_IN:
        return False
    return not any(map(str.isalnum, words)) or (_TALK.search(words) is not None and not any(map(str.isdigit, words)))
