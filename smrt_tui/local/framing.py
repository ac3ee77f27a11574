"""Event-stream frames (`application/vnd.amazon.eventstream`), the writing side. No reading, no sockets.

Layout, big-endian: total length, headers length, CRC-32 of those eight bytes, headers, payload, CRC-32 of everything
before it. Source: the Smithy specification, "Amazon Event Stream Specification". The service sends string headers
only, so no other header type is written here.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Literal
from zlib import crc32

_STRING = 7

StreamErrorCode = Literal["ModelInvocationTimeExceeded", "StreamBroken"]


def string_headers(*pairs: tuple[str, str]) -> bytes:
    """Header fields of type 7 (string), in this order."""
    out = bytearray()
    for name, value in pairs:
        raw_name, raw_value = name.encode(), value.encode()
        out += struct.pack(">B", len(raw_name)) + raw_name
        out += struct.pack(">BH", _STRING, len(raw_value)) + raw_value
    return bytes(out)


def frame(headers: bytes, payload: bytes) -> bytes:
    """One frame around encoded headers and a payload."""
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    head = prelude + struct.pack(">I", crc32(prelude)) + headers
    return b"".join((head, payload, struct.pack(">I", crc32(payload, crc32(head)))))


_PART_HEADERS = string_headers(
    (":message-type", "event"), (":event-type", "PayloadPart"), (":content-type", "application/octet-stream")
)
# The order of these headers on the real wire is not published; readers must accept any.


def payload_part(payload: bytes) -> bytes:
    """A PayloadPart event: a piece of the model's answer."""
    return frame(_PART_HEADERS, payload)


def event(event_type: str, payload: bytes) -> bytes:
    """An event of any type, such as one a client does not know."""
    return frame(
        string_headers(
            (":message-type", "event"), (":event-type", event_type), (":content-type", "application/octet-stream")
        ),
        payload,
    )


def exception(exception_type: str, members: Mapping[str, str]) -> bytes:
    """An exception message: an error that the model declares, with its members as JSON."""
    return frame(
        string_headers(
            (":message-type", "exception"),
            (":exception-type", exception_type),
            (":content-type", "application/json"),
        ),
        json.dumps(members).encode(),
    )


def model_stream_error(code: StreamErrorCode, message: str) -> bytes:
    """The exception for trouble between the service and the container in the middle of a stream."""
    return exception("ModelStreamError", {"ErrorCode": code, "Message": message})


def error(code: str, message: str) -> bytes:
    """An error message: one that the model does not declare, all of it in headers."""
    return frame(string_headers((":message-type", "error"), (":error-code", code), (":error-message", message)), b"")


def initial_response() -> bytes:
    """The first frame that some services send before any event; this one does not."""
    return event("initial-response", b"{}")
