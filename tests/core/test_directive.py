"""Directives written into a text that holds other things too, and taken out again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.directive import (
    BadDirective,
    Directive,
    chosen_amount,
    read_amount,
    with_directive,
    without_directive,
)

STALL = Directive("fault", "stall", "Sends N parts, then nothing.", ("stream",), "parts", 3)
SLOW = Directive("fault", "slow", "Keeps silent for N seconds.", ("sync",), "seconds", 3)
THROTTLE = Directive("fault", "throttle", "Throttles, for the first N attempts.", ("sync",), "attempts", 0)
BOM = Directive("parts", "bom", "Every Nth part.", ("stream",), "", 0)


@pytest.mark.parametrize(
    ("before", "amount", "after"),
    [
        ("", "", "fault=stall"),
        ("", "5", "fault=stall@5"),
        ("dialect=tgi", "5", "dialect=tgi; fault=stall@5"),
        ("fault=stall@2", "5", "fault=stall@5"),
        ("fault=stall@2; dialect=tgi", "5", "dialect=tgi; fault=stall@5"),
        ("a=1,b=2", "", "a=1,b=2; fault=stall"),
        ("fault=stalled", "", "fault=stalled; fault=stall"),
    ],
)
def test_a_directive_stands_once_beside_what_was_there(before: str, amount: str, after: str) -> None:
    assert with_directive(before, STALL, amount) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("fault=stall", ""),
        ("fault=stall@5; dialect=tgi", "dialect=tgi"),
        ("dialect=tgi; fault = stall @5", "dialect=tgi"),
        ("a=1,fault=stall,b=2", "a=1,b=2"),
        ("parts=stall", "parts=stall"),
    ],
)
def test_taking_a_directive_out_leaves_the_rest(before: str, after: str) -> None:
    assert without_directive(before, STALL) == after


@pytest.mark.parametrize(
    ("attributes", "amount"), [("x=1; fault=stall@5", "5"), ("fault=stall", ""), ("fault=slow", None), ("", None)]
)
def test_the_amount_that_stands_there_is_read(attributes: str, amount: str | None) -> None:
    assert chosen_amount(attributes, STALL) == amount


FIELDS = st.lists(st.sampled_from(["dialect=tgi", "a=1", "accept_eula=true", "parts=bom"]), unique=True)


@given(FIELDS, st.sampled_from(["; ", ";", ","]))
def test_on_and_off_again_changes_nothing(fields: list[str], separator: str) -> None:
    before = separator.join(fields)
    assert without_directive(with_directive(before, STALL, "7"), STALL) == before


@pytest.mark.parametrize(
    ("directive", "amount", "told"),
    [
        (STALL, "", "Sends 3 parts, then nothing."),
        (STALL, "7", "Sends 7 parts, then nothing."),
        (SLOW, "", "Keeps silent for 3 seconds."),
        (SLOW, "1.5", "Keeps silent for 1.5 seconds."),
        (SLOW, "500ms", "Keeps silent for 500ms."),
        (THROTTLE, "", "Throttles, for every attempt."),
        (THROTTLE, "2", "Throttles, for the first 2 attempts."),
        (BOM, "", "Every Nth part."),
    ],
)
def test_it_says_what_it_will_do_with_its_amount(directive: Directive, amount: str, told: str) -> None:
    assert directive.told(amount) == told


@pytest.mark.parametrize(
    ("directive", "amount", "message"),
    [
        (BOM, "3", "bom takes no @3."),
        (STALL, "x", r"stall@x: after @ comes a number \(parts\), such as stall@3."),
        (STALL, "3s", "stall@3s: the number counts parts, not time."),
        (SLOW, "-1", "after @ comes a number"),
        (STALL, "3; fault=reset", "after @ comes a number"),
    ],
)
def test_an_amount_that_is_none_is_refused_in_words(directive: Directive, amount: str, message: str) -> None:
    with pytest.raises(BadDirective, match=message):
        directive.written(amount)


def test_time_is_read_in_the_unit_that_is_counted() -> None:
    assert [read_amount("x", text, "seconds") for text in ("2", "2s", "500ms")] == [2.0, 2.0, 0.5]
    assert [read_amount("x", text, "ms") for text in ("2", "2s", "500ms")] == [2.0, 2000.0, 500.0]
