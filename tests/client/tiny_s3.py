"""An S3 of these tests' own on loopback: objects in a dict, what was asked in a list, answers that can be scripted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

MISSING = (404, "NoSuchKey", "The specified key does not exist.")
DENIED = (403, "AccessDenied", "Access Denied")


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    """Lower-case names."""
    body: bytes


@dataclass(frozen=True)
class Stored:
    """One object."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    sent_bytes: int | None = None
    """Cut the connection after so many bytes of the body."""


class TinyS3:
    """Answers GET, HEAD and PUT with path-style addresses."""

    def __init__(self) -> None:
        self.objects: dict[str, Stored] = {}
        """By path, such as `/bucket/key`."""
        self.refusal: tuple[int, str, str] = MISSING
        """What a missing object is answered with: status, code, message."""
        self.refusal_headers: dict[str, str] = {}
        self.asked: list[Asked] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection, request after request."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                writer.write(self._answer(await _read_request(reader)))
                await writer.drain()
                if self._is_cut():
                    break
        writer.close()

    def _answer(self, asked: Asked) -> bytes:
        self.asked.append(asked)
        if asked.method == "PUT" and self.refusal == MISSING:
            self.objects[asked.path] = Stored(asked.body, {"Content-Type": asked.headers.get("content-type", "")})
            return _head(200, {"ETag": '"x"', "Content-Length": "0"})
        stored = self.objects.get(asked.path)
        if stored is None or asked.method == "PUT":
            status, code, message = self.refusal
            body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode() if code else b""
            return _head(status, {"Content-Length": str(len(body)), **self.refusal_headers}) + body
        head = _head(200, {"Content-Length": str(len(stored.body)), **stored.headers})
        return head if asked.method == "HEAD" else head + stored.body[: stored.sent_bytes]

    def _is_cut(self) -> bool:
        stored = self.objects.get(self.asked[-1].path)
        return stored is not None and stored.sent_bytes is not None


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


async def _read_request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body)


@asynccontextmanager
async def tiny_s3() -> AsyncIterator[TinyS3]:
    """One that listens, and is closed with every connection at the end."""
    store = TinyS3()
    server = await asyncio.start_server(store.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    store.url = f"http://{host}:{port}"
    async with server:
        yield store
