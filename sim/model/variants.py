"""What variants make of a step: for each thing that they can change, the first variant that holds and says it counts.

Which variants hold at a place is a whole number, bit i for variant i (`World.variants`), so that places at which the
same variants hold are dealt with together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.scenario.schema import Inclusion, Record, Step

if TYPE_CHECKING:
    from sim.model.places import World
    from sim.scenario.stages.tasks import Scope

Varied = TypeVar("Varied", Step, Inclusion)
CONDITIONS = frozenset({"when", "submitted_from", "submitted_to", *Record.model_fields})
"""What a variant says about itself; everything else in it changes the step."""


def under(step: Varied, variants: int) -> Varied:
    """The step as these of its variants (bits) change it."""
    changes: dict[str, object] = {}
    for variant in (each for index, each in enumerate(step.variants) if variants >> index & 1):
        said = {name: getattr(variant, name) for name in type(variant).model_fields if name not in CONDITIONS}
        changes = {name: value for name, value in said.items() if value is not None} | changes
    return step.model_copy(update=changes) if changes else step


def at_places(
    number: Callable[[Varied], float], step: Varied, world: World, scope: Scope
) -> NDArray[np.float64]:
    """(places) a number of the step under the variants that hold at each place."""
    if not step.variants:
        return np.full(len(world.places[scope]), number(step))
    held = world.variants(step, scope)
    which, place = np.unique(held, return_inverse=True)
    return np.array([number(under(step, int(variants))) for variants in which], dtype=float)[place]
