"""Sampling: each setting does what it says, and the same die draws the same piece."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smrt_tui.local.containers.language.sampling import Sampling, draw

ODDS = {1: 0.5, 2: 0.3, 3: 0.15, 4: 0.05}


def drawn(sampling: Sampling, seen: dict[int, int] | None = None, throws: int = 2000) -> Counter[int]:
    die = random.Random(1)
    return Counter(draw(ODDS, sampling, seen or {}, die) for _ in range(throws))


def test_the_defaults_follow_the_odds() -> None:
    counts = drawn(Sampling())
    assert {token: count / 2000 for token, count in counts.items()} == pytest.approx(ODDS, abs=0.04)


def test_temperature_zero_takes_the_most_likely() -> None:
    assert drawn(Sampling(temperature=0)) == {1: 2000}


def test_a_tie_at_temperature_zero_goes_to_the_lower_id() -> None:
    assert draw({9: 0.5, 4: 0.5}, Sampling(temperature=0), {}, random.Random(1)) == 4


def test_a_low_temperature_sharpens_and_a_high_one_flattens() -> None:
    assert drawn(Sampling(temperature=0.3))[1] > drawn(Sampling())[1] > drawn(Sampling(temperature=3))[1]


def test_top_k_keeps_so_many() -> None:
    assert set(drawn(Sampling(top_k=2))) == {1, 2}


def test_top_p_keeps_the_nucleus() -> None:
    assert set(drawn(Sampling(top_p=0.75))) == {1, 2}
    assert set(drawn(Sampling(top_p=0.01))) == {1}


@pytest.mark.parametrize(
    "penalised",
    [Sampling(presence_penalty=2), Sampling(frequency_penalty=1), Sampling(repetition_penalty=3)],
    ids=["presence", "frequency", "repetition"],
)
def test_a_penalty_makes_a_seen_piece_rarer(penalised: Sampling) -> None:
    assert drawn(penalised, {1: 2})[1] < drawn(Sampling())[1] / 2
    assert drawn(penalised)[1] == drawn(Sampling())[1]


@given(
    st.dictionaries(st.integers(0, 50), st.floats(1e-6, 1), min_size=1, max_size=20),
    st.floats(0.05, 5),
    st.floats(0.01, 1),
    st.integers(0, 30),
    st.integers(),
)
def test_any_setting_draws_a_piece_and_the_same_for_the_same_die(
    odds: dict[int, float], temperature: float, top_p: float, top_k: int, seed: int
) -> None:
    sampling = Sampling(temperature=temperature, top_p=top_p, top_k=top_k)
    token = draw(odds, sampling, {}, random.Random(seed))
    assert token in odds
    assert draw(odds, sampling, {}, random.Random(seed)) == token


def test_one_throw_a_draw_whatever_the_setting() -> None:
    dice = [random.Random(3) for _ in range(3)]
    for die, sampling in zip(dice, (Sampling(), Sampling(temperature=0), replace(Sampling(), top_k=1)), strict=True):
        draw(ODDS, sampling, {}, die)
    assert len({die.random() for die in dice}) == 1
