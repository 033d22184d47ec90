"""Clinical-trial start-up, simulated: the table of contents of the package.

Scenarios, as people write them

- `load`: the scenario of a file or of a shipped name; `read` keeps beside it where everything was written
- `pull`: the same with more levers; `known_levers` are those that there are
- `differences`: what is different between two scenarios, in words
- `describe`: what a scenario simulates, as a page; `evidence`: where each of its numbers comes from
- `library`: the shipped scenarios; `schema`: the JSON Schema with which editors explain scenario files
- `Scenario`: everything about one way of starting trials; `Loaded`: what `read` gives

Answers, by simulation

- `run`: one scenario; `compare`: several on the same trials with the same luck; `Options`: how
- `by_group`: the goal by month, class or attribute
- `open`: what an experiment left in its folder
- `Result`: one scenario over its replications; `Comparison`: several results, the first one the reference

Data of one's own

- `read_tracker`: a table of dates from a tracker or CTMS; `fit_tracker`: a scenario with the times in it
- `backtest`: would the simulator have foretold what a tracker holds

Decisions

- `explain`: where the days go and who is waited for; `rerun`: what is gained without one task or with one team always
  free; `tell`: the story of one trial
- `levers`: what each lever adds; `sweep`: a grid of values
- `solve`: the smallest numbers that are enough, or the latest time; `Question`: of which scenario, for which share;
  `solve_by_year`: how many people each year needs
- `attract`: what is left of a gain when more trials come for it

How sure

- `sensitivity`: which of the numbers that nobody knows matter

Trust

- `check`: does a scenario keep what it promises
- `regress`: did anything move against a stored baseline; `verify`: does the simulator give what is known exactly

What may go wrong

- `ScenarioError`: mistakes in scenarios, each with its place; `BaselineError`: a baseline that is not there, or not one
- `CannotWrite`: a folder that is another experiment's, or cannot be written to
- `ReplicationFailed`: a replication that could not be computed; `Interrupted`: Ctrl-C, with what is finished

Each name is imported from its module at first use, so that `import sim` costs nothing.

>>> import sim
>>> sim.load("france").title.en
'France today'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.decisions.attraction import attracted as attract
    from sim.decisions.by_year import solve_by_year
    from sim.decisions.explaining import explain
    from sim.decisions.ledger import ledger as levers
    from sim.decisions.rerunning import rerun
    from sim.decisions.solving import Question
    from sim.decisions.solving import solve_for as solve
    from sim.decisions.sweep import sweep
    from sim.decisions.telling import tell
    from sim.experiment.groups import by_group
    from sim.experiment.options import Options
    from sim.experiment.results import Comparison, Result
    from sim.experiment.running import Interrupted, compare, open, run
    from sim.experiment.workers import ReplicationFailed
    from sim.experiment.writing import CannotWrite
    from sim.own.backtest import backtest
    from sim.own.overlay import fit_tracker
    from sim.own.reading import read_tracker
    from sim.regression.baselines import BaselineError
    from sim.regression.promises import check
    from sim.regression.tiers import regress
    from sim.report.model_page import model_page as describe
    from sim.scenario.differences import differences
    from sim.scenario.editor import json_schema as schema
    from sim.scenario.evidence import numbers as evidence
    from sim.scenario.language.mistakes import ScenarioError
    from sim.scenario.levers import levers as known_levers
    from sim.scenario.library import library
    from sim.scenario.loading import Loaded, load, pull, read
    from sim.scenario.schema import Scenario
    from sim.uncertainty.sensitivity import sensitivity
    from sim.verification.verify import verify

__version__ = "0.1.0"
__all__ = [
    "BaselineError",
    "CannotWrite",
    "Comparison",
    "Interrupted",
    "Loaded",
    "Options",
    "Question",
    "ReplicationFailed",
    "Result",
    "Scenario",
    "ScenarioError",
    "__version__",
    "attract",
    "backtest",
    "by_group",
    "check",
    "compare",
    "describe",
    "differences",
    "evidence",
    "explain",
    "fit_tracker",
    "known_levers",
    "levers",
    "library",
    "load",
    "open",
    "pull",
    "read",
    "read_tracker",
    "regress",
    "rerun",
    "run",
    "schema",
    "sensitivity",
    "solve",
    "solve_by_year",
    "sweep",
    "tell",
    "verify",
]

_CONTENTS = {
    "BaselineError": "sim.regression.baselines",
    "CannotWrite": "sim.experiment.writing",
    "Comparison": "sim.experiment.results",
    "Interrupted": "sim.experiment.running",
    "Loaded": "sim.scenario.loading",
    "Options": "sim.experiment.options",
    "Question": "sim.decisions.solving",
    "ReplicationFailed": "sim.experiment.workers",
    "Result": "sim.experiment.results",
    "Scenario": "sim.scenario.schema",
    "ScenarioError": "sim.scenario.language.mistakes",
    "attract": "sim.decisions.attraction",
    "backtest": "sim.own.backtest",
    "by_group": "sim.experiment.groups",
    "check": "sim.regression.promises",
    "compare": "sim.experiment.running",
    "describe": "sim.report.model_page",
    "differences": "sim.scenario.differences",
    "evidence": "sim.scenario.evidence",
    "explain": "sim.decisions.explaining",
    "fit_tracker": "sim.own.overlay",
    "known_levers": "sim.scenario.levers",
    "levers": "sim.decisions.ledger",
    "library": "sim.scenario.library",
    "load": "sim.scenario.loading",
    "open": "sim.experiment.running",
    "pull": "sim.scenario.loading",
    "read": "sim.scenario.loading",
    "read_tracker": "sim.own.reading",
    "regress": "sim.regression.tiers",
    "rerun": "sim.decisions.rerunning",
    "run": "sim.experiment.running",
    "schema": "sim.scenario.editor",
    "sensitivity": "sim.uncertainty.sensitivity",
    "solve": "sim.decisions.solving",
    "solve_by_year": "sim.decisions.by_year",
    "sweep": "sim.decisions.sweep",
    "tell": "sim.decisions.telling",
    "verify": "sim.verification.verify",
}
_CALLED_THERE = {
    "attract": "attracted",
    "describe": "model_page",
    "evidence": "numbers",
    "known_levers": "levers",
    "levers": "ledger",
    "schema": "json_schema",
    "solve": "solve_for",
}


def __getattr__(name: str) -> Any:
    if name not in _CONTENTS:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_CONTENTS[name]), _CALLED_THERE.get(name, name))


def __dir__() -> list[str]:
    return __all__
