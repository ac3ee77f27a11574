"""The local endpoint as a process: what it prints, when it ends, and what it does with a bad start."""

from __future__ import annotations

import io
import json
import shlex
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from smrt_tui.local.server import Log, ServeOptions, announcement, main
from smrt_tui.local.sigv4 import Credentials
from tests.local.signing import as_bytes, sign
from tests.local.sockets import exchange, take_apart

KEYS = Credentials("LOCALKEY", "it's secret")


@contextmanager
def serving(options: str = "") -> Iterator[subprocess.Popen[str]]:
    """A server process with its standard input held open; killed if it is still there at the end."""
    code = f"import sys; from smrt_tui.local.server import *; sys.exit(main(ServeOptions({options})))"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def announced(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    first, *pairs = shlex.split(process.stdout.readline())
    assert first == "export"
    return dict(pair.split("=", 1) for pair in pairs)


def invoke(variables: dict[str, str]) -> int:
    url = variables["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"]
    keys = Credentials(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"])
    request = sign(url=f"{url}/endpoints/echo/invocations", keys=keys)
    closing = replace(request, headers=(*request.headers, (b"Connection", b"close")))
    return take_apart(exchange(urlsplit(url).port or 0, as_bytes(closing))).status


def rude_clients(port: int, stream: bytes) -> None:
    """Garbage, a promise that is not kept, a head that never ends, many at once, and three that leave a stream."""
    assert take_apart(exchange(port, b"\x16\x03\x01\x02\x00nonsense\r\n\r\n")).status == 400
    for half in (b"POST /endpoints/echo/invocations HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\n{", b"GET / HT"):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(half)
    crowd = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(200)]
    for connection in crowd:
        connection.close()
    for seconds in (0, 0, 1):  # a reset, which the last one avoids by lingering
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(stream)
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, seconds))


def test_rude_clients_are_logged_without_a_traceback_and_others_are_served() -> None:
    with serving() as process:
        variables = announced(process)
        url = variables["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"]
        keys = Credentials(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"])
        endless = b'{"parts": 1000000, "bytes": 1000}'
        stream = sign(endless, url=f"{url}/endpoints/firehose/invocations-response-stream", keys=keys)
        rude_clients(urlsplit(url).port or 0, as_bytes(stream))
        assert invoke(variables) == 200
        process.terminate()
        _, err = process.communicate(timeout=20)
    assert "Traceback" not in err
    assert "trouble" not in err
    assert err.count("200, the client left") == 3


def test_once_it_accepts_it_prints_one_line_that_a_shell_can_eval() -> None:
    with serving() as process:
        variables = announced(process)
        assert list(variables) == [
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
            "AWS_ENDPOINT_URL_S3",
            "AWS_ENDPOINT_URL_SAGEMAKER",
            "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
        ]
        assert invoke(variables) == 200
        process.terminate()
        out, err = process.communicate(timeout=20)
    assert out == ""
    assert err.count("\n") == 1
    assert variables["AWS_SECRET_ACCESS_KEY"] not in err


def test_a_shell_gets_awkward_secrets_back_whole() -> None:
    line = announcement("::1", 80, replace(KEYS, session_token="a b"))
    done = subprocess.run(
        ["sh", "-c", f'{line}; printf "%s|" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" "$AWS_ENDPOINT_URL_S3"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "it's secret|a b|http://[::1]:80|"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_even_with_a_connection_open(number: signal.Signals) -> None:
    with serving() as process:
        port = urlsplit(announced(process)["AWS_ENDPOINT_URL_S3"]).port
        with socket.create_connection(("127.0.0.1", port or 0), timeout=20) as connection:
            connection.sendall(b"POST /endpoints/x/invocations HTTP/1.1\r\n")
            process.send_signal(number)
            _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


def test_the_end_of_standard_input_ends_it_when_asked() -> None:
    with serving("until_stdin_closes=True") as process:
        announced(process)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


def test_a_killed_parent_takes_it_along() -> None:
    """The parent is killed outright, so that it cannot clean up; the pipe to its child closes all the same."""
    parent = (
        "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', "
        "'from smrt_tui.local.server import *; main(ServeOptions(until_stdin_closes=True))'], stdin=subprocess.PIPE);"
        "child.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("export ")
        process.kill()
        out, _ = process.communicate(timeout=20)  # returns when the child, which shares the pipe, is gone
    assert out == ""


def test_a_port_in_use_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(ServeOptions(port=port)) == 2
    assert capsys.readouterr().err == f"smrt-tui serve: cannot listen on 127.0.0.1:{port}: Address already in use\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ServeOptions(host="no.such.host.invalid"), "cannot listen on no.such.host.invalid:0"),
        (ServeOptions(containers=(("mine", "ftp://x"),)), "container mine: 'ftp://x' is no http:// address"),
        (ServeOptions(containers=(("mine", "http://10.0.0.1"),)), "container mine: 10.0.0.1 is another machine"),
    ],
)
def test_a_start_that_cannot_work_is_told_in_a_sentence(
    capsys: pytest.CaptureFixture[str], options: ServeOptions, message: str
) -> None:
    assert main(options) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"smrt-tui serve: {message}")


def test_a_plain_start_loads_no_httpx() -> None:
    code = (
        "import sys, json; import smrt_tui.local.server as s; s.starter_endpoints((), allow_remote=False);"
        "print(json.dumps([m for m in ('httpx', 'textual', 'botocore') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_a_log_that_nobody_can_read_any_more_stops_no_request() -> None:
    stream = io.StringIO()
    stream.close()
    Log(stream)("a line")


def test_the_log_shows_no_control_characters() -> None:
    stream = io.StringIO()
    Log(stream)("GET /\x1b[31m\r\nforged é")
    assert (
        stream.getvalue()[9:]
        == "GET /\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}forged é\n"
    )
