"""What was drawn of a replication, kept for the next scenario of the same replication that leaves it alone.

A replication is drawn in parts, each made from those before it: the trials at their sites, their patients, all rows but
who waits for whom, the workload. A part is a function of (seed, replication), of the parts before it and of as much of
the scenario as its maker is given; that is what is compared, so that nothing else can matter. Whoever computes several
scenarios one replication after the other does so `keeping` their parts: then those that the next one says in the same
words are not drawn again. At any time the parts of one replication of one scenario are kept, none of them after the
block, and each thread has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import local
from typing import Any, TypeVar

from sim.model.draws import Draws

Value = TypeVar("Value")


@dataclass(slots=True)
class Parts:
    """The parts of one replication, in the order in which they are made, and how many a scenario has asked for."""

    draws: Draws
    _made: list[tuple[object, Any]] = field(default_factory=list)
    _asked: int = 0

    def then(self, said: object, make: Callable[[], Value]) -> Value:
        """The next part, made from those before it and from what is `said`; nobody may write to it."""
        place, self._asked = self._asked, self._asked + 1
        if place == len(self._made) or self._made[place][0] != said:
            del self._made[place:]
            self._made.append((said, make()))
        found: Value = self._made[place][1]
        return found


class _Here(local):
    """What a thread keeps."""

    keeping = False
    parts: Parts | None = None


_HERE = _Here()


@contextmanager
def keeping() -> Iterator[None]:
    """A block in which the parts of the latest replication are kept."""
    before, _HERE.keeping = _HERE.keeping, True
    try:
        yield
    finally:
        _HERE.keeping = before
        if not before:
            _HERE.parts = None


def parts(draws: Draws) -> Parts:
    """The parts of a replication, for one scenario: those that are kept of it, or none."""
    latest = _HERE.parts
    found = Parts(draws) if latest is None or latest.draws != draws else Parts(draws, latest._made)
    if _HERE.keeping:
        _HERE.parts = found
    return found
