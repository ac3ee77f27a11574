"""A container as a user would write one: a plain HTTP server with /ping and /invocations, told how to behave."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Behaviour:
    """What it does with an invocation."""

    status: int = 200
    body: bytes = b'{"ok": true}'
    chunks: tuple[bytes, ...] = ()
    """A chunked answer instead of `body`."""
    silence_s: float = 0.0
    """How long it holds the chunks of its first answer back, to send them all at once."""
    breaks_off: bool = False
    """Closes the connection before the last chunk."""
    hangs_up: bool = False
    """Closes the connection without an answer."""
    ping_status: int = 200
    version: str = "HTTP/1.1"
    max_body: int = 1 << 30
    refuses: str = ""
    """A header that makes it answer 431."""
    seen: list[tuple[str, list[tuple[str, str]], bytes]] = field(default_factory=list)
    """Path, headers and body of each invocation."""


@contextmanager
def own_container(behaviour: Behaviour) -> Iterator[str]:
    """Its address, while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = behaviour.version
        timeout = 20

        def do_GET(self) -> None:
            self._answer(behaviour.ping_status if self.path == "/ping" else 404, b"")

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            behaviour.seen.append((self.path, list(self.headers.items()), body))
            if behaviour.hangs_up:
                self.close_connection = True
            elif length > behaviour.max_body:
                self._answer(413, b"too large")
            elif behaviour.refuses and behaviour.refuses in self.headers:
                self._answer(431, b"what is this?")
            elif behaviour.chunks:
                self._stream()
            else:
                self._answer(behaviour.status, behaviour.body)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response_only(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Total-Time", "12")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self) -> None:
            self.send_response_only(behaviour.status)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            if len(behaviour.seen) == 1:
                time.sleep(behaviour.silence_s)
            for chunk in behaviour.chunks:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                self.wfile.flush()
            if behaviour.breaks_off:
                self.close_connection = True
            else:
                self.wfile.write(b"0\r\n\r\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def nobody() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
