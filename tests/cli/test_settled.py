"""Only the answer that stands is written, whatever was tried before it."""

from __future__ import annotations

import pytest

from smrt_tui.cli.settled import Settled
from smrt_tui.core.events import AttemptEnded, Ended, Event
from tests.cli.stage import head, part

FAILED = AttemptEnded(0.1, 1, "503 (503)", 0.1)
END = Ended(1.0, "fault")


def written(*events: Event) -> list[Event]:
    settled = Settled()
    return [event for one in events for event in settled.take([one])]


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        ([head(503), part(0, b"busy"), FAILED, head(), part(0, b"{}"), END], [FAILED, head(), part(0, b"{}"), END]),
        ([head(503), part(0, b"busy"), END], [head(503), part(0, b"busy"), END]),
        ([head(503), FAILED, head(503), part(0, b"again"), END], [FAILED, head(503), part(0, b"again"), END]),
        ([head(), FAILED, head(), part(0, b"{}"), END], [FAILED, head(), part(0, b"{}"), END]),
        ([head(), END], [head(), END]),
        ([FAILED, head(), part(0, b"a"), part(1, b"b"), END], [FAILED, head(), part(0, b"a"), part(1, b"b"), END]),
    ],
    ids=["tried again", "the last one", "twice", "broke before a part", "no body", "no answer at first"],
)
def test_an_answer_that_was_tried_again_is_not_written(events: list[Event], shown: list[Event]) -> None:
    assert written(*events) == shown
    assert list(Settled().take(events)) == shown


def test_a_part_of_a_good_answer_waits_for_nothing() -> None:
    settled = Settled()
    settled.take([head()])
    assert list(settled.take([part(0, b"a")])) == [head(), part(0, b"a")]
    assert list(settled.take([part(1, b"b")])) == [part(1, b"b")]
