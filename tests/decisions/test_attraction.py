"""More trials come because it is faster: the volume at which speed and volume agree."""

from __future__ import annotations

from math import log
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.decisions.attraction import attracted, leading
from sim.scenario.loading import load

OFFICE = """\
title: {{en: {name}, fr: {name}}}
assumption: {{range: [0, 1], why: made up for a test}}
origin: 2025-01-01
windows: {{warm_up: 30 d, observation: 200 d, follow_up: 100 d}}
goal: {{from: asked, to: answered, within: 5 d, counted: calendar, prerequisites: [answered]}}
classes:
  - {{name: files, volume: 120 /year, attributes: {{urgent: true}}}}
  - {{name: others, volume: 30 /year, attributes: {{urgent: false}}}}
pools: {{office: {{units: {units}}}}}
tasks:
  - {{name: asked, work: exactly {days} d}}
  - {{name: answered, starts: asked, pool: office, work: {{mean: 3 d}}}}
indicators:
  - {{name: whole, from: arrived, to: answered}}
  - {{name: rest, from: asked, to: answered}}
"""


def office(folder: Path, name: str, days: int, units: int) -> Path:
    """A scenario in which a file is asked for after some days and then waits for the office."""
    path = folder / f"{name}.yaml"
    path.write_text(OFFICE.format(name=name, days=days, units=units), encoding="utf-8")
    return path


@pytest.mark.slow
def test_where_nobody_waits_the_whole_gain_stays(tmp_path: Path) -> None:
    """Days do not depend on the volume: it becomes the ratio of the days to the power of the elasticity."""
    slow, fast = office(tmp_path, "slow", 40, 999), office(tmp_path, "fast", 10, 999)
    found = attracted(slow, fast, [0.5, 1.0], replications=4, jobs=1, engine="simpy")
    ratio = found.reference.days(found.indicator) / found.unanswered.days(found.indicator)
    assert ratio == pytest.approx((40 + 3 * log(2)) / (10 + 3 * log(2)), rel=0.05)
    for each in found.drawn:
        now = found.reference.days(found.indicator) / each.at.days(found.indicator)
        assert each.at.factor == pytest.approx(now**each.elasticity, rel=0.02)
    assert found.drawn[0].at.factor < found.drawn[1].at.factor


@pytest.mark.slow
def test_a_queue_takes_some_of_the_gain_back(tmp_path: Path) -> None:
    """With two people the volume settles below what the speed alone would draw, and the wait for them grows."""
    slow, fast = office(tmp_path, "slow", 40, 2), office(tmp_path, "fast", 10, 2)
    found = attracted(slow, fast, [1.0], replications=6, jobs=1, engine="simpy")
    (drawn,) = found.drawn
    alone = found.reference.days(found.indicator) / found.unanswered.days(found.indicator)
    assert 1 < drawn.at.factor < 0.9 * alone
    at = found.reference.days(found.indicator) / drawn.at.days(found.indicator)
    assert drawn.at.factor == pytest.approx(at, rel=0.02)
    pool, before, after = found.slower(drawn) or ("", 0.0, 0.0)
    assert pool == "office" and after > before
    assert drawn.at.share.value < found.unanswered.share.value


def test_only_the_trials_of_the_goal_are_drawn(tmp_path: Path) -> None:
    """A class that the goal is not about keeps its volume; a class may be named."""
    file = office(tmp_path, "urgent", 10, 9)
    file.write_text(file.read_text(encoding="utf-8").replace("within: 5 d", "within: 5 d, scope: {urgent: true}"))
    assert [each.name for each in attracted(file, file, [1.0], replications=2, jobs=1).classes] == ["files"]
    named = attracted(file, file, [1.0], replications=2, jobs=1, classes=["others"])
    assert [each.name for each in named.classes] == ["others"]


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    """No elasticity, one of nothing, a class that is not there, no goal, nothing that leads to it from before."""
    file = office(tmp_path, "one", 10, 9)
    for elasticities in ([], [0.0]):
        with pytest.raises(ValueError, match="elasticity: must be above 0"):
            attracted(file, file, elasticities, replications=2, jobs=1)
    with pytest.raises(ValueError, match="class: must be a class with a volume, got 'none'"):
        attracted(file, file, [1.0], classes=["none"], replications=2, jobs=1)
    with pytest.raises(ValueError, match="indicators: must have one to answered from another event"):
        leading(load(file).model_copy(update={"indicators": ()}))


@pytest.mark.slow
def test_the_command_answers_in_both_languages(tmp_path: Path) -> None:
    """Sentences with the assumption said, a table; a line for each elasticity as JSON."""
    slow, fast = office(tmp_path, "slow", 40, 2), office(tmp_path, "fast", 10, 2)
    command = [
        "attract",
        str(slow),
        str(fast),
        "--elasticity",
        "1",
        "--replications",
        "2",
        "--jobs",
        "1",
        "--engine",
        "simpy",
    ]
    said = CliRunner().invoke(app, [*command, "--lang", "fr", "--out", str(tmp_path / "out")])
    assert said.exit_code == 0 and "Une élasticité est une hypothèse" in said.stdout
    assert (tmp_path / "out" / "answer.txt").read_text(encoding="utf-8") == said.stdout
    lines = CliRunner().invoke(app, [*command, "--format", "json", "--out", str(tmp_path / "out")])
    assert lines.stdout.count('"what"') == 3
    wrong = CliRunner().invoke(app, [*command[:3], "--elasticity", "many"])
    assert wrong.exit_code == 2 and "elasticity: must be numbers such as 0.5,1,2" in wrong.stderr
