import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from hexcli.models.families.llada import published_name, read_config
from hexcli.models.network.transformer import MaskPredictor
from hexcli.schedule import Schedule
from hexcli.stats import wilson
from hexcli.voting.votes import Vote

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "recipes" / "tiny"
FILES = {"README.md", "config.json", "log.jsonl", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}


@pytest.fixture(scope="module")
def recipe():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(RECIPE))
        yield


@pytest.fixture(scope="module")
def tokenizer(recipe):
    from data import vocabulary
    from settings import SMOKE

    return vocabulary(SMOKE)


@pytest.fixture(scope="module")
def rows(tokenizer):
    from data import generate
    from settings import SMOKE

    return generate(SMOKE, tokenizer, processes=1)


@pytest.fixture
def trainer(tokenizer, rows):
    from settings import SMOKE
    from trainer import Trainer

    return Trainer(SMOKE, tokenizer, rows, "cpu")


def test_smoke_training_writes_a_checkpoint_in_lladas_layout(tmp_path):
    command = [sys.executable, "-W", "error", str(RECIPE / "train.py"), "--smoke", "--out", str(tmp_path / "model")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert {path.name for path in (tmp_path / "model").iterdir()} == FILES
    published = json.loads((tmp_path / "model" / "config.json").read_text())
    assert published["model_type"] == "llada"
    model = MaskPredictor(read_config(published))
    weights = load_file(tmp_path / "model" / "model.safetensors")
    assert set(weights) == {published_name(name) for name, _ in model.named_parameters()}
    assert {weight.dtype for weight in weights.values()} == {torch.bfloat16}
    log = records(tmp_path / "model" / "log.jsonl")
    assert any("loss" in record for record in log)
    assert any("accuracy" in record for record in log)


@pytest.fixture
def smoke(recipe, monkeypatch):
    """The same command in this process, where torch is imported and the problems are made already."""
    from train import main

    def run(out, *options):
        monkeypatch.setattr(sys, "argv", ["train.py", "--smoke", "--out", str(out), *options])
        main()
        return (out / "README.md").read_text()

    precision = torch.get_float32_matmul_precision()
    yield run
    torch.set_float32_matmul_precision(precision)


def test_a_resumed_run_ends_like_one_that_never_stopped(smoke, tmp_path, capsys):
    smoke(tmp_path / "whole", "--steps", "12")
    smoke(tmp_path / "parts", "--steps", "12", "--stop-after-minutes", "0")
    capsys.readouterr()
    smoke(tmp_path / "parts", "--resume")
    assert "resumed at step 5/12" in capsys.readouterr().out
    whole, parts = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "parts"))
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_the_card_of_a_stopped_run_says_where_it_stopped_and_measures_there(smoke, tmp_path):
    card = smoke(tmp_path, "--steps", "12", "--stop-after-minutes", "0")
    assert "Training was stopped there; 12 steps were planned." in card
    assert "Of these weights, those of step 5," in card
    assert "| sums | 64 | majority |" in card
    card = smoke(tmp_path, "--resume")
    assert "stopped" not in card
    assert "Of these weights, those of step 12," in card


def records(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def run(trainer, folder):
    from train import Log, train

    log = Log(folder / "log.jsonl")
    train(trainer, log, folder / "state.pt", stop_after=1e9, every=5, looks=())
    return records(log.path)


def test_the_defaults_are_the_shipped_model(recipe):
    from settings import Settings

    shipped = read_config(json.loads((ROOT / "hexcli" / "models" / "tiny" / "config.json").read_text()))
    assert Settings().transformer(shipped.vocab_size) == shipped


def test_settings_change_by_name_and_number_only(recipe):
    from settings import Settings

    changed = Settings().changed(["width=64", "lr=1e-3"])
    assert (changed.width, changed.lr) == (64, 1e-3)
    for wrong in ("widht=64", "blocks=2", "width=wide", "width"):
        with pytest.raises(ValueError, match=r"widht|blocks|wide|''"):
            Settings().changed([wrong])


def test_the_learning_rate_rises_and_then_falls_in_a_line_to_zero(trainer):
    trainer.steps = 8
    rates = []
    for trainer.step in range(9):
        rates.append(trainer.rate())
    assert rates == [0.5, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8, 0]


def test_only_matrices_decay_and_those_in_the_layers_are_muons(trainer):
    muon, adamw = trainer.optimizers
    decay = {group["weight_decay"]: {p.ndim for p in group["params"]} for group in adamw.param_groups}
    assert decay == {0.1: {2}, 0.0: {1}}
    inner = {p for name, p in trainer.model.named_parameters() if "layers." in name and p.ndim == 2}
    assert {p for group in muon.param_groups for p in group["params"]} == inner
    outer = {p for group in adamw.param_groups for p in group["params"]}
    assert inner | outer == set(trainer.model.parameters())
    assert not inner & outer


def test_without_muon_adamw_has_every_weight_once(recipe, trainer):
    from dataclasses import replace

    from optimizers import optimizers

    (adamw,) = optimizers(trainer.model, replace(trainer.settings, muon_lr=0.0))
    weights = [p for group in adamw.param_groups for p in group["params"]]
    assert len(weights) == len(set(weights)) == len(list(trainer.model.parameters()))


def test_muon_steps_are_nearly_orthogonal_whatever_the_gradient(recipe):
    from optimizers import Muon

    generator = torch.Generator().manual_seed(0)
    shapes = ((8, 8), (8, 24), (24, 8))
    weights = [torch.nn.Parameter(torch.zeros(shape)) for shape in shapes]
    for weight in weights:
        weight.grad = torch.randn(weight.shape, generator=generator) * 7
    Muon(weights, lr=1.0, weight_decay=0.0, momentum=0.9).step()
    for weight in weights:
        values = torch.linalg.svdvals(weight.detach()) / (0.2 * max(weight.shape) ** 0.5)
        assert values.min() > 0.5, "Newton-Schulz leaves them between 0.7 and 1.2, small ones a little below"
        assert values.max() < 1.3
        assert (weight * weight.grad).sum() < 0, "downhill"


def test_a_batch_of_one_scheme_only_has_a_finite_loss(tokenizer, rows):
    from dataclasses import replace

    from settings import SMOKE
    from trainer import Trainer

    trainer = Trainer(replace(SMOKE, semi_autoregressive=0.0), tokenizer, rows, "cpu")
    trainer.steps = 2
    uniform, semi_autoregressive = trainer.advance().tolist()
    assert uniform > 0
    assert semi_autoregressive == 0


def test_letters_of_options_weigh_more(trainer, tokenizer):
    letters = [tokenizer.token_to_id(letter) for letter in "ABCD"]
    trainer.generator.manual_seed(trainer.settings.seed << 32)
    _, ids, weight, _ = trainer.batch(136)  # long enough for options
    shares = weight / weight.masked_fill(weight == 0, torch.inf).amin(1, keepdim=True)
    asked = torch.isin(ids, torch.tensor(letters)) & (weight > 0)
    assert asked.any()
    assert (shares[asked] == trainer.settings.letters).all() or (shares[asked] == 1).any()
    assert not (shares[~asked & (weight > 0)] > 1.001).any()


def test_a_logged_loss_is_the_mean_of_the_steps_since_the_last_one(trainer, tmp_path):
    trainer.steps = 7
    losses = torch.stack([trainer.advance() for _ in range(7)])
    trainer.reset()
    logged = [list(record["loss"].values()) for record in run(trainer, tmp_path)]
    assert logged == [pytest.approx(part.mean(0).tolist(), abs=1e-4) for part in (losses[:5], losses[5:])]


def test_losses_that_are_not_finite_go_back_to_the_saved_state_at_half_the_rate(trainer, tmp_path):
    calls, sound = itertools.count(), trainer.losses
    trainer.losses = lambda *batch: sound(*batch) * (float("nan") if next(calls) == 3 else 1)
    trainer.steps = 10
    log = run(trainer, tmp_path)
    assert log[0] == {"step": 0, "brake": 0.5}
    assert [(record["step"], record["rate"]) for record in log[1:]] == [(5, 0.25), (10, 0.0)]
    assert all(value.isfinite().all() for value in trainer.ema.values())


def test_a_run_that_never_has_finite_losses_ends(trainer, tmp_path):
    sound = trainer.losses
    trainer.losses = lambda *batch: sound(*batch) * float("nan")
    trainer.steps = 10
    with pytest.raises(FloatingPointError, match="not finite"):
        run(trainer, tmp_path)


def test_a_table_has_wilsons_intervals(recipe):
    from evaluate import Part, Score, table

    low, high = wilson(30, 40)
    score = Score(part=Part("sums", 40), name="8", right=30, unanswered=2)
    assert f"| sums | 64 | 8 | 75.0% | {low:.1%} to {high:.1%} | 5.0% | 40 |" in table([score])


def test_a_model_is_scored_by_block_by_majority_and_by_oracle(recipe, monkeypatch):
    import evaluate

    a, b, c = (problem.target for problem in evaluate.TASKS["sums"].load()[:3])
    answers = [("0", a, a), (b, "0", None), ("0", c, None)]
    schedule = Schedule.parse("8", gen_length=64)
    ballots = [[Vote(answer=answer, schedule=schedule) for answer in row] for row in answers]
    monkeypatch.setattr(evaluate, "_ballots", lambda *_: ballots)
    scores = evaluate.evaluate(None, None, evaluate.Part("sums", 3, blocks=(8, 16, 32)))
    assert [(score.name, score.right, score.unanswered) for score in scores] == [
        ("8", 1, 0),
        ("16", 2, 0),
        ("32", 1, 2),
        ("majority", 2, 0),
        ("oracle", 3, 0),
    ]


def test_votes_come_smallest_block_first(trainer):
    from evaluate import Part, evaluate

    scores = evaluate(trainer.averaged(torch.float32), trainer.tokenizer, Part("choices", 2, blocks=(64, 32)))
    assert [score.name for score in scores] == ["32", "64", "majority", "oracle"]


def masks(scheme):
    from masks import semi_autoregressive, uniform

    prompt = torch.tensor([5, 9, 30, 12] * 50)
    response = torch.tensor([20, 3, 7, 40] * 50)
    generator = torch.Generator().manual_seed(1)
    if scheme == "uniform":
        return prompt, response, uniform(prompt, 96, generator)
    return prompt, response, semi_autoregressive(prompt, response, 96, torch.tensor([8]), generator)


@pytest.mark.parametrize("scheme", ["uniform", "semi-autoregressive"])
def test_the_loss_is_the_mean_over_hidden_positions_of_the_canvas(recipe, scheme):
    prompt, _, (hidden, weight) = masks(scheme)
    columns = torch.arange(96)
    assert not hidden[columns < prompt[:, None]].any()
    assert not weight[~hidden].any()
    assert torch.allclose(weight.sum(1), torch.ones(200))


def test_uniform_masks_hide_from_one_position_to_all(recipe):
    prompt, _, (hidden, weight) = masks("uniform")
    assert torch.equal(weight > 0, hidden)
    shares = (hidden.sum(1) / (96 - prompt)).sort().values
    assert torch.allclose(shares, torch.linspace(0, 1, 200), atol=0.03)


def test_semi_autoregressive_masks_leave_a_clean_prefix_and_nothing_behind(recipe):
    prompt, response, (hidden, weight) = masks("semi-autoregressive")
    for start, end, row, graded in zip(prompt, response, hidden, weight > 0, strict=True):
        begin = start + (graded.nonzero().min() - start) // 8 * 8
        assert not row[:begin].any(), "before the block nothing is masked"
        assert not graded[begin + 8 :].any(), "behind the block nothing is graded"
        assert row[begin + 8 :].all(), "behind the block all is masked"
        assert begin < start + end + 8, "blocks behind the first one of padding are never drawn"


def test_the_encoder_and_the_tokenizer_agree(recipe, tokenizer):
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


def test_words_and_digits_are_single_tokens(recipe, tokenizer):
    assert tokenizer.encode(r"Mia has 12 apples. \boxed{12}").tokens == [
        "Mia", "Ġhas", "Ġ", "1", "2", "Ġapples", ".", "Ġ", "\\boxed{", "1", "2", "}",
    ]  # fmt: skip


def test_transformers_reads_the_tokenizer_alike(recipe, tokenizer, tmp_path):
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


def test_the_answer_comes_first_where_that_is_asked(recipe):
    from data import respond

    from hexcli.tasks.embedded.stories import stories

    for story in itertools.islice(stories("train"), 200):
        text = respond(story, "sentences")
        box = f"\\boxed{{{story.answer}}}"
        assert text.startswith(box) if story.order else text.endswith(box)
        assert all(step.sentence in text for step in story.steps)
        assert respond(story, "sentences", "C").endswith(f" {story.answer} is (C). \\boxed{{C}}")
        assert respond(story, "answer") == box


def test_drills_are_right(recipe):
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


def test_the_wordings_of_the_data_are_those_of_the_tasks(recipe):
    from asking import PREFILL, worded

    from hexcli.tasks.embedded.choices import CHOICES
    from hexcli.tasks.embedded.sums import SUMS
    from hexcli.tasks.prompts.wording import put

    for task in (SUMS, CHOICES):
        problem = task.load()[0]
        for name, wording in task.prompts.items():
            asked = put(wording, problem)
            assert (asked.user, asked.prefill) == (worded(task.prompt(problem).user, name), PREFILL.get(name, ""))


def test_without_other_wordings_the_data_and_the_tokens_are_those_of_the_shipped_model(recipe):
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


def test_training_begins_with_the_weights_of_another_model(recipe):
    from data import vocabulary
    from settings import PROMPTS
    from tokenizers import Tokenizer
    from warm import weights

    tiny = ROOT / "hexcli" / "models" / "tiny"
    config = read_config(json.loads((tiny / "config.json").read_text()))
    fresh, ours = MaskPredictor(config).state_dict(), vocabulary(PROMPTS)
    begun, published = weights(tiny, fresh, ours), load_file(tiny / "model.safetensors")
    theirs = Tokenizer.from_file(str(tiny / "tokenizer.json")).get_vocab()
    embedded = published[published_name("embed_tokens.weight")].float()
    for token in ("0", "<|mdm_mask|>", r"\boxed{"):
        assert torch.equal(begun["embed_tokens.weight"][ours.token_to_id(token)], embedded[theirs[token]])
    new = ours.token_to_id("<reasoning>")
    assert torch.equal(begun["embed_tokens.weight"][new], fresh["embed_tokens.weight"][new])
    name = "layers.0.mlp.up_proj.weight"
    assert torch.equal(begun[name], published[published_name(name)].float())
    small = {key: weight[..., :8] for key, weight in fresh.items()}
    with pytest.raises(ValueError, match="embed_tokens"):
        weights(tiny, small, ours)
