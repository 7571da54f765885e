"""What a worker is told when it starts: which model, where, and how to decode with it. It crosses as JSON."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from hexcli.errors import HexError
from hexcli.models.checkpoint.checkpoint import Checkpoint, find_checkpoint
from hexcli.models.network.architecture import Experts, TransformerConfig
from hexcli.models.options import read_options


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One model to decode with.

    reference   what the user called it, for a machine that has to find it by itself
    device      as torch names it; dtype = of the weights
    batch_size  rows decoded together; None: what the memory takes
    threads     of the host; None: as many as torch takes
    length      tokens of the longest row to come, prompt and canvas; canvas = of the longest canvas
    cached      whether rows keep keys and values
    drafts      whether it records what the texts would be after each step
    rules       remasking rules of others, as the user named them: `/home/me/mine.py:top_gap`
    untrained   random weights of this architecture, to measure with: then there are no files
    """

    checkpoint: Checkpoint
    reference: str
    device: str
    dtype: str
    batch_size: int | None
    mask_id: int
    end_ids: tuple[int, ...]
    end_of_text: int | None
    end_of_turn: int | None
    length: int
    canvas: int
    cached: bool
    drafts: bool = False
    threads: int | None = None
    rules: tuple[str, ...] = ()
    untrained: TransformerConfig | None = None

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        model = self.checkpoint
        return {
            **fields,
            "end_ids": list(self.end_ids),
            "rules": list(self.rules),
            "untrained": None if self.untrained is None else dataclasses.asdict(self.untrained),
            "checkpoint": {
                "name": model.name,
                "path": str(model.path),
                "identity": model.identity,
                "config": model.config,
                "options": _set(model.options),
                "adapter": None if model.adapter is None else str(model.adapter),
                "remote": model.remote,
            },
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """The spec that `to_dict` gave, of another process of this version."""
        model = fields["checkpoint"]
        checkpoint = Checkpoint(
            **{
                **model,
                "path": Path(model["path"]),
                "options": read_options(model["options"]),
                "adapter": None if model["adapter"] is None else Path(model["adapter"]),
            }
        )
        return cls(
            **{
                **fields,
                "end_ids": tuple(fields["end_ids"]),
                "rules": tuple(fields["rules"]),
                "untrained": _architecture(fields["untrained"]),
                "checkpoint": checkpoint,
            }
        )

    def found_here(self) -> Self:
        """The same model as this machine has it, downloaded if need be. Raises HexError where it is another one."""
        wanted = self.checkpoint
        if self.untrained is not None:
            return self
        found = find_checkpoint(self.reference, options=wanted.options, trust_remote_code=wanted.remote)
        if found.identity != wanted.identity:
            raise HexError(
                f"{self.reference} is another model on this worker's machine than on the driver's: copy it there, or "
                "name it by its hub id"
            )
        return dataclasses.replace(self, checkpoint=found)


def _architecture(fields: Mapping[str, Any] | None) -> TransformerConfig | None:
    if fields is None:
        return None
    experts = fields["experts"]
    return TransformerConfig(**{**fields, "experts": None if experts is None else Experts(**experts)})


def _set(options: Any) -> dict[str, Any]:
    return {name: value for name, value in dataclasses.asdict(options).items() if value is not None}
