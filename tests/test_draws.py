"""Draws: the published generator, found by name and by nothing else, and exact transforms."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import draws
from sim.model.draws import Draws, from_shares, gamma, geometric, philox, stable_id, whole_minutes

PI = "243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0"  # digits of pi, as the published vectors use them
PUBLISHED = {
    "00000000 00000000 00000000 00000000 00000000 00000000": "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff": "408f276d 41c83b0e a20bc7c6 6d5451fd",
    PI: "d16cfe09 94fdcceb 5001e420 24126ea1",
}
"""Rows `philox4x32 10` of kat_vectors of Random123 (Salmon et al. 2011): counter and key, then the words."""

words = st.integers(0, 2**32 - 1)


def by_hand(counter: list[int], key: list[int]) -> list[int]:
    """Philox4x32-10 of one counter in whole numbers, as the paper writes it."""
    (a, b, c, d), (k, m) = counter, key
    for _ in range(10):
        left, right = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (right >> 32) ^ b ^ k, right % 2**32, (left >> 32) ^ d ^ m, left % 2**32
        k, m = (k + 0x9E3779B9) % 2**32, (m + 0xBB67AE85) % 2**32
    return [a, b, c, d]


def numbers(text: str) -> list[int]:
    """The hexadecimal numbers of a line."""
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize("given_words", PUBLISHED)
def test_the_generator_gives_the_published_words(given_words: str) -> None:
    """The known answers of Random123, alone and in the middle of an array."""
    *counter, k, m = numbers(given_words)
    found = philox(np.array([[7] * 4, counter, [9] * 4], np.uint64).T, (k, m))
    assert found[:, 1].tolist() == numbers(PUBLISHED[given_words])


@given(st.lists(st.lists(words, min_size=4, max_size=4), min_size=1, max_size=5), st.tuples(words, words))
def test_the_generator_agrees_with_whole_numbers(counters: list[list[int]], key: tuple[int, int]) -> None:
    """Array arithmetic loses no bit."""
    found = philox(np.array(counters, np.uint64).T, key)
    assert found.T.tolist() == [by_hand(counter, list(key)) for counter in counters]


def test_a_uniform_is_the_top_bits_of_its_words() -> None:
    """Seed, replication and quantity make the key; trial, site, round and class the counter; 52 bits the number."""
    digest = blake2b(b"1/2/draft: work", digest_size=8).digest()
    first, second, *_ = by_hand([5, 6, 7, 8], list(np.frombuffer(digest, "<u4").tolist()))
    expected = ((second << 32 | first) >> 12) + 0.5
    assert Draws(1, 2).uniform("draft: work", 5, 6, 7, 8) == expected / 2**52


@given(st.lists(st.tuples(words, words, words, words), min_size=1, max_size=20), words)
def test_compiled_uniforms_are_the_same_bits(counters: list[tuple[int, ...]], seed: int) -> None:
    """Where numba is at work, compiled code gives what the arrays give, in every shape."""
    key, columns = Draws(seed, 3)._key("a"), np.array(counters, np.int64).T
    compiled = draws._compiled(columns, key)
    with pytest.MonkeyPatch.context() as without:
        without.setattr(draws, "_compiled", lambda given, key: None)
        assert compiled is not None and compiled.tolist() == Draws(seed, 3).uniform("a", *columns).tolist()
        across = Draws(seed, 3).uniform("a", columns[0][:, None], columns[1], 5)
    table = draws._compiled([columns[0][:, None], columns[1], 5, 0], key)
    assert table is not None and np.array_equal(table, across)


def test_the_compiler_is_not_loaded_to_draw() -> None:
    """It costs more than a short run takes."""
    code = (
        "import sys; from sim.model.draws import Draws; Draws(1, 1).uniform('a', 1); sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize("wrong", [-1, 2**32, 2**63, 1.0, True])
def test_compiled_code_leaves_what_is_no_counter_to_the_arrays(wrong: object) -> None:
    """They say what is wrong with it."""
    assert draws._compiled([1, np.array(wrong), 0, 0], (1, 2)) is None


def test_uniforms_never_reach_0_or_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where all bits are 0, or all are 1."""
    for bits in (0, 2**32 - 1):
        monkeypatch.setattr(draws, "_compiled", lambda given, key: None)
        monkeypatch.setattr(draws, "philox", lambda counter, key, bits=bits: np.full_like(counter, bits))
        assert 0 < Draws(1, 1).uniform("a", 0) < 1


def test_uniforms_are_uniform() -> None:
    """100,000 of them part from the uniform distribution by less than the 99.9 % bound of Kolmogorov, 1.95 / sqrt(n).

    So for a row of trials, of sites, of rounds and of classes; and neighbours do not correlate.
    """
    row = np.arange(100_000)
    for at in ((row, 0, 0, 0), (3, row, 0, 0), (3, 0, row, 0), (3, 0, 0, row)):
        u = Draws(20260101, 3).uniform("anything", *at)
        distance = np.abs(np.sort(u) - (row + 0.5) / len(row)).max()
        assert distance < 1.95 / np.sqrt(len(row))
        assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 4 / np.sqrt(len(row))


@given(st.lists(words, min_size=1, max_size=30))
def test_a_draw_depends_on_its_own_words_only(trials: list[int]) -> None:
    """Neither on the order nor on the company of the others."""
    alone = [float(Draws(1, 1).uniform("a", trial, 2, 3)) for trial in trials]
    assert Draws(1, 1).uniform("a", trials, 2, 3).tolist() == alone
    assert Draws(1, 1).uniform("a", trials[::-1], 2, 3).tolist() == alone[::-1]


def test_long_arrays_are_the_short_ones_in_a_row() -> None:
    """The block by block arithmetic leaves no seam."""
    row = np.arange(20_000)
    parts = [Draws(1, 1).uniform("a", part) for part in np.array_split(row, 7)]
    assert np.array_equal(Draws(1, 1).uniform("a", row), np.concatenate(parts))


def test_another_word_is_another_draw() -> None:
    """Each of seed, replication, quantity, trial, site, round and class counts, and no two stand for each other."""
    found = [
        *(Draws(seed, number).uniform("a", 1) for seed, number in ((1, 1), (2, 1), (1, 2), (11, 1), (1, 11))),
        *(Draws(1, 1).uniform(quantity, 1) for quantity in ("", "b", "a: work")),
        *(Draws(1, 1).uniform("a", *at) for at in ((2,), (0, 1), (0, 0, 1), (0, 0, 0, 1))),
    ]
    assert len({float(u) for u in found}) == len(found)


def test_words_broadcast() -> None:
    """Trials down, sites across."""
    table = Draws(1, 1).uniform("a", np.arange(3)[:, None], np.arange(4))
    assert table.shape == (3, 4) and table.dtype == np.float64
    assert table[2, 1] == Draws(1, 1).uniform("a", 2, 1)
    assert Draws(1, 1).uniform("a", [], 5).shape == (0,)


@pytest.mark.parametrize("wrong", [-1, 2**32, 1.0, [0, -5], True])
def test_words_that_are_no_counter_are_refused(wrong: object) -> None:
    """Nothing wraps around, nothing is rounded."""
    with pytest.raises(ValueError, match=r"site: must be whole numbers from 0 to 2\*\*32 - 1, got"):
        Draws(1, 1).uniform("a", 1, wrong)  # type: ignore[arg-type]


def test_stable_ids_stay() -> None:
    """The number of a name is the same for ever; results of last year can be repeated."""
    assert stable_id("gustave_roussy") == int.from_bytes(bytes.fromhex("fb926a7b"), "little")  # b2sum -l 32
    assert 0 <= stable_id("é") < 2**32


# --- transforms -------------------------------------------------------------------------------------------------

MIDDLES = (np.arange(100_000) + 0.5) / 100_000


def test_minutes_are_rounded_half_to_even() -> None:
    """1.5 and 2.5 are both 2; whole numbers stay."""
    assert whole_minutes([0.5, 1.5, 2.5, 7.0, 6.51]).tolist() == [0, 2, 2, 7, 7]
    assert whole_minutes(3.2) == 3 and whole_minutes(3.2).dtype == np.int64


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 1e17])
def test_what_is_no_number_of_minutes_is_refused(wrong: float) -> None:
    """A duration that is not a number never becomes a time."""
    with pytest.raises(ValueError, match="minutes must be finite"):
        whole_minutes([1.0, wrong])


@pytest.mark.parametrize("mean", [1.0, 1.2, 2.5, 20.0])
def test_rounds_are_geometric_from_one_with_the_mean(mean: float) -> None:
    """P(N > n) = (1 - 1 / mean)**n, so the mean is exact."""
    found = geometric(MIDDLES, mean)
    assert found.min() == 1 and found.dtype == np.int64
    for n in (1, 2, 5):
        assert np.mean(found > n) == pytest.approx((1 - 1 / mean) ** n, abs=2e-5)
    assert found.mean() == pytest.approx(mean, rel=1e-3)


def test_a_mean_below_one_round_is_refused() -> None:
    """There is no round 0.4."""
    with pytest.raises(ValueError, match=r"mean must be at least 1, got 0\.4"):
        geometric([0.5], 0.4)


def test_shares_are_kept() -> None:
    """Each index with its share, in order; never one with none, first, middle or last."""
    found = from_shares(MIDDLES, [0.0, 0.2, 0.0, 0.7, 0.1, 0.0])
    shares = np.bincount(found, minlength=6) / len(MIDDLES)
    assert shares == pytest.approx([0, 0.2, 0, 0.7, 0.1, 0], abs=2e-5) and shares[[0, 2, 5]].sum() == 0
    assert from_shares([0.2, 0.9999999999], [0.2, 0.7999999995, 0.0]).tolist() == [0, 1]
    assert from_shares([0.25, 0.26, 0.99], [0.25, 0.75]).tolist() == [0, 1, 1]
    assert from_shares(0.5, [1.0]) == from_shares(0.25, [0.25, 0.75]) == 0


@pytest.mark.parametrize("wrong", [[0.5, 0.6], [1.2, -0.2]])
def test_shares_that_are_no_shares_are_refused(wrong: list[float]) -> None:
    """They are at least 0 and add up to 1."""
    with pytest.raises(ValueError, match="shares must not be negative and must add up to 1"):
        from_shares([0.5], wrong)


def test_gamma_has_its_mean_and_variance() -> None:
    """Both are the shape; with shape 1 it is exponential."""
    found = gamma(MIDDLES, 2.5)
    assert found.mean() == pytest.approx(2.5, rel=1e-3) and found.var() == pytest.approx(2.5, rel=5e-3)
    assert gamma(MIDDLES, 1.0) == pytest.approx(-np.log1p(-MIDDLES), rel=1e-9, abs=1e-10)


# --- another machine --------------------------------------------------------------------------------------------

SCRIPT = """
import hashlib, numpy as np
from sim.model.draws import Draws, gamma, geometric, whole_minutes
from sim.scenario.language.distributions import fit
from sim.scenario.schema import Duration
u = Draws(1, 1).uniform("x", np.arange(20_000))
forms = ({"median": "33 d", "p90": "120 d"}, {"mean": "9 d"}, {"family": "weibull", "mean": "9 d", "sd": "4 d"},
         {"family": "gamma", "mean": "9 d", "sd": "4 d"}, {"low": "1 d", "mode": "4 d", "high": "9 d"})
found = [whole_minutes(fit(Duration(**form)).inverse(u) * 1440) for form in forms]
found += [geometric(u, 2.2), whole_minutes(gamma(u, 0.7) * 1440), whole_minutes(-np.log(u) * 5e5)]
print(hashlib.sha256(np.concatenate(found).tobytes()).hexdigest())
"""


def digest(disabled: str) -> str:
    """The digest of 160,000 rounded draws in a process without some features of the processor."""
    environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": disabled}
    run = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True)
    return run.stdout


def test_rounded_draws_are_the_same_on_a_lesser_processor() -> None:
    """NumPy chooses its code by processor and the last bits differ; the minutes do not."""
    optional = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    if not optional:
        pytest.skip("NumPy uses no optional feature of this processor")
    assert digest("") == digest(" ".join(optional))
