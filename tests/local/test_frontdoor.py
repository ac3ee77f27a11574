"""The front door on a raw socket: what goes out, byte for byte, and what the container gets to see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from msgspec.structs import replace

from smrt_tui.core.request import Headers
from smrt_tui.local import framing
from smrt_tui.local.container import Burst
from smrt_tui.local.endpoints import single
from smrt_tui.local.frontdoor import DoorLimits
from smrt_tui.local.patience import StreamLimits
from tests.local.running import Running, Scripted, endpoints_of, running
from tests.local.signing import as_bytes, sign
from tests.local.sockets import RawResponse, chunks_of, exchange, take_apart


def post(server: Running, path: str, body: bytes = b"{}", **headers: str) -> RawResponse:
    """One signed POST on a connection of its own. Underscores in header names become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = sign(body, url=f"{server.url}/endpoints/{path}", headers=named)
    closing = replace(request, headers=(*request.headers, (b"Connection", b"close")))
    return take_apart(exchange(server.port, as_bytes(closing)))


@pytest.fixture
def echo() -> Scripted:
    return Scripted(body=b'{"ok":true}')


@pytest.fixture
def server(echo: Scripted) -> Iterator[Running]:
    with running(endpoints_of(echo=echo, streaming=Scripted([b"one", b"two"]))) as it:
        yield it


def test_a_sync_answer_has_the_service_s_headers_in_wire_case(server: Running) -> None:
    response = post(server, "echo/invocations")
    names = [name for name, _ in response.headers]
    assert names == [
        "x-amzn-RequestId",
        "x-Amzn-Invoked-Production-Variant",
        "Date",
        "Content-Type",
        "Content-Length",
        "Connection",
    ]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", response.header("x-amzn-RequestId"))
    assert abs(parsedate_to_datetime(response.header("Date")) - datetime.now(UTC)) < timedelta(seconds=5)
    assert response.body == b'{"ok":true}'


def test_a_stream_has_the_headers_of_a_real_one_and_one_chunk_a_frame(server: Running) -> None:
    response = post(server, "streaming/invocations-response-stream")
    assert [name for name, _ in response.headers] == [
        "x-amzn-RequestId",
        "x-Amzn-Invoked-Production-Variant",
        "X-Amzn-SageMaker-Content-Type",
        "Date",
        "Content-Type",
        "Transfer-Encoding",
        "Connection",
    ]
    assert response.header("X-Amzn-SageMaker-Content-Type") == "application/json"
    assert response.header("Content-Type") == "application/vnd.amazon.eventstream"
    assert chunks_of(response.body) == [framing.payload_part(b"one"), framing.payload_part(b"two")]


def test_an_async_answer_is_202_with_both_locations(server: Running) -> None:
    response = post(server, "echo/async-invocations", X_Amzn_SageMaker_Inference_Id="id-1")
    assert response.status == 202
    assert response.header("X-Amzn-SageMaker-OutputLocation") == "s3://smrt-local/echo/output/id-1.out"
    assert response.header("X-Amzn-SageMaker-FailureLocation") == "s3://smrt-local/echo/failure/id-1-error.out"
    assert response.body == b'{"InferenceId":"id-1"}'


@pytest.mark.parametrize(
    ("path", "sent", "seen"),
    [
        (
            "echo/invocations",
            {"Content_Type": "text/csv", "Accept": "a/b", "X_Trace": "1", "User_Agent": "me"},
            (("Content-Type", "text/csv"), ("Accept", "a/b"), ("X-Amzn-SageMaker-Forwarded-Api", "InvokeEndpoint")),
        ),
        (
            "echo/invocations-response-stream",
            {"Accept": "dropped", "X_Amzn_SageMaker_Accept": "a/b", "x_amzn_sagemaker_custom_attributes": "k=v"},
            (
                ("Accept", "a/b"),
                ("X-Amzn-SageMaker-Custom-Attributes", "k=v"),
                ("X-Amzn-SageMaker-Forwarded-Api", "InvokeEndpointWithResponseStream"),
            ),
        ),
        (
            "echo/async-invocations",
            {"Content_Type": "dropped", "X_Amzn_SageMaker_Content_Type": "text/csv", "X_Amzn_SageMaker_Filename": "a"},
            (("Content-Type", "text/csv"), ("X-Amzn-SageMaker-Forwarded-Api", "InvokeEndpointAsync")),
        ),
        (
            "echo/invocations",
            {
                "X_Amzn_SageMaker_Inference_Id": "i",
                "X_Amzn_SageMaker_Session_Id": "NEW_SESSION",
                "X_Amzn_SageMaker_Target_Variant": "AllTraffic",
            },
            (
                ("X-Amzn-SageMaker-Inference-Id", "i"),
                ("X-Amzn-SageMaker-Session-Id", "NEW_SESSION"),
                ("X-Amzn-SageMaker-Forwarded-Api", "InvokeEndpoint"),
            ),
        ),
    ],
)
def test_the_container_sees_members_only_and_under_its_own_names(
    echo: Scripted, server: Running, path: str, sent: dict[str, str], seen: Headers
) -> None:
    assert post(server, path, b"body", **sent).status in (200, 202)
    [request] = echo.asked
    assert (request.path, request.headers, request.body) == ("/invocations", seen, b"body")


@pytest.mark.parametrize("session", ["X-Amzn-SageMaker-Session-Id", "x-amzn-sagemaker-new-session-id"])
def test_a_container_s_headers_are_translated_or_dropped_and_the_dropped_ones_logged(session: str) -> None:
    container = Scripted(
        headers=(
            ("content-type", "text/plain; charset=utf-8"),
            (session, "abc; Expires=2030-01-01T00:00:00Z"),
            ("X-Amzn-SageMaker-Closed-Session-Id", "old"),
            ("X-Amzn-SageMaker-Custom-Attributes", "trace=1"),
            ("x-total-time", "12"),
        )
    )
    with running(endpoints_of(echo=container)) as server:
        response = post(server, "echo/invocations")
        stream = post(server, "echo/invocations-response-stream")
    assert [pair for pair in response.headers if pair[0] != "Date"][2:] == [
        ("X-Amzn-SageMaker-New-Session-Id", "abc; Expires=2030-01-01T00:00:00Z"),
        ("X-Amzn-SageMaker-Closed-Session-Id", "old"),
        ("X-Amzn-SageMaker-Custom-Attributes", "trace=1"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", "2"),
        ("Connection", "close"),
    ]
    assert stream.header("X-Amzn-SageMaker-Content-Type") == "text/plain; charset=utf-8"
    assert "headers of the container that SageMaker drops: x-total-time" in server.log


def test_a_container_s_error_is_wrapped_in_a_424() -> None:
    with running({"bad": single("bad", Scripted(status=400, body=b'{"why":"so"}'))}) as server:
        for path in ("bad/invocations", "bad/invocations-response-stream"):
            response = post(server, path)
            assert (response.status, response.header("x-amzn-ErrorType")) == (424, "ModelError")
            members = json.loads(response.body)
            assert list(members) == ["ErrorCode", "LogStreamArn", "Message", "OriginalMessage", "OriginalStatusCode"]
            assert members["ErrorCode"] == "CLIENT_ERROR_FROM_MODEL"
            assert members["OriginalMessage"] == '{"why":"so"}'


def test_a_container_that_is_silent_for_too_long_is_a_424_with_status_0() -> None:
    limits = DoorLimits(container_s=0.05)
    with running(endpoints_of(slow=Scripted(is_silent=True)), limits=limits) as server:
        members = json.loads(post(server, "slow/invocations").body)
    assert members["OriginalStatusCode"] == 0
    assert members["OriginalMessage"].startswith("Your invocation timed out while waiting for a response")


def test_a_container_that_breaks_off_a_sync_answer_is_a_424_with_status_0() -> None:
    with running(endpoints_of(bad=Scripted([b"a", ConnectionResetError()]))) as server:
        members = json.loads(post(server, "bad/invocations").body)
    assert members["OriginalStatusCode"] == 0
    assert members["OriginalMessage"].startswith("Amazon SageMaker could not get a response from the bad endpoint.")


def test_a_container_that_breaks_off_a_stream_is_told_inside_it() -> None:
    with running(endpoints_of(bad=Scripted([b"a", ConnectionResetError("by the model")]))) as server:
        chunks = chunks_of(post(server, "bad/invocations-response-stream").body)
        assert server.log[0] == "container scripted: ConnectionResetError: by the model"
    assert chunks[0] == framing.payload_part(b"a")
    assert b'"ErrorCode": "StreamBroken"' in chunks[1]


@pytest.mark.parametrize("limits", [StreamLimits(silence_s=0.05), StreamLimits(total_s=0.05)])
def test_a_stream_that_takes_too_long_ends_with_time_exceeded(limits: StreamLimits) -> None:
    container = Scripted([b"a"], is_silent=True)
    with running(endpoints_of(slow=container), limits=DoorLimits(stream=limits)) as server:
        chunks = chunks_of(post(server, "slow/invocations-response-stream").body)
    assert chunks[0] == framing.payload_part(b"a")
    assert b'"ErrorCode": "ModelInvocationTimeExceeded"' in chunks[1]
    assert container.left.wait(20)


def test_a_burst_is_as_many_chunks_as_payloads_and_empty_flushes_are_none() -> None:
    container = Scripted([Burst((b"a", b"", b"b")), b"", b"c"])
    with running(endpoints_of(echo=container)) as server:
        chunks = chunks_of(post(server, "echo/invocations-response-stream").body)
        assert post(server, "echo/invocations").body == b"abc"
    assert chunks == [framing.payload_part(payload) for payload in (b"a", b"b", b"c")]


def test_a_skewed_clock_shows_in_the_date(server: Running) -> None:
    refused = post(server, "echo/invocations", X_Amzn_SageMaker_Custom_Attributes="fault=clock-skew@600")
    assert (refused.status, refused.header("x-amzn-ErrorType")) == (403, "InvalidSignatureException")
    ahead = parsedate_to_datetime(refused.header("Date")) - datetime.now(UTC)
    assert timedelta(seconds=590) < ahead < timedelta(seconds=610)


@pytest.mark.parametrize(
    ("change", "error_type"),
    [
        ("Authorization", "MissingAuthenticationTokenException"),
        ("X-Amz-Date", "IncompleteSignatureException"),
    ],
)
def test_unsigned_requests_are_refused_as_aws_does(server: Running, change: str, error_type: str) -> None:
    request = sign(url=f"{server.url}/endpoints/echo/invocations")
    kept = tuple(pair for pair in request.headers if pair[0].decode() != change)
    data = as_bytes(replace(request, headers=(*kept, (b"Connection", b"close"))))
    response = take_apart(exchange(server.port, data))
    assert (response.status, response.header("x-amzn-ErrorType")) == (403, error_type)
    assert list(json.loads(response.body)) == ["message"]


@pytest.mark.parametrize("path", ["echo/nothing", "echo/openai/v1/chat/completions", "a/b/invocations"])
def test_another_path_is_an_unknown_operation(server: Running, path: str) -> None:
    response = post(server, path)
    assert (response.status, response.header("x-amzn-ErrorType")) == (404, "UnknownOperationException")
    assert "POST /endpoints/{EndpointName}/invocations, " in json.loads(response.body)["Message"]


def test_a_failure_of_our_own_is_a_500_and_one_line_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug\nof ours")

    monkeypatch.setattr("smrt_tui.local.frontdoor.admit", fail)
    with running(endpoints_of(echo=Scripted())) as server:
        response = post(server, "echo/invocations")
    assert (response.status, response.header("x-amzn-ErrorType")) == (500, "InternalFailure")
    [line] = server.log
    assert re.fullmatch(r"InvokeEndpoint echo 500, RuntimeError: a bug\nof ours \d+ ms", line)


def test_the_log_has_one_line_a_request_and_no_secret(server: Running) -> None:
    post(server, "echo/invocations", X_Amzn_SageMaker_Custom_Attributes="token=hidden")
    [line] = server.log
    assert re.fullmatch(r"InvokeEndpoint echo 200 \d+ ms", line)


def test_whoever_asks_is_told_what_the_container_saw(server: Running) -> None:
    for path in ("echo/invocations", "streaming/invocations-response-stream"):
        plain, asked = post(server, path), post(server, path, X_Smrt_Tui_Saw="1", X_Trace="1")
        assert "X-Smrt-Tui-Saw" not in [name for name, _ in plain.headers]
        api = "InvokeEndpoint" if path.endswith("/invocations") else "InvokeEndpointWithResponseStream"
        assert json.loads(asked.header("X-Smrt-Tui-Saw")) == [["X-Amzn-SageMaker-Forwarded-Api", api]]
