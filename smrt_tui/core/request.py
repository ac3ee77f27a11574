"""The wire request: method, URL, header pairs and body bytes, before and after signing.

Header names keep their case, order and duplicates. Nothing here knows a socket or a signature.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn, TypeAlias
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from smrt_tui.core.draft import ResolvedDraft
    from smrt_tui.core.service import Operation

Headers: TypeAlias = tuple[tuple[str, str], ...]
"""Name and value pairs in wire order and case, duplicates kept."""


class WireRequest(Struct, frozen=True):
    """What is to go out, complete but for what the transport adds (nothing, but `Host` and `Content-Length`)."""

    method: str
    url: str
    """Absolute, path already percent-encoded."""
    headers: Headers
    body: bytes

    def with_headers(self, headers: Headers) -> WireRequest:
        """The same request with other headers."""
        return replace(self, headers=headers)


def build_request(operation: Operation, draft: ResolvedDraft, base_url: str) -> WireRequest:
    """The unsigned request of a draft: members under this operation's header names in model order, then free headers.

    A member that the operation does not have is left out (lint tells). Same bytes as botocore's serializer for every
    member of the service model.
    """
    members = dict(draft.members)
    path = operation.path.replace("{EndpointName}", quote(draft.endpoint, safe="~"))
    modelled = tuple(
        (member.header, members[member.name])
        for member in operation.inputs
        if member.header is not None and member.name in members
    )
    return WireRequest(
        method=operation.method,
        url=base_url.rstrip("/") + path,
        headers=modelled + draft.headers,
        body=draft.body,
    )


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header, by name in any case; None when it is not there."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def media_type(content_type: str | None) -> str:
    """`application/json` out of `Application/JSON; charset=utf-8`; empty when there is none."""
    return (content_type or "").partition(";")[0].strip().lower()


def is_json(body: bytes) -> bool:
    """Whether the bytes are one JSON value in UTF-8 (RFC 8259)."""
    try:
        json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError too
        return False
    return True


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON, though Python reads it")
