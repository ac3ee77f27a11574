"""What people usually write: values of members and names of headers, to be offered while one is typed."""

from __future__ import annotations

from collections.abc import Mapping

from smrt_tui.core.gallery import TEMPLATES
from smrt_tui.core.service import Member, Operation


def usual_values(member: Member) -> tuple[str, ...]:
    """Values to offer for a member, the likeliest first; those that the model lists, where it lists any."""
    return member.choices or _USUAL.get(member.name, ())


def usual_headers(operation: Operation) -> tuple[str, ...]:
    """Header names to offer: the operation's own, then what people send to see what the service does with it."""
    return (*(member.header for member in operation.header_members if member.header), *_OTHERS)


def _distinct(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


_USUAL: Mapping[str, tuple[str, ...]] = {
    "ContentType": _distinct(*(t.content_type for t in TEMPLATES), "image/png", "application/x-npy"),
    "Accept": _distinct(*(t.accept for t in TEMPLATES), "*/*"),
    "CustomAttributes": _distinct("accept_eula=true", *(t.attributes for t in TEMPLATES)),
    "SessionId": ("NEW_SESSION",),
    "InferenceId": ("{{uuid}}",),
    "InputLocation": ("s3://",),
    "RequestTTLSeconds": ("3600", "21600"),
    "InvocationTimeoutSeconds": ("900", "3600"),
    "EnableExplanations": ("`true`", "`false`"),
}
"""By member. Content types, Accept and attributes are those of the gallery, so that both name the same ones."""

_OTHERS = ("User-Agent", "X-Amzn-Trace-Id", "traceparent", "X-Request-Id", "X-Forwarded-For", "Cache-Control")
