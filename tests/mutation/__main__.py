"""The command: break a share of the places of some files, within so many minutes, and say what survived."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import unified_diff
from pathlib import Path
from typing import Any

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.reach import Reach, all_tests, measured
from tests.mutation.trial import attempt, warm

PATIENCE = 4.0
"""A mutant may take so many times the time of its tests."""
START = 10.0
"""[s] besides, to import and collect."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Break, and print the table; 1 if a mutant survived."""
    options = _options(arguments)
    options.results.mkdir(parents=True, exist_ok=True)
    warm()
    reach = measured(options.results / "reach.json", all_tests())
    log = options.results / "mutants.jsonl"
    known = {entry["key"]: entry for entry in _entries(log)}
    until = time.monotonic() + options.minutes * 60
    chosen = [mutant for file in options.files for mutant in mutants(file, options.sample / 100)]
    for mutant in random.Random(0).sample(chosen, len(chosen)):  # so that the time left is shared by all files
        if time.monotonic() < until and _is_due(known.get(mutant.key), options.tests):
            known[mutant.key] = _break(mutant, reach, options.tests)
            with log.open("a", encoding="utf-8") as out:
                out.write(json.dumps(known[mutant.key]) + "\n")
    return _show([known[mutant.key] for mutant in chosen if mutant.key in known], chosen)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument(
        "files", nargs="*", type=Path, help="default: every file of the stages, the model and the engines"
    )
    parser.add_argument("--sample", type=float, default=100.0, metavar="%", help="share of the places [%%]")
    parser.add_argument("--minutes", type=float, default=60.0, help="start no mutant after so long [min]")
    parser.add_argument(
        "--tests", type=float, default=20.0, help="tests of one mutant, at most [s]; survivors of fewer are tried again"
    )
    parser.add_argument("--results", type=Path, default=Path("out/mutation"), help="folder to continue in")
    options = parser.parse_args(arguments)
    options.files = options.files or sorted(
        each
        for part in ("scenario/lowering.py", "scenario/stages/*.py", "model/*.py", "engine/*.py")
        for each in Path("sim").glob(part)
    )
    return options


def _entries(log: Path) -> Iterator[dict[str, Any]]:
    if log.exists():
        yield from map(json.loads, log.read_text(encoding="utf-8").splitlines())


def _is_due(entry: dict[str, Any] | None, budget: float) -> bool:
    """Not tried yet, or alive after fewer tests than may be run now."""
    return entry is None or (entry["outcome"] == "survived" and entry["budget"] < budget)


def _break(mutant: Mutant, reach: Reach, budget: float) -> dict[str, Any]:
    source = mutant.source()
    entry = {"key": mutant.key, **asdict(mutant), "budget": budget, "outcome": "no Python"}
    if source is None:
        return entry
    tests = reach.tests(mutant.file, mutant.line, budget)
    longest = START + PATIENCE * sum(reach.seconds[test] for test in tests)
    with tempfile.TemporaryDirectory() as scratch:
        verdict = attempt(mutant.file, source, tests, longest, Path(scratch))
    real = Path(mutant.file).read_text(encoding="utf-8")
    changed = unified_diff(real.splitlines(), source.splitlines(), n=0, lineterm="")
    lines = [line for line in changed if line[:3] not in ("---", "+++") and line[0] != "@"]
    return {**entry, **asdict(verdict), "diff": lines}


def _show(entries: Sequence[dict[str, Any]], chosen: Sequence[Mutant]) -> int:
    """The table by file, then every survivor."""
    by_file = Counter((entry["file"], entry["outcome"]) for entry in entries)
    print("| file | places | tried | killed | timed out | survived |", "|---|---|---|---|---|---|", sep="\n")
    for file, places in Counter(mutant.file for mutant in chosen).items():
        killed, late, survived = (by_file[file, outcome] for outcome in ("killed", "timeout", "survived"))
        print(f"| `{file}` | {places} | {killed + late + survived} | {killed} | {late} | {survived} |")
    alive = [entry for entry in entries if entry["outcome"] == "survived"]
    for entry in alive:
        print("", f"{entry['file']}:{entry['line']}:{entry['column']} {entry['operator']}", *entry["diff"], sep="\n")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
