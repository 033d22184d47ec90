"""What is drawn once for all scenarios that leave it alone, counted in draws; and that nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import pytest

from sim.experiment.running import compare
from sim.model.draws import Draws
from sim.model.kept import keeping
from sim.model.plan import Plan
from sim.model.trials import Replication
from sim.scenario.loading import Loaded, read
from sim.uncertainty.unknowns import Unknowns

SHORT = ("windows.warm_up=30 d", "windows.observation=60 d", "windows.follow_up=120 d")
FRANCE = ("france", "france_parallel", "france_pledge", "france_late_talks", "france")


def plan(name: str, *changes: str) -> Plan:
    """A shipped scenario over a short time."""
    return _plan(read(name, set_=(*SHORT, *changes)))


def _plan(loaded: Loaded) -> Plan:
    return Plan(loaded.scenario, loaded.process)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The quantities that are drawn from now on."""
    told: list[str] = []
    uniform = Draws.uniform

    def telling(draws: Draws, quantity: str, *keys: object) -> object:
        told.append(quantity)
        return uniform(draws, quantity, *keys)  # type: ignore[arg-type]

    monkeypatch.setattr(Draws, "uniform", telling)
    return told


def same(one: Replication, other: Replication) -> bool:
    """Whether two replications agree in every column of their trials and of their workload."""
    return all(
        np.array_equal(getattr(mine, each.name), getattr(theirs, each.name))
        for mine, theirs in ((one.workload, other.workload), (one.trials, other.trials))
        for each in fields(mine)
        if each.name != "attributes"
    ) and all(np.array_equal(one.trials.attributes[name], each) for name, each in other.trials.attributes.items())


@pytest.mark.parametrize(("name", "changes"), [("france", ("pools.assessors.units=300",)), ("france_parallel", ())])
def test_what_leaves_the_luck_alone_draws_nothing(drawn: list[str], name: str, changes: tuple[str, ...]) -> None:
    """Of two scenarios that differ in people or in who waits for whom, each quantity is drawn for the first only."""
    first, second = plan("france"), plan(name, *changes)
    with keeping():
        first.replication(1, 0)
        assert len(drawn) > 100
        drawn.clear()
        second.replication(1, 0)
        assert drawn == []


def test_other_replications_and_other_blocks_draw_everything(drawn: list[str]) -> None:
    """The next replication, another seed, and whoever keeps nothing start anew."""
    france = plan("france")
    france.replication(1, 0)
    everything = [*drawn]
    for seed, number in ((1, 0), (1, 1), (2, 1)):
        drawn.clear()
        with keeping():
            france.replication(seed, number)
        assert len(drawn) == len(everything)
    with keeping():
        drawn.clear()
        for number in (0, 1, 0):
            france.replication(1, number)
        assert len(drawn) == 3 * len(everything)


def test_other_candidates_leave_the_trials_alone(drawn: list[str]) -> None:
    """Where more patients are known, the arrivals and the sites of trials are not drawn again, the patients are."""
    first, second = plan("france"), plan("france", "inclusion.known.share=50 %")
    with keeping():
        first.replication(1, 0)
        drawn.clear()
        second.replication(1, 0)
    assert "patient known" in drawn
    assert not {"arrival", "choice of sites"} & {*drawn}


def test_a_comparison_draws_a_replication_once(drawn: list[str]) -> None:
    """Scenarios with other people, in one process: as many draws as for the first of them alone."""
    people = {str(units): read("france", set_=(*SHORT, f"pools.assessors.units={units}")) for units in (200, 300, 400)}
    alone = {"200": people["200"]}
    how = {"replications": 2, "jobs": 1, "engine": "simpy"}
    compare(alone, **how, structure=False)
    once = sorted(drawn)
    drawn.clear()
    compare(people, **how, structure=False)
    assert sorted(drawn) == once


def unsure(part: slice) -> Iterator[Loaded]:
    """The first French scenario with each of some things that nobody knows at an end of its range."""
    unknowns = Unknowns({"france": "france"}, SHORT)
    yield from (unknowns.scenario("france", {name: 0.97}) for name in unknowns.names[part])


def test_nobody_can_tell() -> None:
    """Scenario after scenario, what was kept is what would have been drawn, to the bit."""
    nobody_can_tell([*(read(name, set_=SHORT) for name in FRANCE), *unsure(np.s_[::10])])


@pytest.mark.slow
def test_nobody_can_tell_whatever_is_unsure() -> None:
    """The same for everything that nobody knows."""
    nobody_can_tell([*unsure(np.s_[:])])


def nobody_can_tell(scenarios: list[Loaded]) -> None:
    """Replications drawn one after the other are those drawn alone."""
    with keeping():
        kept = [_plan(each).replication(1, 0) for each in scenarios]
    assert all(same(found, _plan(each).replication(1, 0)) for each, found in zip(scenarios, kept, strict=True))


def test_nobody_writes_to_what_is_kept() -> None:
    """An engine and the measures leave a workload as it was."""
    from sim.analysis.indicators import measure
    from sim.engine.simpy_engine import simulate

    france = plan("france")
    with keeping():
        replication = france.replication(1, 0)
        measure(france, replication, simulate(france.network, replication.workload))
        again = france.replication(1, 0)
    assert again.workload is replication.workload
    assert same(again, france.replication(1, 0))
