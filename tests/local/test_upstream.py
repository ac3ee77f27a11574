"""A container of the user's own behind the door: passed on chunk by chunk, and judged as SageMaker would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from smrt_tui.local import framing
from smrt_tui.local.endpoints import single
from smrt_tui.local.upstream import upstream_container
from tests.local.own_container import Behaviour, nobody, own_container
from tests.local.running import Running, running
from tests.local.sockets import chunks_of
from tests.local.test_frontdoor import post


@contextmanager
def behind_the_door(behaviour: Behaviour, path: str = "") -> Iterator[Running]:
    with own_container(behaviour) as url:
        endpoint = single("mine", upstream_container("mine", url + path, allow_remote=False))
        with running({"mine": endpoint}) as server:
            yield server


def test_a_sync_invocation_passes_unchanged_in_both_directions() -> None:
    behaviour = Behaviour(body=b"\x00\xff")
    with behind_the_door(behaviour) as server:
        response = post(server, "mine/invocations", b"\xfe\x01", Content_Type="image/x", X_Trace="1")
    assert (response.status, response.body) == (200, b"\x00\xff")
    [(path, headers, body)] = behaviour.seen
    names = [name for name, _ in headers]
    assert (path, body) == ("/invocations", b"\xfe\x01")
    assert dict(headers)["Content-Type"] == "image/x"
    assert dict(headers)["X-Amzn-SageMaker-Forwarded-Api"] == "InvokeEndpoint"
    assert set(names) == {"Host", "Content-Length", "Content-Type", "X-Amzn-SageMaker-Forwarded-Api"}
    assert server.log[:2] == [
        "headers of the request that SageMaker strips: X-Trace",
        "headers of the container that SageMaker drops: X-Total-Time",
    ]


def test_each_chunk_becomes_one_part() -> None:
    with behind_the_door(Behaviour(chunks=(b"data: 1\n\n", b"data: 2\n\n"))) as server:
        response = post(server, "mine/invocations-response-stream")
    assert response.header("X-Amzn-SageMaker-Content-Type") == "text/event-stream"
    parts = [framing.payload_part(chunk) for chunk in (b"data: 1\n\n", b"data: 2\n\n")]
    assert chunks_of(response.body) == parts


def test_a_stream_that_it_breaks_off_is_told_as_broken() -> None:
    with behind_the_door(Behaviour(chunks=(b"one", b"two"), breaks_off=True)) as server:
        *parts, last = chunks_of(post(server, "mine/invocations-response-stream").body)
    assert parts == [framing.payload_part(b"one"), framing.payload_part(b"two")]
    assert b'"ErrorCode": "StreamBroken"' in last


@pytest.mark.parametrize("path", ["mine/invocations", "mine/invocations-response-stream"])
@pytest.mark.parametrize("status", [404, 503])
def test_its_errors_are_wrapped(path: str, status: int) -> None:
    with behind_the_door(Behaviour(status=status, body=b"why")) as server:
        response = post(server, path)
    members = json.loads(response.body)
    assert (response.status, members["OriginalStatusCode"], members["OriginalMessage"]) == (424, status, "why")


def test_an_answer_that_never_comes_is_a_424_with_status_0() -> None:
    with behind_the_door(Behaviour(hangs_up=True)) as server:
        assert json.loads(post(server, "mine/invocations").body)["OriginalStatusCode"] == 0
    gone = single("mine", upstream_container("mine", nobody(), allow_remote=False))
    with running({"mine": gone}) as server:
        assert json.loads(post(server, "mine/invocations-response-stream").body)["OriginalStatusCode"] == 0


def test_an_address_with_a_path_is_asked_there() -> None:
    behaviour = Behaviour()
    with behind_the_door(behaviour, "/v1/chat/completions") as server:
        assert post(server, "mine/invocations").status == 200
    assert [path for path, _, _ in behaviour.seen] == ["/v1/chat/completions"]


@pytest.mark.parametrize(("status", "is_ready"), [(200, True), (503, False)])
async def test_a_ping_is_a_200(status: int, is_ready: bool) -> None:
    with own_container(Behaviour(ping_status=status)) as url:
        assert await upstream_container("mine", url, allow_remote=False).ping() is is_ready
    assert await upstream_container("mine", nobody(), allow_remote=False).ping() is False


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("localhost:8080", "is no http:// address"),
        ("http://", "is no http:// address"),
        ("http://example.com:8080", "example.com is another machine"),
        ("http://me:secret@127.0.0.1:8080", "user name and password is not used"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        upstream_container("mine", url, allow_remote=False)
    assert "secret@" not in str(caught.value)


def test_another_machine_may_be_allowed() -> None:
    assert upstream_container("mine", "https://example.com", allow_remote=True).name == "mine"
