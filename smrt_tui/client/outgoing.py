"""The request before it is signed: built from the draft, and refused where HTTP/1.1 could not carry it.

Only what can't be sent is refused. What the service would not like is lint's affair and goes out when asked to.
"""

from __future__ import annotations

import re
from collections import Counter

from smrt_tui.client.faults import trouble
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.profile import ClientOptions
from smrt_tui.core.request import Headers, WireRequest, build_request
from smrt_tui.core.service import Operation

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A field name (RFC 9110 section 5.1)."""


def outgoing_request(
    operation: Operation, draft: ResolvedDraft, base_url: str, options: ClientOptions, extra: Headers = ()
) -> WireRequest:
    """The unsigned request, with `user_agent_extra` on its User-Agent, which is there only if somebody gave one."""
    request = build_request(operation, draft, base_url)
    headers = (*request.headers, *extra)
    if options.user_agent_extra:
        headers = _with_user_agent(headers, options.user_agent_extra)
    return request.with_headers(headers)


def _with_user_agent(headers: Headers, addition: str) -> Headers:
    if not any(name.lower() == "user-agent" for name, _ in headers):
        return (*headers, ("User-Agent", addition))
    return tuple((name, f"{value} {addition}" if name.lower() == "user-agent" else value) for name, value in headers)


def refuse_unsendable(request: WireRequest) -> None:
    """Raises `ClientTrouble` for the first header that has no bytes on the wire, or would cut the body wrongly."""
    for name, value in request.headers:
        if not _TOKEN.fullmatch(name):
            raise trouble("header-name-illegal", name=repr(name))
        if (detail := _illegal(value)) is not None:
            raise trouble("header-illegal", name=name, detail=detail)
        if name.lower() == "transfer-encoding":
            raise trouble("header-framing", name=name, detail="the body is sent whole, after a Content-Length")
        if name.lower() == "content-length" and value != str(len(request.body)):
            raise trouble(
                "header-framing", name=name, detail=f"it says {value}, the body has {len(request.body)} bytes"
            )
    counts = Counter(name.lower() for name, _ in request.headers)
    for name in ("host", "content-length"):
        if counts[name] > 1:
            raise trouble("header-framing", name=name, detail="it is there twice")


def _illegal(value: str) -> str | None:
    """What of a value HTTP can't carry (RFC 9110 section 5.5), None when it can."""
    if "\r" in value or "\n" in value:
        return "it holds a line break"
    if not value.isascii():
        return f"{next(c for c in value if not c.isascii())!r} is not ASCII"
    if any((c < " " and c != "\t") or c == "\x7f" for c in value):
        return "it holds a control character"
    if value != value.strip(" \t"):
        return "it begins or ends with a blank"
    return None
