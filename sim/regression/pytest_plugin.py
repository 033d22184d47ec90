"""A pytest plugin for people who test scenarios of their own: the fixture `timeline_regression`.

    def test_my_region(timeline_regression):
        timeline_regression("my_region.yaml")

A scenario is looked for beside the test first. Baselines are in `baselines` below the root of the tests, or where
`--trialstart-baseline` says; `--trialstart-update` writes them. Nothing of the simulation is imported until a test asks
for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_CHANGES = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two options."""
    group = parser.getgroup("trialstart")
    group.addoption("--trialstart-baseline", metavar="DIR", help="folder of baselines; `baselines` below the root")
    group.addoption("--trialstart-update", action="store_true", help="write new baselines, and say what changed")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What an update changed, in words."""
    if lines := config.stash.get(_CHANGES, []):
        terminalreporter.section("baselines of trialstart")
        for line in lines:
            terminalreporter.line(line)


@dataclass(frozen=True)
class TimelineRegression:
    """What the fixture gives: called with a scenario, it fails the test if anything moved."""

    folder: Path
    beside: Path
    update: bool
    changes: list[str]

    def __call__(
        self,
        scenario: str | Path,
        *,
        replications: int | None = None,
        seed: int | None = None,
        engine: str = "auto",
        statistical: bool = False,
    ) -> None:
        """Hold a scenario against its baseline; the parameters are those of `trialstart regress`."""
        from sim.regression.baselines import Baseline
        from sim.regression.sentences import words
        from sim.regression.tiers import Asked, regress

        own = self.beside / scenario
        asked = Asked(replications, seed, engine, self.update, statistical)
        try:
            (found,) = regress([own if own.is_file() else scenario], self.folder, asked)
        except ValueError as error:
            pytest.fail(f"{error} (with pytest: --trialstart-update)", pytrace=False)
        if self.update:
            self.changes.extend(words(found))
        elif not isinstance(found, Baseline) and not found.kept:
            pytest.fail("\n".join(words(found)), pytrace=False)


@pytest.fixture
def timeline_regression(request: pytest.FixtureRequest) -> TimelineRegression:
    """Fails a test if a scenario does not give the dates and the numbers of its baseline."""
    config = request.config
    given = config.getoption("--trialstart-baseline")
    folder = config.invocation_params.dir / given if given else config.rootpath / "baselines"
    changes = config.stash.setdefault(_CHANGES, [])
    return TimelineRegression(folder, request.path.parent, config.getoption("--trialstart-update"), changes)
