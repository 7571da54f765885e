"""Probabilities of tokens, all of them or those that are asked for."""

import torch

from hexcli.sampling import noise
from hexcli.sampling.candidates import Candidates, _certain
from hexcli.schedule import Schedule


def test_what_one_token_has_is_what_the_whole_softmax_says() -> None:
    torch.manual_seed(0)
    logits = torch.randn(7, 50) * 9
    tokens = torch.randint(50, (7,))
    probs = logits.double().softmax(1)
    confidence, peak = _certain(logits, tokens)
    assert torch.allclose(confidence, probs[torch.arange(7), tokens], rtol=1e-12)
    assert torch.allclose(peak, probs.amax(1), rtol=1e-12)


def test_the_end_of_text_is_banned_in_the_steps_before_the_one_that_is_said() -> None:
    one = Schedule.parse("8", gen_length=8, early_ban_steps=2)
    candidates, counters = Candidates([one], torch.device("cpu"), 1, None), noise.counters(4)
    logits, nobody = torch.tensor([[0.0, 3.0, 2.0, 1.0]]), torch.tensor([0])
    tokens = [
        candidates.choose(logits, nobody, torch.tensor([step]), nobody, counters).tokens.item() for step in range(3)
    ]
    assert tokens == [2, 1, 1], "steps are counted from 1"
