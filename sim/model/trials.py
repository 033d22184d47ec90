"""Who is simulated in one replication: its trials, the sites that take part, and the workload made of them.

`Trials` is a table of n trials; `Replication` puts it beside the workload that an engine runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.network import Int, Workload


@dataclass(frozen=True, slots=True)
class Trials:
    """n trials, sorted by arrival; `Workload.trial` is an index into these columns."""

    classes: tuple[str, ...]  # the names of the classes
    trial_class: Int  # (n) index into them
    number: Int  # (n) from 1, in the class
    arrival: Int  # (n) [min]
    coordinating: Int  # (n) index of the coordinating site, or NONE
    sponsor: Int  # (n) index of the sponsor among all sponsors of all types, or NONE
    in_scope: NDArray[np.bool_]  # (n) the trials that the goal is about
    attributes: Mapping[str, NDArray[np.generic]]  # (n) each: the attributes of the class, drawn where they are shares

    def __len__(self) -> int:
        return len(self.trial_class)

    @property
    def label(self) -> tuple[str, ...]:
        """(n) the class and the number in the class, such as "early_oncology_industry-42"."""
        return tuple(f"{self.classes[i]}-{k}" for i, k in zip(self.trial_class, self.number, strict=True))


@dataclass(frozen=True, slots=True)
class Replication:
    """Replication `number` of a scenario: what an engine runs, and who is in it."""

    number: int
    trials: Trials
    workload: Workload
    site_in_scope: NDArray[np.bool_]  # (sites of the network) the sites that the goal is about
