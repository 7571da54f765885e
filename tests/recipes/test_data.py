"""What is trained on: its tokens, its rows, its wordings, its drills."""

import itertools

from tests.recipes.place import ROOT


def test_the_encoder_and_the_tokenizer_agree(tokenizer):
    from tokenizer import Encoder

    encoder = Encoder(tokenizer)
    for text in (
        "Tom has 12 apples.",
        r"12 + 5 = 17, 17 - 4 = 13. \boxed{13}",
        "Zanzibar! pays\t$3.50 -\n\n  naïve ±1 \\boxed{x} \\box",
        "A. 3\nB. 17",
        "",
    ):
        assert encoder.text(text) == tokenizer.encode(text).ids
        assert tokenizer.decode(encoder.text(text), skip_special_tokens=True) == text


def test_words_and_digits_are_single_tokens(tokenizer):
    assert tokenizer.encode(r"Mia has 12 apples. \boxed{12}").tokens == [
        "Mia", "Ġhas", "Ġ", "1", "2", "Ġapples", ".", "Ġ", "\\boxed{", "1", "2", "}",
    ]  # fmt: skip


def test_transformers_reads_the_tokenizer_alike(tokenizer, tmp_path):
    from tokenizer import Encoder, save
    from transformers import PreTrainedTokenizerFast

    save(tokenizer, tmp_path, 512)
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    theirs = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    question = r"Tom has 12 apples and \boxed{x}. How many?"
    ids = theirs.apply_chat_template(
        [{"role": "user", "content": question}], add_generation_prompt=True, return_dict=False
    )
    encoder = Encoder(tokenizer)
    assert ids == encoder.prompt(question)
    assert (theirs.eos_token_id, theirs.pad_token_id, theirs.mask_token_id) == (encoder.end, encoder.end, encoder.mask)


def test_rows_are_prompt_response_and_end_of_text(tokenizer, rows):
    from settings import SMOKE
    from tokenizer import Encoder

    encoder = Encoder(tokenizer)
    assert sum(len(part.ids) for part in rows.values()) >= SMOKE.examples
    for length, part in rows.items():
        assert part.ids.shape[1] == length
        for ids, prompt, response in zip(part.ids.tolist(), part.prompt, part.response, strict=True):
            assert ids[0] == encoder.user
            assert ids[prompt - 1] == encoder.assistant
            assert "\\boxed{" in tokenizer.decode(ids[prompt : prompt + response])
            assert set(ids[prompt + response :]) == {encoder.end}


def test_the_answer_comes_first_where_that_is_asked():
    from data import respond

    from hexcli.tasks.embedded.stories import stories

    for story in itertools.islice(stories("train"), 200):
        text = respond(story, "sentences")
        box = f"\\boxed{{{story.answer}}}"
        assert text.startswith(box) if story.order else text.endswith(box)
        assert all(step.sentence in text for step in story.steps)
        assert respond(story, "sentences", "C").endswith(f" {story.answer} is (C). \\boxed{{C}}")
        assert respond(story, "answer") == box


def test_drills_are_right():
    import re

    from data import drill

    from hexcli.tasks.embedded.families.dice import Dice

    dice, kinds = Dice("test"), set()
    for _ in range(500):
        question, response = drill(dice)
        if equation := re.fullmatch(r"(\d+) (.) (\d+) = \?", question):
            left, operation, right = equation.groups()
            value = int(re.search(r"boxed\{(\d+)", response)[1])
            assert int(left) == int(right) * value if operation == "/" else value == eval(f"{left}{operation}{right}")
            kinds.add(operation)
        else:
            options = dict(re.findall(r"([A-D])\. (\d+)", question))
            number, letter, told = re.fullmatch(r"(\d+) is \((.)\)\. \\boxed\{(.+)\}", response).groups()
            assert len(set(options.values())) == 4
            assert options[letter] == number
            assert told == (letter if question.startswith("Which") else number)
            kinds.add(question.split()[0])
    assert kinds == {"+", "-", "*", "/", "Which", "What"}


def test_the_wordings_of_the_data_are_those_of_the_tasks():
    from asking import PREFILL, worded

    from hexcli.tasks.embedded.choices import CHOICES
    from hexcli.tasks.embedded.sums import SUMS
    from hexcli.tasks.prompts.wording import put

    for task in (SUMS, CHOICES):
        problem = task.load()[0]
        for name, wording in task.prompts.items():
            asked = put(wording, problem)
            assert (asked.user, asked.prefill) == (worded(task.prompt(problem).user, name), PREFILL.get(name, ""))


def test_without_other_wordings_the_data_and_the_tokens_are_those_of_the_shipped_model():
    from data import texts, vocabulary
    from settings import PROMPTS, Settings
    from tokenizers import Tokenizer

    shipped = ROOT / "hexcli" / "models"
    for settings, name in ((Settings(), "tiny"), (PROMPTS, "tiny-prompts")):
        published = Tokenizer.from_file(str(shipped / name / "tokenizer.json"))
        assert vocabulary(settings).get_vocab() == published.get_vocab()
    plain, worded = (list(itertools.islice(texts(one, 0), 40)) for one in (Settings(), PROMPTS))
    assert {asked.prefill for asked in plain} == {""}
    assert {asked.prefill for asked in worded} == {"", "<reasoning>"}
