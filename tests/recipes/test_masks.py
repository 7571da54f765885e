"""What training hides: from one position to all, or a block behind a clean prefix."""

import pytest
import torch


def masks(scheme):
    from masks import semi_autoregressive, uniform

    prompt = torch.tensor([5, 9, 30, 12] * 50)
    response = torch.tensor([20, 3, 7, 40] * 50)
    generator = torch.Generator().manual_seed(1)
    if scheme == "uniform":
        return prompt, response, uniform(prompt, 96, generator)
    return prompt, response, semi_autoregressive(prompt, response, 96, torch.tensor([8]), generator)


@pytest.mark.parametrize("scheme", ["uniform", "semi-autoregressive"])
def test_the_loss_is_the_mean_over_hidden_positions_of_the_canvas(scheme):
    prompt, _, (hidden, weight) = masks(scheme)
    columns = torch.arange(96)
    assert not hidden[columns < prompt[:, None]].any()
    assert not weight[~hidden].any()
    assert torch.allclose(weight.sum(1), torch.ones(200))


def test_uniform_masks_hide_from_one_position_to_all():
    prompt, _, (hidden, weight) = masks("uniform")
    assert torch.equal(weight > 0, hidden)
    shares = (hidden.sum(1) / (96 - prompt)).sort().values
    assert torch.allclose(shares, torch.linspace(0, 1, 200), atol=0.03)


def test_semi_autoregressive_masks_leave_a_clean_prefix_and_nothing_behind():
    prompt, response, (hidden, weight) = masks("semi-autoregressive")
    for start, end, row, graded in zip(prompt, response, hidden, weight > 0, strict=True):
        begin = start + (graded.nonzero().min() - start) // 8 * 8
        assert not row[:begin].any(), "before the block nothing is masked"
        assert not graded[begin + 8 :].any(), "behind the block nothing is graded"
        assert row[begin + 8 :].all(), "behind the block all is masked"
        assert begin < start + end + 8, "blocks behind the first one of padding are never drawn"
