"""Models of unknown architecture, computed by the Python code they come with. Only under --trust-remote-code.

Nothing is known of them but that they give logits for token ids, so rows go in without padding, and the logits
themselves serve as features.
"""

from typing import Any

import torch
from torch import Tensor

from hexcli.errors import HexError
from hexcli.models.checkpoint.checkpoint import Checkpoint

_CLASSES = ("AutoModelForMaskedLM", "AutoModelForCausalLM", "AutoModel")


class RemoteDenoiser:
    """A hexcli.sampling.sampler.Denoiser around any transformers model. `shifted`: see TransformerConfig."""

    def __init__(self, model: Any, *, shifted: bool) -> None:
        self.model = model
        self.shifted = shifted

    def features(self, ids: Tensor, real: Tensor | None = None) -> Tensor:
        """ids [B, T], real bool [B, T] (padding on the left) -> logits [B, T, vocabulary]; 0 on padding"""
        if real is None:
            return self._logits(ids)
        lengths = real.sum(1)
        out: Tensor | None = None
        for length in torch.unique(lengths).tolist():
            rows = (lengths == length).nonzero().squeeze(1)
            logits = self._logits(ids[rows, ids.shape[1] - length :])
            if out is None:
                out = logits.new_zeros(*ids.shape, logits.shape[-1])
            out[rows, ids.shape[1] - length :] = logits
        assert out is not None, "a batch has rows"
        return out

    def logits(self, features: Tensor) -> Tensor:
        """They are that already: [N, vocabulary] -> [N, vocabulary]"""
        return features

    def _logits(self, ids: Tensor) -> Tensor:
        out = self.model(input_ids=ids)
        logits: Tensor = out.logits if hasattr(out, "logits") else out[0]
        return torch.cat([logits[:, :1], logits[:, :-1]], dim=1) if self.shifted else logits


def load_remote(checkpoint: Checkpoint, *, device: str, dtype: torch.dtype) -> RemoteDenoiser:
    """Run the checkpoint's own code. Raises HexError where it fails, or leaves a weight unset."""
    import transformers

    named = checkpoint.config.get("auto_map") or {}
    name = next((name for name in _CLASSES if name in named), None)
    if name is None:
        raise HexError(f"{checkpoint.path}: auto_map in config.json names no model class ({', '.join(_CLASSES)})")
    options = checkpoint.options
    attention = {} if options.attn_implementation == "sdpa" else {"attn_implementation": options.attn_implementation}
    try:
        model, info = getattr(transformers, name).from_pretrained(
            checkpoint.path,
            trust_remote_code=True,
            local_files_only=True,
            output_loading_info=True,
            dtype=dtype,
            **attention,
        )
    except Exception as error:
        said = " ".join(str(error).split()) or "no message"
        raise HexError(f"the code of {checkpoint.path} fails: {type(error).__name__}: {said}") from error
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys", "error_msgs"):
        if found := sorted(map(str, info.get(kind) or ())):
            raise HexError(f"{checkpoint.path}: {len(found)} {kind.replace('_', ' ')} of its weights: {found[0]}")
    return RemoteDenoiser(model.to(device).eval().requires_grad_(False), shifted=options.shift_logits)
