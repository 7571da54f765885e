"""Probabilities of tokens, all of them or those that are asked for."""

import torch

from hexcli.sampling.candidates import _certain


def test_what_one_token_has_is_what_the_whole_softmax_says() -> None:
    torch.manual_seed(0)
    logits = torch.randn(7, 50) * 9
    tokens = torch.randint(50, (7,))
    probs = logits.double().softmax(1)
    confidence, peak = _certain(logits, tokens)
    assert torch.allclose(confidence, probs[torch.arange(7), tokens], rtol=1e-12)
    assert torch.allclose(peak, probs.amax(1), rtol=1e-12)
