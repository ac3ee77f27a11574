"""The header table: every header once, what became of it at each stage, and why."""

from __future__ import annotations

import json

from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import HeadArrived, PartArrived, RequestSent, Signed
from smrt_tui.core.forwarding import SAW_HEADER
from smrt_tui.core.header_table import HeaderRow, HeaderTable, header_table
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.request import Headers
from smrt_tui.core.service import Mode, packaged_service

ADDED_TO_ALL: Headers = (("Host", "h"), ("Authorization", "AWS4-HMAC-SHA256 …"), ("X-Amz-Date", "20261122T100000Z"))


def table(
    mode: Mode,
    members: Headers = (),
    typed: Headers = (),
    sent: Headers = (),
    answered: Headers = (),
    body: bytes = b"",
    signed: tuple[str, ...] = ("host", "x-amz-date"),
) -> HeaderTable:
    recorder = Recorder()
    recorder.add(
        (
            Signed(0.0, "env", "AK", "d/r/sagemaker/aws4_request", signed, "", "", "", False, None),
            RequestSent(0.1, b"", sent, 0),
            HeadArrived(0.2, "1.1", 200, "OK", answered),
            PartArrived(0.3, 0, body, 0, (), 0, 0),
        )
    )
    return header_table(recorder, ResolvedDraft(mode, "e", members, typed, b""), packaged_service())


def row(found: HeaderTable, name: str) -> HeaderRow:
    return next(row for row in found.rows if row.name == name)


def test_a_member_under_its_own_name_goes_all_the_way() -> None:
    found = table(
        "sync",
        members=(("ContentType", "text/csv"),),
        sent=(("Content-Type", "text/csv"),),
        answered=(("Content-Type", "application/json"),),
        signed=("content-type", "host"),
    )
    assert row(found, "Content-Type") == HeaderRow(
        "Content-Type", "text/csv (ContentType)", True, "text/csv", "text/csv", "application/json", ()
    )


def test_a_member_with_another_name_in_this_operation_is_told_as_renamed() -> None:
    found = table("stream", members=(("Accept", "text/csv"),), sent=(("X-Amzn-SageMaker-Accept", "text/csv"),))
    assert row(found, "X-Amzn-SageMaker-Accept") == HeaderRow(
        "X-Amzn-SageMaker-Accept",
        "text/csv (Accept)",
        False,
        "text/csv",
        "text/csv (as Accept)",
        None,
        ("renamed: the container sees it as Accept",),
    )


def test_a_header_that_is_no_member_is_stripped() -> None:
    found = table("sync", typed=(("X-Trace", "1"),), sent=(("X-Trace", "1"),))
    assert row(found, "X-Trace") == HeaderRow(
        "X-Trace", "1", False, "1", None, None, ("stripped: no member of this operation",)
    )


def test_a_plain_accept_on_a_stream_is_stripped() -> None:
    found = table("stream", typed=(("Accept", "text/csv"),), sent=(("Accept", "text/csv"),))
    assert row(found, "Accept").why == ("stripped: no member of this operation",)


def test_a_member_of_another_operation_is_not_sent() -> None:
    found = table("async", members=(("TargetModel", "m"),), sent=ADDED_TO_ALL)
    assert row(found, "TargetModel") == HeaderRow(
        "TargetModel", "m", why=("not sent: InvokeEndpointAsync has no TargetModel",)
    )


def test_what_sagemaker_reads_itself_does_not_reach_the_container() -> None:
    found = table("sync", members=(("TargetVariant", "blue"),), sent=(("X-Amzn-SageMaker-Target-Variant", "blue"),))
    assert row(found, "X-Amzn-SageMaker-Target-Variant").why == ("read by SageMaker, not handed on",)


def test_what_others_added_says_who_did() -> None:
    found = table("sync", sent=ADDED_TO_ALL, answered=(("x-amzn-RequestId", "1"), ("Date", "d")))
    assert [(row.name, row.why) for row in found.rows] == [
        ("Host", ("added by the transport",)),
        ("Authorization", ("added by the signer",)),
        ("X-Amz-Date", ("added by the signer",)),
        ("X-Amzn-SageMaker-Forwarded-Api", ("added by SageMaker",)),
        ("x-amzn-RequestId", ("added by SageMaker",)),
        ("Date", ("of the HTTP answer",)),
    ]
    assert [row.signed for row in found.rows] == [True, False, True, None, None, None]


def test_an_echo_tells_what_the_container_really_saw() -> None:
    body = json.dumps({"method": "POST", "path": "/invocations", "headers": [["Content-Type", "text/plain"]]})
    found = table(
        "sync", members=(("ContentType", "text/csv"),), sent=(("Content-Type", "text/csv"),), body=body.encode()
    )
    assert row(found, "Content-Type").container == "text/plain"
    assert row(found, "Content-Type").why == ("the container has another value: text/plain",)
    assert found.container_source == "told by the container itself, which echoes its request"
    assert [row.name for row in found.rows] == ["Content-Type"]


def test_the_local_endpoint_tells_on_request_what_the_container_saw() -> None:
    saw = json.dumps([["Accept", "text/csv"], ["X-Other", "2"]])
    found = table(
        "stream",
        members=(("Accept", "text/csv"),),
        typed=((SAW_HEADER, "1"),),
        sent=(("X-Amzn-SageMaker-Accept", "text/csv"), (SAW_HEADER, "1")),
        answered=((SAW_HEADER, saw),),
    )
    assert found.container_source == f"told by the local endpoint, in its header {SAW_HEADER}"
    assert row(found, "X-Other") == HeaderRow("X-Other", container="2", why=("added by SageMaker",))
    assert row(found, SAW_HEADER).answered is None


def test_an_answer_that_only_looks_like_an_echo_is_none() -> None:
    documented = "what the service documents, since nobody told what it saw"
    for body in (b'{"headers": 3, "path": "/"}', b'[["a", "b"]]', b"\xff", b'{"path": "/", "headers": [["a"]]}'):
        assert table("sync", body=body).container_source == documented


def test_every_typed_and_sent_and_answered_header_is_there_once() -> None:
    found = table("sync", typed=(("A", "1"), ("A", "2")), sent=(("A", "1"), ("A", "2")), answered=(("B", "3"),))
    assert [(row.name, row.typed, row.sent) for row in found.rows if row.typed] == [
        ("A", "1", "1, 2"),
        ("A", "2", "1, 2"),
    ]
    assert [row.answered for row in found.rows if row.name == "B"] == ["3"]


def test_the_table_is_copied_as_markdown_with_nothing_in_it_read_as_such() -> None:
    text = table("sync", typed=(("X-Trace", "a|b `c`"),), sent=(("X-Trace", "a|b `c`"),)).as_markdown()
    assert "| X-Trace | a\\|b \\`c\\` | no | a\\|b \\`c\\` |  |  | stripped: no member of this operation |" in text
    assert text.startswith("| Header | typed | signed | sent | container | answered | why |\n| --- |")
