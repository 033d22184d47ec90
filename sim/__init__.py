"""Clinical-trial start-up, simulated: the table of contents of the package.

>>> import sim
>>> print(*sorted(sim.__all__))
Options __version__ backtest compare fit_tracker levers load open pull read_tracker run sensitivity

Each name is imported from its module at first use, so that `import sim` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.options import Options
    from sim.experiment.running import compare, open, run
    from sim.own.backtest import backtest
    from sim.own.overlay import fit_tracker
    from sim.own.reading import read_tracker
    from sim.scenario.levers import levers
    from sim.scenario.loading import load, pull
    from sim.uncertainty.sensitivity import sensitivity

__version__ = "0.1.0"
__all__ = [
    "Options",
    "__version__",
    "backtest",
    "compare",
    "fit_tracker",
    "levers",
    "load",
    "open",
    "pull",
    "read_tracker",
    "run",
    "sensitivity",
]

_CONTENTS = {
    "Options": "sim.experiment.options",
    "load": "sim.scenario.loading",
    "levers": "sim.scenario.levers",
    "pull": "sim.scenario.loading",
    "run": "sim.experiment.running",
    "compare": "sim.experiment.running",
    "open": "sim.experiment.running",
    "read_tracker": "sim.own.reading",
    "backtest": "sim.own.backtest",
    "fit_tracker": "sim.own.overlay",
    "sensitivity": "sim.uncertainty.sensitivity",
}


def __getattr__(name: str) -> Any:
    if name not in _CONTENTS:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_CONTENTS[name]), name)


def __dir__() -> list[str]:
    return __all__
