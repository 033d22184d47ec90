"""The shape of the package: imports follow the line, every third-party package has its door, nothing lies unused."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = {
    "tables": 0,
    "scenario": 0,
    "model": 1,
    "engine": 2,
    "experiment": 3,
    "analysis": 3,
    "report": 4,
    "own": 4,
    "logs": 4,
    "regression": 5,
    "uncertainty": 4,
    "verification": 5,
    "decisions": 5,
    "page": 6,
    "explore": 7,
    "cli": 8,
    "__main__": 9,
}
"""Imports go to the same layer or to a lower one."""

UPWARD_DOORS = {
    ("sim.experiment.results", "sim.report.plots"),
    ("sim.experiment.results", "sim.logs.activities"),
    ("sim.uncertainty.sensitivity", "sim.report.sensitivity"),
}
"""A result draws itself and lists its events, and a sensitivity analysis too: imports inside functions."""

THIRD_PARTY = {
    "numpy": (
        "sim.scenario.language.distributions",
        "sim.model",
        "sim.engine",
        "sim.experiment",
        "sim.analysis",
        "sim.report",
        "sim.own",
        "sim.logs",
        "sim.regression",
        "sim.uncertainty",
        "sim.verification",
        "sim.decisions",
    ),
    "scipy": (
        "sim.scenario.language.distributions",
        "sim.scenario.language.ranges",
        "sim.analysis",
        "sim.uncertainty",
        "sim.verification",
        "sim.regression.equivalence",
        "sim.decisions",
        "sim.own",
    ),
    "SALib": ("sim.uncertainty",),
    "simpy": ("sim.engine",),
    "holidays": ("sim.scenario.files",),
    "numba": ("sim.engine", "sim.model.compiled_draws"),
    "pyarrow": ("sim.experiment", "sim.logs", "sim.regression"),
    "openpyxl": ("sim.own.sheets", "sim.logs", "sim.page.workbook"),
    "distributed": ("sim.experiment.workers",),
    "pandas": (
        "sim.tables",
        "sim.experiment",
        "sim.analysis",
        "sim.report",
        "sim.regression",
        "sim.verification",
        "sim.decisions",
        "sim.logs",
    ),
    "matplotlib": (
        "sim.report.plots",
        "sim.report.unsure",
        "sim.report.sensitivity",
        "sim.report.output",
        "sim.experiment.results",
        "sim.own.pictures",
        "sim.decisions.curves",
        "sim.decisions.bars",
    ),
    "pydantic": ("sim.scenario", "sim.own.mapping", "sim.own.overlay"),
    "yaml": ("sim.scenario.language.tree",),
    "starlette": ("sim.explore.server",),
    "uvicorn": ("sim.explore.server",),
    "jinja2": ("sim.page.html",),
    "markupsafe": ("sim.page.html",),
    "typer": ("sim.cli",),
    "pytest": ("sim.regression.pytest_plugin",),
    "rich": ("sim.cli", "sim.report", "sim.verification"),
}
HEAVY = {"SALib", "openpyxl", "jinja2", "scipy", "pandas", "matplotlib", "numba", "pyarrow", "distributed"}
"""Imported inside the functions that need them, so that a command pays only for what it uses."""

CHOSEN_BY_NAME = ("sim.engine.", "sim.model.compiled_draws")
"""Imported only when chosen, by name or because numba is at work already; may import what is heavy at their top."""

ENTRY_POINTS = {"sim", "sim.cli", "sim.__main__", "sim.regression.pytest_plugin"}

BROUGHT_BY_OTHERS = {"markupsafe", "pytest", "distributed"}
"""Imported only by a plugin of the package that brings it, or when the user asks for it."""


@dataclass(frozen=True)
class Import:
    """One import of `target` (a module of sim, or a third-party package) by `module`."""

    module: str
    target: str
    inside_function: bool


def module_name(path: Path) -> str:
    """The dotted name of a file of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for path in sorted((ROOT / "sim").rglob("*.py"))}


@cache
def tree(module: str) -> ast.Module:
    """The syntax tree of a module of the package."""
    return ast.parse(SOURCES[module].read_text(encoding="utf-8"))


def type_checking_only(node: ast.AST) -> bool:
    """Whether this is an `if TYPE_CHECKING:` block."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imports_below(module: str, node: ast.AST, inside: bool, *, types: bool = False) -> Iterator[Import]:
    """Every import in a syntax tree that happens at run time; with `types`, those of annotations too."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(module, alias.name, inside) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{module}:{child.lineno}: a relative import"
            for alias in child.names:
                longer = f"{child.module}.{alias.name}"
                yield Import(module, longer if longer in SOURCES else str(child.module), inside)
        elif types or not type_checking_only(child):
            deeper = inside or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            yield from imports_below(module, child, deeper, types=types)


IMPORTS = [each for module in SOURCES for each in imports_below(module, tree(module), False)]
INTERNAL = [each for each in IMPORTS if each.target.split(".")[0] == "sim"]
EXTERNAL = [
    each for each in IMPORTS if each.target.split(".")[0] not in {"sim", "__future__", *sys.stdlib_module_names}
]


def layer(module: str) -> int:
    """How high a module stands; the table of contents, `sim`, may be read from everywhere."""
    return LAYERS[module.split(".")[1]] if "." in module else -1


def functions(module: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, methods and nested ones included."""
    return (node for node in ast.walk(tree(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The length of a function without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def public_definitions(module: str) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """The public functions and classes of a module, and the methods that its public classes do not only demand."""
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                methods = [
                    each for each in node.body if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
                ]
                yield from (method for method in methods if ast.unparse(method.body[-1]) != "...")


def test_imports_follow_the_line() -> None:
    """scenario <- model <- engine <- experiment, analysis <- report <- cli: nothing imports what stands above it."""
    upward = [each for each in INTERNAL if layer(each.target) > layer(each.module) >= 0]
    assert [each for each in upward if (each.module, each.target) not in UPWARD_DOORS or not each.inside_function] == []


def test_no_module_needs_itself() -> None:
    """No circle between modules, inside a package or for the types alone, but through a door or the contents."""
    with_types = [each for module in SOURCES for each in imports_below(module, tree(module), False, types=True)]
    graph: dict[str, set[str]] = {module: set() for module in SOURCES}
    for each in with_types:
        if each.target in SOURCES and each.module != "sim" and (each.module, each.target) not in UPWARD_DOORS:
            graph[each.module].add(each.target)
    assert len(list(TopologicalSorter(graph).static_order())) == len(SOURCES)


def test_every_upward_door_is_used() -> None:
    """An exception that nothing needs any more is taken out of the list."""
    assert {(each.module, each.target) for each in INTERNAL} >= UPWARD_DOORS


def test_third_party_packages_have_their_door() -> None:
    """Each dependency is imported only where the design says, and only if it has a door at all."""
    strays = [
        each
        for each in EXTERNAL
        if not any(f"{each.module}.".startswith(f"{door}.") for door in THIRD_PARTY.get(each.target.split(".")[0], ()))
    ]
    assert strays == []


def test_heavy_packages_are_imported_where_they_are_used() -> None:
    """pandas, scipy, matplotlib and numba are never paid for by a command that does not need them."""
    heavy = [each for each in EXTERNAL if each.target.split(".")[0] in HEAVY and not each.inside_function]
    chosen = [each for each in INTERNAL if each.target.startswith(CHOSEN_BY_NAME) and not each.inside_function]
    assert [each for each in heavy if not each.module.startswith(CHOSEN_BY_NAME)] == []
    assert [each for each in chosen if not each.module.startswith(CHOSEN_BY_NAME)] == []


def test_declared_dependencies_are_those_imported() -> None:
    """pyproject.toml names exactly the packages that the code imports."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {line.split(">=")[0] for line in project["dependencies"]}
    assert declared - {"pyyaml"} | {"yaml"} == {each.target.split(".")[0] for each in EXTERNAL} - BROUGHT_BY_OTHERS


def test_every_module_is_used() -> None:
    """No module of the package that nothing imports."""
    lazily = set(__import__("sim")._CONTENTS.values())
    named = {
        node.value
        for module in SOURCES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in SOURCES
    }
    used = {each.target for each in INTERNAL if each.target != each.module} | lazily | named | ENTRY_POINTS
    packages = {module for module, path in SOURCES.items() if path.name == "__init__.py"}
    assert set(SOURCES) - used - packages == set()


def test_public_names_say_their_promise() -> None:
    """Every module that is not empty begins with its docstring, and every public function, class and method has one."""
    silent = [
        f"{module}.{node.name}"
        for module in SOURCES
        for node in public_definitions(module)
        if not ast.get_docstring(node)
    ]
    assert silent == []
    assert [module for module in SOURCES if tree(module).body and not ast.get_docstring(tree(module))] == []


def test_functions_stay_short() -> None:
    """At most 45 lines a function."""
    lengths = {
        f"{module}.{function.name}": body_lines(function) for module in SOURCES for function in functions(module)
    }
    assert {name: length for name, length in lengths.items() if length > 45} == {}


ENTERED = """
import contextlib, io, sys
seen = set()
root = sys.argv[1]
sys.argv = ["trialstart", *"run france --replications 2 --jobs 1 --engine simpy --out".split(), sys.argv[2]]
NEW_LOCALS = 2  # of a function, not of the body of a class
sys.setprofile(
    lambda frame, event, argument: seen.add(frame.f_code.co_filename) if frame.f_code.co_flags & NEW_LOCALS else None
)
from sim.cli import main
try:
    with contextlib.redirect_stdout(io.StringIO()):
        main()
except SystemExit:
    pass
sys.setprofile(None)
print(*sorted(name for name in seen if name.startswith(root)), sep="\\n")
"""


@pytest.mark.slow
def test_a_run_goes_through_few_files(tmp_path: Path) -> None:
    """`trialstart run france` calls functions of at most 85 files, far from all of the package."""
    command = [sys.executable, "-c", ENTERED, str(ROOT / "sim"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    entered = done.stdout.split()
    assert 30 < len(entered) <= 85, entered
