"""Three ways at once: the three requests, and what is said of the three answers."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import Ended, HeadArrived, PartArrived, Phase, PhaseMarked
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.core.service import Mode
from smrt_tui.core.three_ways import WAYS, Way, as_markdown, compare, drafts, timing, way_of

CHAT = b'{"messages": [{"role": "user", "content": "hi"}], "stream": true}'
DRAFT = ResolvedDraft("stream", "e", (("ContentType", "application/json"), ("SessionId", "s")), (("X-A", "1"),), CHAT)
SYNC = Way("sync", Verdict.COMPLETE, "hello", b'{"text": "hello"}', 0.1, 0.1, 0.5)
STREAM = replace(SYNC, mode="stream", body=b"data: hello\n\n", first_text_s=0.2)
ASYNC = replace(SYNC, mode="async")


def test_each_way_gets_the_members_that_it_has_and_the_flag_that_it_answers_to() -> None:
    made = drafts(DRAFT)
    assert tuple(draft.mode for draft in made) == WAYS
    assert [dict(draft.members).get("SessionId") for draft in made] == ["s", "s", None]
    assert [json.loads(draft.body)["stream"] for draft in made] == [False, True, False]
    assert {draft.headers for draft in made} == {(("X-A", "1"),)}


def test_what_belongs_to_the_flag_goes_with_it() -> None:
    body = json.dumps({"messages": [], "stream": True, "stream_options": {"include_usage": True}}).encode()
    bodies = [json.loads(draft.body) for draft in drafts(replace(DRAFT, body=body))]
    assert ["stream_options" in one for one in bodies] == [False, True, False]


@pytest.mark.parametrize("body", [b"1,2,3", b'{"inputs": "x"}', b"\xff\xd8", b"[1]"])
def test_a_body_without_a_flag_stays_byte_for_byte(body: bytes) -> None:
    assert {draft.body for draft in drafts(replace(DRAFT, body=body))} == {body}


def test_a_stream_that_says_the_same_is_the_same() -> None:
    [stream, job] = compare({"sync": SYNC, "stream": STREAM, "async": ASYNC}, drafts(DRAFT))
    assert (stream.likeness, stream.sentence) == (
        "same",
        "The assembled stream says what the sync body says (5 characters)",
    )
    assert (job.likeness, job.sentence) == ("same", "The async output equals the sync body, byte for byte (17 bytes)")


def test_a_difference_names_its_first_place_and_what_chance_may_have_to_do_with_it() -> None:
    other = replace(STREAM, text="help")
    [found] = compare({"sync": SYNC, "stream": other}, drafts(DRAFT))
    assert (found.likeness, found.sentence) == (
        "different",
        "The assembled stream differs from the sync body from character 4 on; without a seed or a temperature of 0 a "
        "model may answer otherwise each time",
    )


@pytest.mark.parametrize(
    "body", [b'{"inputs": "x", "parameters": {"seed": 1}}', b'{"prompt": "x", "temperature": 0}', b"1,2", b'{"a": 1}']
)
def test_chance_is_not_named_where_it_has_no_part(body: bytes) -> None:
    [found] = compare({"sync": SYNC, "stream": replace(STREAM, text="hell")}, drafts(replace(DRAFT, body=body)))
    assert found.sentence == "The assembled stream differs from the sync body from character 5 on"


def test_nothing_is_said_of_what_runs_or_failed() -> None:
    running = replace(STREAM, total_s=None, verdict=Verdict.RUNNING)
    failed = replace(ASYNC, verdict=Verdict.ANSWERED_WITH_ERROR)
    found = compare({"sync": SYNC, "stream": running, "async": failed}, drafts(DRAFT))
    assert [(one.likeness, one.sentence) for one in found] == [
        ("unknown", "The assembled stream: still running"),
        ("unknown", "The async output can't be compared: async answered with an error"),
    ]


def test_a_recording_becomes_a_way_with_its_times() -> None:
    recorder, decoder = Recorder(), Decoder(None, "application/json")
    body = b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop"}]}'
    part = PartArrived(0.3, 0, body, 0, (), 0, 0)
    head = HeadArrived(0.2, "1.1", 200, "OK", (("Content-Type", "application/json"),))
    recorder.add((PhaseMarked(0.1, Phase.SEND_HEAD), head, part, Ended(0.4, "complete")))
    decoder.push(part.payload, 0, part.at)
    decoder.close()
    found = way_of("sync", recorder, decoder, 0.4)
    assert (found.text, found.body, found.first_byte_s, found.total_s) == ("hello", body, 0.3, 0.4)


def test_a_body_that_says_nothing_to_a_person_is_compared_as_text() -> None:
    recorder = Recorder()
    recorder.add((PartArrived(0.3, 0, b"0.5\n", 0, (), 0, 0), Ended(0.4, "complete")))
    assert way_of("sync", recorder, None, 0.4).text == "0.5\n"


def test_the_times_are_told_apart_once_both_ended_well() -> None:
    slow = replace(SYNC, first_byte_s=2.0, first_text_s=2.0, total_s=2.0)
    fast = replace(STREAM, first_byte_s=0.25, first_text_s=0.5, total_s=2.25)
    assert timing({"sync": slow, "stream": fast}) == (
        "Against the sync call, the stream had its first text 1.50 s sooner and its end 0.25 s later"
    )
    assert timing({"sync": slow, "stream": replace(fast, verdict=Verdict.BROKE)}) == ""
    assert timing({"sync": slow}) == ""


def test_the_comparison_is_copied_as_markdown() -> None:
    ways: dict[Mode, Way] = {"sync": SYNC, "stream": STREAM}
    assert as_markdown(ways, compare(ways, drafts(DRAFT)), "e") == (
        "Endpoint `e`, three ways at once.\n\n"
        "| way | ended | bytes | first byte s | first text s | total s |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| sync | complete | 17 | 0.100 | 0.100 | 0.500 |\n"
        "| stream | complete | 13 | 0.100 | 0.200 | 0.500 |\n\n"
        "- The assembled stream says what the sync body says (5 characters).\n"
        "- Against the sync call, the stream had its first text 0.10 s later and its end at the same time.\n"
    )
