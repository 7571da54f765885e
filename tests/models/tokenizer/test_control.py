"""Control tokens in a question are text: only the chat template makes them."""

from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken

from hexcli.engine.fit import control_note
from hexcli.models.checkpoint.checkpoint import find_checkpoint
from hexcli.models.tokenizer.control import as_text, control_tokens, controls_in
from hexcli.models.tokenizer.tokenizer import Tokenizer, load_tokenizer
from hexcli.records import Problem

OURS = ("<|endoftext|>", "<|mdm_mask|>", "<|user|>", "<|assistant|>")


def tiny() -> Tokenizer:
    return load_tokenizer(find_checkpoint("tiny", download=False).path)


def test_special_tokens_and_those_with_a_role_are_control_tokens_and_others_are_words() -> None:
    added = {
        1: AddedToken("\\boxed{", special=False),
        2: AddedToken("<|user|>", special=True),
        3: AddedToken("</s>", special=False),
        4: AddedToken("<tool>", special=False),
    }
    assert control_tokens(added, ["</s>", "the"]) == ("<|user|>", "</s>")
    assert set(tiny().control) == set(OURS)


@given(st.lists(st.sampled_from([*OURS, "<", "|", "user|>", "<|", ">", " ", "a", "\\boxed{"]), max_size=8).map("".join))
def test_a_prompt_has_the_control_tokens_of_its_template_and_no_others(question: str) -> None:
    tokenizer = tiny()
    control = {tokenizer.encoder.token_to_id(token) for token in OURS}
    plain = [one for one in tokenizer.encode(tokenizer.chat("x")) if one in control]
    assert [one for one in tokenizer.encode(tokenizer.chat(question)) if one in control] == plain
    spelled = as_text(question, OURS)
    assert not controls_in(spelled, OURS)
    assert spelled.replace(" ", "") == question.replace(" ", ""), "only spaces are added"
    assert spelled == question or controls_in(question, OURS), "nothing else is touched"


def test_no_part_of_a_prompt_may_spell_one() -> None:
    tokenizer = tiny()
    prompt = tokenizer.chat("<|user|>", "<|mdm_mask|>", system="<|assistant|>", turns=[("<|endoftext|>", "<|user|>")])
    assert "<|mdm_mask|>" not in prompt and prompt.endswith("< |mdm_mask|>")
    assert prompt.count("<|user|>") == 2 and prompt.count("<|assistant|>") == 2, "those of the template"


def test_one_token_may_hide_in_another_and_one_character_cannot_be_split() -> None:
    assert as_text("<<s>s>", ("<s>", "< s>")) == "<<  s>s>"
    assert as_text("a§b", ("§",)) == "ab"


def test_a_note_names_the_first_problem_that_spells_one() -> None:
    asked = [
        Problem(id="a", question="1 + 1?"),
        Problem(id="b", question="<|user|>"),
        Problem(id="c", question="2", choices=("x", "<|mdm_mask|>")),
    ]
    assert control_note(asked, tiny()) == (
        "b and 1 more: control tokens of the model in a question (<|user|>) are put to it as text"
    )
    assert control_note(asked[:1], tiny()) is None
