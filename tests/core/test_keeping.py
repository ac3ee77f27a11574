"""What a saved answer holds: body, text or parts."""

from __future__ import annotations

import base64
import json

import pytest

from smrt_tui.core.keeping import What, kept_bytes, kept_suffix
from smrt_tui.core.recorder import Recorder
from tests.ui.panes.calls import deltas, ended, opening, parts, recorded

PAYLOADS = deltas(["one ", "two\u2028"])


def test_the_body_is_what_came_and_the_text_is_what_it_says() -> None:
    recorder, decoder = recorded([*opening(), *parts(PAYLOADS), ended(1.0)])
    assert kept_bytes("body", recorder, decoder) == b"".join(PAYLOADS)
    assert kept_bytes("text", recorder, decoder) == "one two\u2028".encode()


def test_a_part_is_a_line_from_which_its_bytes_come_back() -> None:
    recorder, decoder = recorded([*opening(), *parts(PAYLOADS), ended(1.0)])
    lines = [json.loads(line) for line in kept_bytes("parts", recorder, decoder).splitlines()]
    assert [base64.b64decode(line.pop("data_b64")) for line in lines] == PAYLOADS
    assert lines[1] == {"index": 1, "at": 0.28, "bytes": len(PAYLOADS[1])}


@pytest.mark.parametrize("what", ["body", "text", "parts"])
def test_nothing_gives_nothing(what: What) -> None:
    assert kept_bytes(what, Recorder(), None) == b""


@pytest.mark.parametrize(("what", "suffix"), [("body", ".json"), ("text", ".txt"), ("parts", ".parts.jsonl")])
def test_the_suffix_tells_what_it_is(what: What, suffix: str) -> None:
    recorder, _ = recorded([*opening(is_stream=False, content_type="application/json; charset=utf-8")])
    assert kept_suffix(what, recorder) == suffix
