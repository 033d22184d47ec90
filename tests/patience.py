"""Waiting for what must happen: as long as any machine may need, so that no verdict hangs on its speed."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 900.0
"""[s] after which something that must happen is taken for something that never will."""


def happens(what: Callable[[], bool]) -> bool:
    """Whether `what` is true, now or before patience ends."""
    end = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
