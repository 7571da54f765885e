"""Which tokens a position may take, and how probable each is to the rules that rank positions.

LLaDA draws from the model's distribution at a temperature, and ranks by the distribution itself. Dream, SDAR and LLaDA2
rank by what they draw from: after temperature, top_k and top_p. Sources: sample_tokens of Dream's generation_utils.py,
sample_with_temperature_topk_topp of JetAstra/SDAR generate.py and of modeling_llada2_moe.py; `logits_eos_inf` and
`confidence_eos_eot_inf` of ML-GSAI/LLaDA generate.py; `low_confidence_banAEoTearly` of HEX's generate.py.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from hexcli.rules import NUCLEUS
from hexcli.sampling import noise
from hexcli.sampling.fusing import WIDE, fused
from hexcli.schedule import Schedule

_ALL = 2**31  # a top_k that is none


@fused(lambda logits: logits.shape[-1])
def drawn(logits: Tensor, temperature: Tensor, keys: Tensor, counters: Tensor) -> Tensor:
    """A token for each of N positions: logits [N, V], temperature [N] (0: the likeliest) -> [N]

    keys [N] and counters [V]: see noise.py. argmax exp(l) / (-ln U)^T of [llada], in logarithms; float64 on purpose
    (arXiv 2409.02908).
    """
    gumbel = -(-noise.uniform(keys, counters).log()).log()
    return (logits.double() + temperature[:, None] * gumbel).argmax(1)


@fused(lambda logits: logits.shape[-1])
def _certain(logits: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """Of each of N positions the probability of its token, and of the likeliest: logits [N, V], tokens [N] -> [N], [N]

    In float64, as the whole softmax is, of which nothing else is written down."""
    wide = logits.double()
    most = wide.amax(1)
    total = (wide - most[:, None]).exp().sum(1)
    own = logits.gather(1, tokens[:, None]).squeeze(1).double()
    return (own - most).exp() / total, 1 / total


class Choice(NamedTuple):
    """For each of N positions: a token, its probability, that of the likeliest, and, where they were asked for, those
    of all, float64 [N, V] (else empty)."""

    tokens: Tensor
    confidence: Tensor
    peak: Tensor
    probs: Tensor


class Candidates:
    """What the schedules of B rows say of candidates."""

    def __init__(
        self, schedules: Sequence[Schedule], device: torch.device, end_of_text: int | None, end_of_turn: int | None
    ) -> None:
        """`end_of_text` and `end_of_turn`: the tokens that rules on ends are about."""
        self.end_of_text = end_of_text
        self.temperature = torch.tensor([s.temperature for s in schedules], dtype=torch.float64, device=device)
        self.noisy = any(s.temperature > 0 for s in schedules)
        self._device = device
        banned = {
            token: [token in s.suppress_tokens for s in schedules] for s in schedules for token in s.suppress_tokens
        }
        if end_of_text is not None and any(s.logits_eos_inf for s in schedules):
            before = banned.get(end_of_text, [False] * len(schedules))
            banned[end_of_text] = [b or s.logits_eos_inf for b, s in zip(before, schedules, strict=True)]
        self._banned = {token: self._flags(rows) for token, rows in banned.items()}
        # At temperature 0 the published loop puts the end of text last as well, for its two tensors are then one.
        last = {
            end_of_turn: [s.confidence_eos_eot_inf for s in schedules],
            end_of_text: [s.confidence_eos_eot_inf and s.temperature == 0 for s in schedules],
        }
        self._last = {token: self._flags(rows) for token, rows in last.items() if token is not None and any(rows)}
        self._early = self._numbers(s.early_ban_steps or 0 for s in schedules)
        self._filters = [s.sampler in NUCLEUS for s in schedules]
        self._ranked = self._flags(self._filters)
        self._top_p = self._numbers((s.top_p or 1.0 for s in schedules), torch.float64)
        self._top_k = self._numbers(s.top_k or _ALL for s in schedules)
        self._nucleus_first = self._flags(s.sampler == "dream" for s in schedules)
        self._sorts = any(s.top_p is not None or s.top_k is not None for s in schedules)
        alone = any(s.top_k is None and (s.top_p or 1.0) < 1 for s in schedules)
        self._width = _ALL if alone else max([1, *(s.top_k for s in schedules if s.top_k is not None)])
        self._opens_likeliest = self._flags(s.sampler == "fast_dllm_v2" for s in schedules)
        self._narrow = self._flags(s.confidence_dtype == "model" for s in schedules)
        self._by_probs = self._narrow & self._nucleus_first
        self._is_narrow = any(s.confidence_dtype == "model" for s in schedules)
        self._bans_early = end_of_text is not None and any(s.early_ban_steps for s in schedules)
        self.plain = not (self._banned or self._last or any(self._filters) or self._is_narrow or self._bans_early)

    def choose(
        self,
        logits: Tensor,
        rows: Tensor,
        step: Tensor,
        keys: Tensor,
        counters: Tensor,
        opening: Tensor | None = None,
        *,
        all_probs: bool = True,
    ) -> Choice:
        """What N positions in `rows`, at their `step` [N], may take, and how probable that is.

        logits [N, V]; keys and counters: see `drawn`. `opening` bool [B]: rows whose block begins with its first token.
        `all_probs`: whether somebody looks at them.
        """
        heat = self.temperature[rows]
        if opening is not None:
            heat = heat.masked_fill((opening & self._opens_likeliest)[rows], 0.0)
        weights = logits
        if not self.plain:
            weights = _without(logits, self._banned, rows)
            if any(self._filters):
                weights, heat = self._tempered(weights, rows, heat)
        open_to = weights
        if self._bans_early:
            assert self.end_of_text is not None, "the rule is about it"
            open_to = _without(weights, {self.end_of_text: step + 1 < self._early[rows]})
        tokens = drawn(open_to, heat, keys, counters) if self.noisy else open_to.argmax(1)
        weights = _without(weights, self._last, rows)
        if not (all_probs or self._is_narrow) and logits.is_cuda and logits.shape[1] >= WIDE:
            return Choice(tokens, *_certain(weights, tokens), weights.new_empty(0))
        probs = weights.double().softmax(1)
        if self._is_narrow:
            probs = torch.where(self._narrow[rows][:, None], weights.to(logits.dtype).softmax(1).double(), probs)
            # Dream takes the likeliest by probability, where tokens may be equal whose logits are not.
            tokens = torch.where(self._by_probs[rows] & (heat == 0), probs.argmax(1), tokens)
        return Choice(tokens, probs.gather(1, tokens[:, None]).squeeze(1), probs.amax(1), probs)

    def _tempered(self, logits: Tensor, rows: Tensor, heat: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the rows that rank by what they draw from, after temperature and filters, and what heat is left."""
        ranked, logits = self._ranked[rows], logits.double()
        hot = heat > 0
        scaled = logits / heat.where(hot, 1.0)[:, None]
        if self._sorts:
            first = self._nucleus_first[rows][:, None]
            scaled = filtered(scaled, self._top_p[rows][:, None], self._top_k[rows][:, None], first, self._width)
        return torch.where(ranked[:, None], scaled, logits), torch.where(ranked, hot.double(), heat)

    def _flags(self, values: Iterable[bool]) -> Tensor:
        return torch.tensor([bool(value) for value in values], device=self._device)

    def _numbers(self, values: Iterable[float], dtype: torch.dtype = torch.int64) -> Tensor:
        return torch.tensor(list(values), dtype=dtype, device=self._device)


def filtered(logits: Tensor, top_p: Tensor, top_k: Tensor, nucleus_first: Tensor, width: int) -> Tensor:
    """Logits [N, V] without those beyond the `top_k` [N, 1] greatest and the `top_p` [N, 1] likeliest: those are -inf.

    `nucleus_first` bool [N, 1]: top_p is of all candidates (Dream); else of those that top_k left. Of equal ones at the
    edge of top_k all stay; the nucleus is the fewest that reach top_p. `width`: so many of the greatest are looked at,
    as many as any of the top_k, or, where one has a top_p alone, all.
    """
    ordered, places = logits.topk(min(width, logits.shape[1]), dim=1)
    edge = ordered.gather(1, top_k.clamp(max=ordered.shape[1]) - 1)
    few = (logits < edge) & (top_k < logits.shape[1])
    among = logits.masked_fill(few & ~nucleus_first, -torch.inf).logsumexp(1, keepdim=True)
    likely = (ordered - among).exp().masked_fill((ordered < edge) & ~nucleus_first, 0.0)
    over = likely.cumsum(1) > top_p  # behind the first of which the sum is above it: the sum before it is, too
    kept = ~torch.cat([torch.zeros_like(over[:, :1]), over[:, :-1]], dim=1)
    unlikely = torch.ones_like(few).scatter_(1, places, ~kept) & (top_p < 1)
    return logits.masked_fill(few | unlikely, -torch.inf)


def _without(logits: Tensor, banned: dict[int, Tensor], rows: Tensor | None = None) -> Tensor:
    """Logits [N, V], -inf for each token in the positions of its flags [N], or of rows [B] that have them."""
    if not banned:
        return logits
    logits = logits.clone()
    for token, flags in banned.items():
        here = flags if rows is None else flags[rows]
        logits[:, token] = logits[:, token].masked_fill(here, -torch.inf)
    return logits
