"""What can be broken in a file: every place where an operator of cosmic-ray applies, each broken in one way.

An operator often has several replacements for one place (`<` becomes `<=`, `>`, `==`, ...). One of them is drawn, the
same whenever the file is the same. Places that say nothing about behaviour are left out: annotations, `slots`, and the
words of an error message. cosmic-ray is imported where it is used: pytest imports this file to look for doctests.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

Place = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Mutant:
    """One broken place of a file."""

    file: str
    digest: str  # of the file, so that a result is not taken for one about another version
    operator: str
    occurrence: int
    line: int
    column: int

    @property
    def key(self) -> str:
        """A name that no other mutant has."""
        return " ".join(map(str, asdict(self).values()))

    def source(self) -> str | None:
        """The whole file with the place broken; None if that is no Python."""
        from cosmic_ray.mutating import mutate_code
        from cosmic_ray.operators.provider import OperatorProvider

        operator = OperatorProvider()[self.operator]()
        broken: str | None = mutate_code(Path(self.file).read_text(encoding="utf-8"), operator, self.occurrence)
        try:
            compile(broken or "?", self.file, "exec")
        except SyntaxError:
            return None
        return broken


def mutants(file: Path, share: float) -> list[Mutant]:
    """A share (0 to 1) of the places of a file, in the order of the file."""
    source = file.read_text(encoding="utf-8")
    digest = sha256(source.encode()).hexdigest()[:8]
    silent = _silent(source)
    found = sorted(entry for entry in _applicable(source) if not any(_inside(entry[0], place) for place in silent))
    drawn = random.Random(digest)
    chosen = [drawn.choice(list(ways)) for _, ways in groupby(found, key=lambda entry: entry[:2])]
    chosen = [way for way in chosen if drawn.random() < share]
    return [Mutant(str(file), digest, name, number, *place[0]) for place, _, name, number in chosen]


def _applicable(source: str) -> Iterator[tuple[Place, str, str, int]]:
    """Each place, the kind of operator, the operator, and the number of the place among those of the operator."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.operators.provider import OperatorProvider

    nodes = list(ast_nodes(get_ast(source)))
    for name in OperatorProvider():
        kind = OperatorProvider()[name]
        if not kind.arguments():
            places = (place for node in nodes for place in kind().mutation_positions(node))
            for number, place in enumerate(places):
                yield place, name.split("_")[0], name, number


@cache
def _silent(source: str) -> tuple[Place, ...]:
    """The places of annotations, of `slots=True` and of the words of errors."""
    nodes: list[Any] = []
    for node in ast.walk(ast.parse(source)):
        nodes += [node.annotation] if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation else []
        nodes += [node.returns] if isinstance(node, ast.FunctionDef) and node.returns else []
        nodes += [node.value] if isinstance(node, ast.keyword) and node.arg == "slots" else []
        raised = ast.walk(node) if isinstance(node, ast.Raise) else ()
        nodes += [words for words in raised if isinstance(words, ast.JoinedStr)]
    return tuple(((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)) for node in nodes)


def _inside(place: Place, outer: Place) -> bool:
    return outer[0] <= place[0] and place[1] <= outer[1]
