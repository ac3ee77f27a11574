"""Raw sockets: bytes out, bytes in, nothing in between."""

from __future__ import annotations

import socket
from dataclasses import dataclass

TIMEOUT_S = 20


@dataclass(frozen=True)
class RawResponse:
    """A response taken apart at its blank line only."""

    head: str
    body: bytes

    @property
    def status(self) -> int:
        return int(self.head.split()[1])

    @property
    def headers(self) -> list[tuple[str, str]]:
        lines = self.head.split("\r\n")[1:]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def header(self, name: str) -> str:
        return dict(self.headers)[name]


def exchange(port: int, data: bytes, *, half_close: bool = False) -> bytes:
    """Everything that the server sends until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        connection.sendall(data)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    """Bytes until the end of the connection."""
    received = b""
    while data := connection.recv(65536):
        received += data
    return received


def take_apart(data: bytes) -> RawResponse:
    """Head and body of what came."""
    head, _, body = data.partition(b"\r\n\r\n")
    return RawResponse(head.decode("latin-1"), body)


def chunks_of(body: bytes) -> list[bytes]:
    """The chunks of a chunked body, which must be whole."""
    chunks: list[bytes] = []
    while True:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            assert rest == b"\r\n"
            return chunks
        assert rest[length : length + 2] == b"\r\n"
        chunks.append(rest[:length])
        body = rest[length + 2 :]
