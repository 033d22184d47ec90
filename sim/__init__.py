"""Clinical-trial start-up, simulated: the table of contents of the package.

Scenarios, as people write them

- `load`: the scenario of a file or of a shipped name; `read` keeps beside it where everything was written
- `pull`: the same with more levers; `levers` are those that there are
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

- `ledger`: what each lever adds; `sweep`: a grid of values
- `solve`: the smallest numbers that are enough, or the latest time; `Question`: of which scenario, for which share
- `attract`: what is left of a gain when more trials come for it

How sure

- `sensitivity`: which of the numbers that nobody knows matter

Trust

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
    from sim.decisions.ledger import ledger
    from sim.decisions.solving import Question
    from sim.decisions.solving import solve_for as solve
    from sim.decisions.sweep import sweep
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
    from sim.regression.tiers import regress
    from sim.report.model_page import model_page as describe
    from sim.scenario.differences import differences
    from sim.scenario.editor import json_schema as schema
    from sim.scenario.evidence import numbers as evidence
    from sim.scenario.language.mistakes import ScenarioError
    from sim.scenario.levers import levers
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
    "compare",
    "describe",
    "differences",
    "evidence",
    "fit_tracker",
    "ledger",
    "levers",
    "library",
    "load",
    "open",
    "pull",
    "read",
    "read_tracker",
    "regress",
    "run",
    "schema",
    "sensitivity",
    "solve",
    "sweep",
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
    "compare": "sim.experiment.running",
    "describe": "sim.report.model_page",
    "differences": "sim.scenario.differences",
    "evidence": "sim.scenario.evidence",
    "fit_tracker": "sim.own.overlay",
    "ledger": "sim.decisions.ledger",
    "levers": "sim.scenario.levers",
    "library": "sim.scenario.library",
    "load": "sim.scenario.loading",
    "open": "sim.experiment.running",
    "pull": "sim.scenario.loading",
    "read": "sim.scenario.loading",
    "read_tracker": "sim.own.reading",
    "regress": "sim.regression.tiers",
    "run": "sim.experiment.running",
    "schema": "sim.scenario.editor",
    "sensitivity": "sim.uncertainty.sensitivity",
    "solve": "sim.decisions.solving",
    "sweep": "sim.decisions.sweep",
    "verify": "sim.verification.verify",
}
_CALLED_THERE = {
    "attract": "attracted",
    "describe": "model_page",
    "evidence": "numbers",
    "schema": "json_schema",
    "solve": "solve_for",
}


def __getattr__(name: str) -> Any:
    if name not in _CONTENTS:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_CONTENTS[name]), _CALLED_THERE.get(name, name))


def __dir__() -> list[str]:
    return __all__
