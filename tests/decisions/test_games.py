"""The arithmetic of games: four with known Shapley values, and the laws that hold in every game."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.decisions.games import (
    Float,
    alone,
    interaction,
    last_in,
    members,
    needed_with,
    players,
    sampled_shapley,
    shapley,
    without,
)

GAMES = st.integers(1, 5).flatmap(
    lambda n: arrays(np.float64, (1 << n, 3), elements=st.floats(-1, 1, allow_subnormal=False))
)


def game_of(n: int, value: object) -> Float:
    """The game in which a subset is worth `value(members)`, in two replications of which one doubles the other."""
    assert callable(value)
    one = np.array([value(members(subset)) for subset in range(1 << n)], float)
    return np.stack([one, 2 * one], axis=1)


def test_in_an_additive_game_everybody_is_worth_their_own() -> None:
    """Where players do not meet, alone, last in and Shapley are the same."""
    worth = [3.0, 1.0, 0.5, 0.25]
    game = game_of(4, lambda who: sum(worth[i] for i in who))
    for found in (alone(game, players(game)), last_in(game, players(game)), shapley(game)):
        np.testing.assert_allclose(found[:, 0], worth)
    assert interaction(game, 0, 1) == pytest.approx(0)


def test_in_a_unanimity_game_the_needed_share_equally() -> None:
    """One point if players 0, 1 and 2 are all there: a third each, nothing for the fourth."""
    game = game_of(4, lambda who: {0, 1, 2} <= {*who})
    np.testing.assert_allclose(shapley(game)[:, 0], [1 / 3, 1 / 3, 1 / 3, 0])
    np.testing.assert_array_equal(alone(game, players(game))[:, 0], 0)
    np.testing.assert_array_equal(last_in(game, players(game))[:, 0], [1, 1, 1, 0])
    values = dict(enumerate(game))
    assert needed_with(values, 0, lambda added: bool(added[0] > 0.5)) == 0b110
    assert needed_with(values, 3, lambda added: bool(added[0] > 0.5)) is None


def test_the_glove_game() -> None:
    """A left glove and two right ones: 4/6, 1/6, 1/6 (Shapley and Shubik 1969)."""
    game = game_of(3, lambda who: 0 in who and (1 in who or 2 in who))
    np.testing.assert_allclose(shapley(game)[:, 0], [4 / 6, 1 / 6, 1 / 6])
    assert interaction(game, 1, 2)[0] < 0 < interaction(game, 0, 1)[0]  # substitutes, and complements


def test_the_airport_game() -> None:
    """Who needs a longer runway pays for it: 1/3, 1/3 + 1/2, 1/3 + 1/2 + 1 (Littlechild and Owen 1973)."""
    game = game_of(3, lambda who: max((i + 1 for i in who), default=0))
    np.testing.assert_allclose(shapley(game)[:, 0], [1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 1])


@given(GAMES)
def test_values_add_up_in_every_replication(game: Float) -> None:
    """Shapley values share out v(N) - v(0), to rounding."""
    np.testing.assert_allclose(shapley(game).sum(axis=0), game[-1] - game[0], atol=1e-12)


@given(GAMES)
def test_a_dummy_adds_exactly_nothing(game: Float) -> None:
    """A player who changes no value is worth 0 in every column, to the bit."""
    with_dummy = np.concatenate([game, game])  # the highest bit changes nothing
    n = players(with_dummy)
    for found in (alone(with_dummy, n), last_in(with_dummy, n), shapley(with_dummy)):
        assert not found[-1].any()


@given(GAMES.filter(lambda game: len(game) >= 4))
def test_the_order_of_players_means_nothing(game: Float) -> None:
    """Players 0 and 1 with their names exchanged have their values exchanged."""
    swapped = [subset & ~3 | (subset & 1) << 1 | (subset & 2) >> 1 for subset in range(len(game))]
    np.testing.assert_allclose(shapley(game[swapped])[[1, 0]], shapley(game)[:2], atol=1e-12)


def test_all_orders_give_the_exact_value() -> None:
    """Sampling every order once is no sampling; half of them has an error that is said."""
    game = game_of(4, lambda who: len(who) ** 2 + (0 in who))
    everything = np.array([*permutations(range(4))])
    values, _ = sampled_shapley(lambda who: game[sum(1 << i for i in who)], everything)
    np.testing.assert_allclose(values, shapley(game))
    _, by_order = sampled_shapley(lambda who: game[sum(1 << i for i in who)], everything[::2])
    assert (by_order.std(axis=0) > 0).all()


def test_a_game_has_a_value_for_every_subset() -> None:
    """Six values are no game."""
    with pytest.raises(ValueError, match=r"must hold 2\^n subsets of n players, got 6"):
        players(np.zeros((6, 2)))
    assert [*without(1, 2)] == [0b00, 0b01]
