"""Limits and patterns, all of them from the service model: legal at the limit, refused one beyond."""

from __future__ import annotations

import json

import pytest

from smrt_tui.core.service import MODES, Member, Operation, packaged_service
from smrt_tui.local.admission import admit, find_operation
from smrt_tui.local.wire import RawRequest, Refused

SERVICE = packaged_service()
SYNC, ASYNC, STREAM = (SERVICE.operation(mode) for mode in ("sync", "async", "stream"))


def a_request(headers: dict[str, str] | None = None, body: bytes = b"{}", method: str = "POST") -> RawRequest:
    pairs = tuple((name.encode(), value.encode("latin-1")) for name, value in (headers or {}).items())
    return RawRequest(method, b"/", b"", pairs, body, len(body))


def message_of(operation: Operation, request: RawRequest, endpoint: str = "chat") -> str:
    """The refusal's message; empty when the request is admitted."""
    try:
        admit(operation, endpoint, request, "id")
    except Refused as refused:
        assert refused.answer.status == 400
        message: str = json.loads(refused.answer.body)["Message"]
        return message
    return ""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (b"/endpoints/chat/invocations", (SYNC, "chat")),
        (b"/endpoints/a%2Fb/invocations-response-stream", (STREAM, "a/b")),
        (b"/endpoints/chat/async-invocations", (ASYNC, "chat")),
        (b"/endpoints//invocations", (SYNC, "")),
        (b"/endpoints/a/b/invocations", None),
        (b"/endpoints/chat/openai/v1/chat/completions", None),
        (b"/endpoints/chat", None),
        (b"/invocations", None),
    ],
)
def test_an_operation_is_found_by_the_path_of_the_model(path: bytes, found: tuple[Operation, str] | None) -> None:
    assert find_operation(SERVICE, path) == found


BOUNDED = [
    (operation, member)
    for operation in SERVICE.operations
    for member in operation.header_members
    if member.kind == "string" and member.maximum is not None
]


@pytest.mark.parametrize(
    ("operation", "member"), BOUNDED, ids=[f"{operation.mode}-{member.name}" for operation, member in BOUNDED]
)
def test_every_text_is_limited_by_the_model(operation: Operation, member: Member) -> None:
    assert member.header is not None and member.maximum is not None
    filler = "s3://b/" if member.name == "InputLocation" else ""
    body = b"" if filler else b"{}"
    longest = filler + "a" * (member.maximum - len(filler))
    assert message_of(operation, a_request({member.header: longest}, body)) == ""
    field = member.name[0].lower() + member.name[1:]
    shown = "Value" if member.is_sensitive else f"Value '{longest}a'"
    assert message_of(operation, a_request({member.header.lower(): longest + "a"}, body)) == (
        f"1 validation error detected: {shown} at '{field}' failed to satisfy constraint: "
        f"Member must have length less than or equal to {member.maximum}"
    )


@pytest.mark.parametrize(
    ("name", "value", "constraint"),
    [
        ("RequestTTLSeconds", "59", "Member must have value greater than or equal to 60"),
        ("RequestTTLSeconds", "21601", "Member must have value less than or equal to 21600"),
        ("InvocationTimeoutSeconds", "0", "Member must have value greater than or equal to 1"),
        ("InvocationTimeoutSeconds", "soon", "Member must be an integer"),
        ("InvocationTimeoutSeconds", "²", "Member must be an integer"),
        ("InferenceId", "", "Member must have length greater than or equal to 1"),
        ("Filename", "a.b.c", "Member must satisfy regular expression pattern"),
        ("S3OutputPathExtension", "s3://x", "Member must satisfy regular expression pattern"),
        ("InputLocation", "file:///etc/passwd", "Member must satisfy regular expression pattern"),
    ],
)
def test_what_the_model_forbids_is_named_with_its_constraint(name: str, value: str, constraint: str) -> None:
    member = ASYNC.input(name)
    assert member is not None and member.header is not None
    assert constraint in message_of(ASYNC, a_request({member.header: value}))


def test_all_problems_come_at_once() -> None:
    headers = {"X-Amzn-SageMaker-Session-Id": "bad id!", "X-Amzn-SageMaker-Target-Variant": "-"}
    message = message_of(SYNC, a_request(headers), endpoint="-bad-")
    assert message.startswith("3 validation errors detected: Value '-bad-' at 'endpointName' failed to satisfy")
    assert message.count("; ") == 2


def test_bytes_beyond_ascii_are_refused_where_the_model_says_ascii() -> None:
    message = message_of(SYNC, a_request({"X-Amzn-SageMaker-Custom-Attributes": "naïve"}))
    assert message == (
        "1 validation error detected: Value at 'customAttributes' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: \p{ASCII}*"
    )


def test_a_new_session_is_for_sync_only() -> None:
    headers = {"X-Amzn-SageMaker-Session-Id": "NEW_SESSION"}
    assert message_of(SYNC, a_request(headers)) == ""
    assert "at 'sessionId' failed" in message_of(STREAM, a_request(headers))


def test_an_async_invocation_has_exactly_one_input() -> None:
    located = {"X-Amzn-SageMaker-InputLocation": "s3://b/k"}
    assert message_of(ASYNC, a_request(located, b"")) == ""
    assert "exactly one of them is allowed" in message_of(ASYNC, a_request(located, b"{}"))
    assert "exactly one of them is required" in message_of(ASYNC, a_request({}, b""))


def test_a_header_of_another_operation_is_no_member() -> None:
    invocation = admit(STREAM, "chat", a_request({"Accept": "text/csv", "X-Amzn-SageMaker-Accept": "a/b"}), "id")
    assert invocation.members == {"Accept": "a/b"}


@pytest.mark.parametrize("mode", MODES)
def test_another_method_is_an_unknown_operation(mode: str) -> None:
    operation = next(operation for operation in SERVICE.operations if operation.mode == mode)
    with pytest.raises(Refused) as caught:
        admit(operation, "chat", a_request(method="GET"), "id")
    assert caught.value.answer.status == 404


@pytest.mark.parametrize(
    ("value", "attempt"),
    [("attempt=2; max=3", 2), ("ttl=20261122T000000Z; attempt=3; max=3", 3), ("attempt=x", 1), ("", 1)],
)
def test_the_attempt_is_what_the_client_says(value: str, attempt: int) -> None:
    assert admit(SYNC, "chat", a_request({"amz-sdk-request": value}), "id").attempt == attempt
