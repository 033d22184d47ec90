"""The form of the code is ruff's, by the rules of `pyproject.toml`."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("sim", "tests", "benchmarks", "notebooks")


@pytest.mark.skipif(importlib.util.find_spec("ruff") is None, reason="needs ruff, of the extra test")
@pytest.mark.parametrize("words", [("check", "--output-format", "concise"), ("format", "--check")])
def test_ruff_has_nothing_to_say(words: tuple[str, ...]) -> None:
    """`ruff check` and `ruff format --check` find nothing."""
    done = subprocess.run([sys.executable, "-m", "ruff", *words, *PLACES], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
