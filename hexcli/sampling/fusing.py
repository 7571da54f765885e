"""Chains of elementwise operations as one kernel, where a GPU runs them and torch can compile for it.

Such a chain moves its tensors through the memory once for every operation: at the size of LLaDA-8B a third of a
forward pass. Compiling takes seconds, once a machine (torch keeps what it made), so only wide tensors are worth it.
`TORCH_COMPILE_DISABLE=1` in the environment switches it off, as it does everywhere in torch.
"""

import contextlib
import functools
import os
import shutil
import sysconfig
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from types import FunctionType
from typing import ParamSpec, TypeVar

import torch
from torch import Tensor

P = ParamSpec("P")
R = TypeVar("R")

WIDE = 1024  # numbers a token; narrower models are over before their kernels are compiled
_on = True


def fused(wide: Callable[[Tensor], int], **options: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorates a function of tensors. `wide`: how many numbers a token has in its first; options: the compiler's."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        made: dict[Hashable, Callable[P, R]] = {}

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            first = args[0]
            assert isinstance(first, Tensor)
            if not (_on and first.is_cuda and wide(first) >= WIDE and can_compile()):
                return function(*args, **kwargs)
            for tensor in args:
                if isinstance(tensor, Tensor):
                    torch._dynamo.maybe_mark_dynamic(tensor, list(range(_tokens(tensor))))
            tokens = _tokens(first)
            # torch gives a function up that it has to compile too often: one of its own for every kind of tensor.
            kind = first.dtype, first.shape[tokens:], tuple(size == 1 for size in first.shape[:tokens])
            if kind not in made:
                made[kind] = torch.compile(_twin(function), options={**options})
            return made[kind](*args, **kwargs)

        return call

    return decorate


def _tokens(tensor: Tensor) -> int:
    """Its axes, from the first on, along which tokens lie: these come in any number, and kernels are compiled once for
    all. The others are the model's: numbers that are known are no divisions in a kernel."""
    return min(max(tensor.dim() - 1, 1), 2)


def _twin(function: Callable[P, R]) -> Callable[P, R]:
    """The function with code of its own, by which torch counts."""
    assert isinstance(function, FunctionType)
    return FunctionType(
        function.__code__.replace(),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )


@contextlib.contextmanager
def unfused() -> Iterator[None]:
    """Inside, every operation is a kernel of its own: as published code runs."""
    global _on
    before, _on = _on, False
    try:
        yield
    finally:
        _on = before


def is_on() -> bool:
    """Whether this is not inside of `unfused`."""
    return _on


@functools.cache
def can_compile() -> bool:
    """Triton builds its launchers with a C compiler and Python's headers."""
    from torch.utils._triton import has_triton

    compiler = os.environ.get("CC") or next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    headers = Path(sysconfig.get_paths()["include"], "Python.h")
    return bool(has_triton() and compiler is not None and headers.is_file())
