"""The trainer: rates, optimizers, losses, and what happens where they are not finite."""

import itertools

import pytest
import torch

from tests.recipes.place import records


def run(trainer, folder):
    from train import Log, train

    log = Log(folder / "log.jsonl")
    train(trainer, log, folder / "state.pt", stop_after=1e9, every=5, looks=())
    return records(log.path)


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


def test_without_muon_adamw_has_every_weight_once(trainer):
    from dataclasses import replace

    from optimizers import optimizers

    (adamw,) = optimizers(trainer.model, replace(trainer.settings, muon_lr=0.0))
    weights = [p for group in adamw.param_groups for p in group["params"]]
    assert len(weights) == len(set(weights)) == len(list(trainer.model.parameters()))


def test_muon_steps_are_nearly_orthogonal_whatever_the_gradient():
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
