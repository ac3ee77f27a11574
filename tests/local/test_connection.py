"""Connections that are malformed, slow, huge, many or gone: each is answered or freed, and nothing is ever raised."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterator

import pytest

from smrt_tui.local.connection import ConnectionLimits
from tests.local.running import Running, Scripted, endpoints_of, running
from tests.local.signing import as_bytes, sign
from tests.local.sockets import exchange, read_all, take_apart


@pytest.fixture
def server() -> Iterator[Running]:
    with running(endpoints_of(echo=Scripted(body=b'{"ok":true}'))) as it:
        yield it


def invocation(server: Running, body: bytes = b"{}", **headers: str) -> bytes:
    return as_bytes(sign(body, url=f"{server.url}/endpoints/echo/invocations", headers=headers))


def closing(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nBad Name: 1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnot hex\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    ],
    ids=["words", "tls", "no-host", "length", "lengths", "version", "name", "chunk", "long-line", "many-headers"],
)
def test_malformed_requests_get_a_400_family_answer(server: Running, data: bytes) -> None:
    response = take_apart(exchange(server.port, data, half_close=True))
    assert response.status in (400, 431, 501, 505)
    assert response.header("Connection") == "close"


def test_after_a_malformed_request_others_are_served(server: Running) -> None:
    exchange(server.port, b"nonsense\r\n\r\n")
    assert take_apart(exchange(server.port, closing(invocation(server)))).status == 200


def test_a_slow_head_is_ended_with_408() -> None:
    limits = ConnectionLimits(head_s=0.05)
    with running({}, connection_limits=limits) as server:
        assert take_apart(exchange(server.port, b"POST /endpoints/a/invocations HT")).status == 408


def test_a_slow_body_is_ended_with_408() -> None:
    limits = ConnectionLimits(body_s=0.05)
    with running({}, connection_limits=limits) as server:
        head = b"POST /endpoints/a/invocations HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"
        assert take_apart(exchange(server.port, head)).status == 408


def test_an_idle_connection_is_closed() -> None:
    with running({}, connection_limits=ConnectionLimits(idle_s=0.05)) as server:
        assert exchange(server.port, b"") == b""


def test_a_body_over_the_limit_is_read_to_its_end_and_answered_413(server: Running) -> None:
    size = 20_000_000
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        head = f"POST /endpoints/echo/invocations HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n"
        connection.sendall(head.encode())
        connection.sendall(b"x" * size)  # would fail with a reset if the server answered early and closed
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        first, _, second = read_all(connection).partition(b"bytes.")
    response = take_apart(first)
    assert (response.status, response.header("Content-Type")) == (413, "text/plain")
    assert response.body == b"HTTP content length exceeded 6291456 "
    assert take_apart(second).status == 403


def test_a_body_beyond_all_measure_ends_the_connection() -> None:
    limits = ConnectionLimits(drained_bytes=10_000_000)
    with running({}, connection_limits=limits) as server:
        head = b"POST /endpoints/a/invocations HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"
        assert take_apart(exchange(server.port, head + b"x" * 10_500_000)).status == 413


def test_a_client_that_waits_for_continue_is_told_to_go_on(server: Running) -> None:
    head, _, body = closing(invocation(server)).partition(b"\r\n\r\n")
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head + b"\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert take_apart(read_all(connection)).status == 200


def test_requests_in_one_packet_are_answered_in_turn(server: Running) -> None:
    answers = exchange(server.port, invocation(server) * 3 + closing(invocation(server)))
    assert answers.count(b"HTTP/1.1 200 OK") == 4
    assert answers.count(b'{"ok":true}') == 4


def test_http_1_0_gets_an_unchunked_stream_that_ends_with_the_connection() -> None:
    with running(endpoints_of(echo=Scripted([b"a", b"b"]))) as server:
        request = as_bytes(sign(url=f"{server.url}/endpoints/echo/invocations-response-stream"))
        response = take_apart(exchange(server.port, request.replace(b"HTTP/1.1", b"HTTP/1.0")))
    assert (response.status, response.header("Connection")) == (200, "close")
    assert "Transfer-Encoding" not in dict(response.headers)
    assert response.body.count(b"PayloadPart") == 2


@pytest.mark.parametrize("path", ["invocations", "invocations-response-stream"])
def test_a_client_that_leaves_frees_the_container(path: str) -> None:
    container = Scripted(is_silent=True, flushes=[b"first"] if "stream" in path else [])
    with running(endpoints_of(echo=container)) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(as_bytes(sign(url=f"{server.url}/endpoints/echo/{path}")))
            if "stream" in path:
                assert connection.recv(10)
            else:
                wait_until(lambda: bool(container.asked))
        assert container.left.wait(20)


def test_a_client_that_resets_frees_the_container() -> None:
    container = Scripted(flushes=[b"first"], is_silent=True)
    with running(endpoints_of(echo=container)) as server:
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        connection.sendall(as_bytes(sign(url=f"{server.url}/endpoints/echo/invocations-response-stream")))
        assert connection.recv(10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        assert container.left.wait(20)


def test_two_hundred_connections_are_served_at_once(server: Running) -> None:
    data = closing(invocation(server))
    connections = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(200)]
    for connection in connections:
        connection.sendall(data)
    statuses = [take_apart(read_all(connection)).status for connection in connections]
    for connection in connections:
        connection.close()
    assert statuses == [200] * 200


def wait_until(condition: Callable[[], bool]) -> None:
    """Poll a condition for at most twenty seconds."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)
