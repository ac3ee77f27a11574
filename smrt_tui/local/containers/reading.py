"""What a container reads of a request: headers, media types, custom attributes, the JSON body. Answers nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers

CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
SESSION_ID = "X-Amzn-SageMaker-Session-Id"
FORWARDED_API = "X-Amzn-SageMaker-Forwarded-Api"
"""Names the operation that the caller used (djl-serving's input_parser.py reads it)."""

_STREAM_OPERATION = "InvokeEndpointWithResponseStream"
_UNITS_S = {"": 0.001, "ms": 0.001, "us": 0.000001, "s": 1.0}
_LONGEST_PACE_S = 60.0


class MediaType(NamedTuple):
    """One media type with its parameters, names and types in lower case."""

    type: str
    """`application/json`; empty when the header is missing."""
    parameters: Mapping[str, str]
    """`{"verbose": "true"}` of `application/json;verbose=true`; a bare word has an empty value."""


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header, by name in any case; None when it is not there."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def content_type(headers: Headers) -> MediaType:
    """What the body claims to be."""
    return _media_type(header(headers, "Content-Type") or "")


def accepted(headers: Headers) -> tuple[MediaType, ...]:
    """What the caller takes, in its order; empty when it did not say."""
    return tuple(_media_type(entry) for entry in (header(headers, "Accept") or "").split(",") if entry.strip())


def choose(headers: Headers, offered: tuple[str, ...]) -> MediaType | None:
    """The first accepted type among those offered, the first offered for `*/*` or no Accept, None when none fits."""
    wanted = accepted(headers)
    for entry in wanted:
        if entry.type in offered:
            return entry
        if entry.type == "*/*":
            return MediaType(offered[0], entry.parameters)
    return None if wanted else MediaType(offered[0], {})


def attributes(headers: Headers) -> tuple[tuple[str, str], ...]:
    """The custom attributes, `name=value` between `;` or `,`: names in lower case, a bare name with an empty value."""
    return _pairs(re.split("[;,]", header(headers, CUSTOM_ATTRIBUTES) or ""))


def attribute(headers: Headers, name: str) -> str | None:
    """The value of the last custom attribute of that name; None when it is not there."""
    return dict(attributes(headers)).get(name)


def is_streaming(headers: Headers) -> bool:
    """Whether the caller asked for a response stream."""
    return header(headers, FORWARDED_API) == _STREAM_OPERATION


def pace_s(headers: Headers, default: float) -> float:
    """Seconds between two pieces: `pace=30ms`, `pace=0.1s`, `pace=200us`, `pace=30` (milliseconds).

    Raises `ValueError` with a message for the caller.
    """
    text = attribute(headers, "pace")
    if text is None:
        return default
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(us|ms|s|)", text.lower())
    seconds = float(match[1]) * _UNITS_S[match[2]] if match else -1.0
    if not 0 <= seconds <= _LONGEST_PACE_S:
        raise ValueError(f"pace={text} in the custom attributes is no time between 0 and 60 s, such as 30ms")
    return seconds


def json_value(body: bytes) -> Any:
    """The body as JSON. Raises `ValueError` with a message for the caller."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"the body is no JSON: {problem}") from problem


def json_object(body: bytes) -> dict[str, Any]:
    """The body as one JSON object. Raises `ValueError` with a message for the caller."""
    value = json_value(body)
    if not isinstance(value, dict):
        raise ValueError(f"the body is JSON, but no object: {type(value).__name__}")
    return value


def whole_number(payload: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    """A whole number of the payload within its limits. Raises `ValueError` with a message for the caller."""
    value = payload.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}, not {json.dumps(value)}")
    return value


def _media_type(text: str) -> MediaType:
    kind, _, rest = text.partition(";")
    return MediaType(kind.strip().lower(), dict(_pairs(rest.split(";"))))


def _pairs(entries: Sequence[str]) -> tuple[tuple[str, str], ...]:
    named = (entry.partition("=") for entry in entries if entry.strip())
    return tuple((name.strip().lower(), value.strip()) for name, _, value in named)
