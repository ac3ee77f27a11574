"""What CustomAttributes ask of the door, and what it says to what it does not know."""

from __future__ import annotations

import re

import pytest

from smrt_tui.core.directive import BadDirective, Directive
from smrt_tui.core.service import Mode
from smrt_tui.local.directives import Directives, check_mode, directive_table, read_directives
from smrt_tui.local.faults import FAULTS


def faults(attributes: str) -> list[tuple[str, float]]:
    return [(chosen.fault.name, chosen.amount) for chosen in read_directives(attributes).faults]


def policies(attributes: str) -> list[tuple[str, int]]:
    return [(policy.name, amount) for policy, amount in read_directives(attributes).policies]


@pytest.mark.parametrize("attributes", ["", "accept_eula=true", "tfs-model-name=m,tfs-method=predict", "a;b;;=,", "🙂"])
def test_attributes_of_others_ask_for_nothing(attributes: str) -> None:
    assert read_directives(attributes) == Directives()


@pytest.mark.parametrize(
    ("attributes", "chosen"),
    [
        ("fault=stall@5; parts=split-utf8", [("stall", 5)]),
        ("fault = stall @ 5", None),
        ("parts=burst,fault=cut", [("cut", 3)]),
        ("fault=slow-first-byte@250ms", [("slow-first-byte", 0.25)]),
        ("fault=slow-first-byte@2s", [("slow-first-byte", 2)]),
        ("fault=slow-first-byte@1.5", [("slow-first-byte", 1.5)]),
        ("fault=unknown-event@1;fault=cut@4", [("unknown-event", 1), ("cut", 4)]),
        ("fault=in-band@whatever", [("in-band", 3)]),
    ],
)
def test_faults_are_read_in_order_with_their_amounts(attributes: str, chosen: list[tuple[str, float]] | None) -> None:
    if chosen is None:
        with pytest.raises(BadDirective):
            read_directives(attributes)
    else:
        assert faults(attributes) == chosen


def test_policies_are_read_in_order_with_their_amounts() -> None:
    assert policies("parts=bytes@7;parts=crlf, parts=coalesce@1s") == [("bytes", 7), ("crlf", 0), ("coalesce", 1000)]


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ("fault=stal", "There is no fault named 'stal'. Did you mean stall? Known: slow-first-byte, "),
        ("fault=", "There is no fault named ''. Known: "),
        ("parts=splitutf8", "There is no part policy named 'splitutf8'. Did you mean split-utf8? Known: per-flush, "),
        ("fault=stall@", "stall@: after @ comes a number (parts), such as stall@3."),
        ("fault=stall@-1", "stall@-1: after @ comes a number (parts), such as stall@3."),
        ("fault=stall@1e9", "stall@1e9: after @ comes a number (parts), such as stall@3."),
        ("fault=stall@5s", "stall@5s: the number counts parts, not time."),
        ("fault=hang-up@1", "hang-up takes no @1."),
    ],
)
def test_what_is_not_known_is_told_with_what_is(attributes: str, message: str) -> None:
    with pytest.raises(BadDirective) as caught:
        read_directives(attributes)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(("fault", "mode"), [("stall", "sync"), ("cold-model", "stream"), ("async-slow", "sync")])
def test_a_fault_is_refused_where_it_cannot_happen(fault: str, mode: Mode) -> None:
    with pytest.raises(BadDirective, match=f"The fault {fault} is for .* invocations, this one is {mode}"):
        check_mode(read_directives(f"fault={fault}"), mode)


def test_every_fault_tells_what_it_does() -> None:
    assert len({row.name for row in FAULTS}) == len(FAULTS)
    assert all(row.does.endswith(".") and row.modes for row in FAULTS)


@pytest.mark.parametrize("row", directive_table(), ids=lambda row: row.label)
def test_every_row_can_be_written_read_again_and_told(row: Directive) -> None:
    read_directives(row.written(row.default_amount))
    assert not re.search(r"\bN\b", row.told(row.default_amount) if row.counts != "attempts" else row.told("2"))
