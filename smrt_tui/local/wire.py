"""One HTTP request in, one response out, byte for byte: what the door needs below the level of an ordinary server.

h11 parses requests; responses are written here, because the faults need what a web framework hides: header names in
wire case, one chunk per frame and one write per flush, a body cut inside a chunk, a wrong Content-Length, a reset.
Nothing here knows SageMaker.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterable
from email.utils import formatdate
from http import HTTPStatus
from time import time
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers


class RawRequest(Struct, frozen=True):
    """One request as it came through the socket."""

    method: str
    path: bytes
    """As on the request line, still percent-encoded, without the query."""
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    """In wire order and case; values without surrounding blanks."""
    body: bytes
    """Empty when more than the limit came; all of it was read from the socket all the same."""
    body_bytes: int
    """How many bytes came."""
    is_oversize: bool = False

    def header(self, name: str) -> str | None:
        """The first value of a header, by name in any case, as Latin-1 text; None when it is not there."""
        wanted = name.lower().encode("latin-1")
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == wanted), None)


class Answer(Struct, frozen=True):
    """A whole response, still without Date, Content-Length and Connection."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    claimed_length: int | None = None
    """A Content-Length that is not the body's, for a fault; the connection closes after it."""


class Refused(Exception):
    """The request ends here with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Cut(Struct, frozen=True):
    """The end of a connection in the middle of a body: `partial` goes out inside a chunk that claims more."""

    how: Literal["close", "reset"]
    partial: bytes = b""


class Wire:
    """The response side of one exchange. Exactly one of `answer`, `start`…`finish` or `hang_up` ends it."""

    def __init__(
        self, writer: asyncio.StreamWriter, request: RawRequest, *, is_http_10: bool, keeps_alive: bool
    ) -> None:
        self.keeps_alive = keeps_alive
        """Whether another request may follow on this connection."""
        self.status = 0
        """What went out so far; 0 means nothing did."""
        self.clock_offset_s = 0.0
        """Added to the clock of the Date header."""
        self._writer = writer
        self._is_head = request.method == "HEAD"
        self._is_chunked = not is_http_10
        if is_http_10:
            self.keeps_alive = False

    async def answer(self, answer: Answer) -> None:
        """Write a whole response."""
        length = len(answer.body) if answer.claimed_length is None else answer.claimed_length
        if answer.claimed_length is not None:
            self.keeps_alive = False
        has_body = answer.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)  # RFC 9110, 6.4.1
        framing: Headers = (("Content-Length", str(length)),) if has_body else ()
        head = self._head(answer.status, (*answer.headers, *framing))
        self._writer.write(head if self._is_head else head + answer.body)
        await self._writer.drain()

    async def start(self, status: int, headers: Headers) -> None:
        """Write the head of a chunked response."""
        framing: Headers = (("Transfer-Encoding", "chunked"),) if self._is_chunked else ()
        self.keeps_alive = self.keeps_alive and self._is_chunked
        self._writer.write(self._head(status, (*headers, *framing)))
        await self._writer.drain()

    async def chunks(self, pieces: Iterable[bytes]) -> None:
        """Write each piece as one HTTP chunk, all of them in one write to the socket."""
        if self._is_chunked:
            self._writer.write(b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece))
        else:
            self._writer.write(b"".join(pieces))
        await self._writer.drain()

    async def finish(self) -> None:
        """End a chunked response."""
        if self._is_chunked:
            self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    async def cut(self, cut: Cut) -> None:
        """Leave the body unfinished: write the partial chunk, then close or reset."""
        if cut.partial and self._is_chunked:
            self._writer.write(b"%x\r\n%b" % (len(cut.partial) + 1024, cut.partial))
        await self.hang_up(cut.how)

    async def hang_up(self, how: Literal["close", "reset"] = "close") -> None:
        """End the connection: `close` after what was written has left (FIN), `reset` with a TCP RST."""
        self.keeps_alive = False
        await self._writer.drain()
        if how == "reset":
            linger = struct.pack("ii", 1, 0)  # SO_LINGER with zero seconds makes close() send a RST
            self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._writer.transport.abort()
        else:
            self._writer.close()

    def _head(self, status: int, headers: Headers) -> bytes:
        self.status = status
        try:
            reason = HTTPStatus(status).phrase
        except ValueError:  # 530 has no phrase
            reason = ""
        own, entity = _split_entity(headers)
        date = ("Date", http_date(self.clock_offset_s))
        connection = ("Connection", "keep-alive" if self.keeps_alive else "close")
        fields = (*own, date, *entity, connection)  # the order that real answers have
        lines = [f"HTTP/1.1 {status} {reason}".rstrip(), *(f"{name}: {value}" for name, value in fields)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _split_entity(headers: Headers) -> tuple[Headers, Headers]:
    """The headers about the exchange, and the ones that describe the body."""
    entity = tuple(pair for pair in headers if pair[0].lower().startswith(("content-", "transfer-")))
    return tuple(pair for pair in headers if pair not in entity), entity


def http_date(offset_s: float = 0.0) -> str:
    """Now, as a Date header (RFC 9110, 5.6.7), moved by an offset in seconds."""
    return formatdate(time() + offset_s, usegmt=True)
