"""Machine code that numba keeps on disk: what is cut or damaged there is made again instead of ending a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Value = TypeVar("Value")


def unless_cut(function: Any, load: Callable[[], Value]) -> Value:
    """What `load` gives, which reads the kept code of a numba `function`, or compiles it; cut code is thrown away."""
    try:
        return load()
    except Exception:  # a pickle that was cut raises many kinds
        if function.signatures:  # it was read: the fault is elsewhere
            raise
        function._cache.flush()
        return load()
