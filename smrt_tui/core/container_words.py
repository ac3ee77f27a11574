"""What the container itself said: out of SageMaker's sentence around it, and out of the JSON or HTML it said it in.

Pure text; every message is survived, and what cannot be unwrapped stays as it is.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any, NamedTuple

_SENTENCE = re.compile(
    r"Received (?:client|server) error \((\d{1,9})\) from \S+"
    r'(?: with message "(?P<words>.*?)(?:"\. See https?://|"\.?\s*\Z|\Z))?',
    re.DOTALL,
)
"""The service's own, the same for real-time answers and in failure notifications."""

_DEEPEST = 4
"""JSON inside JSON strings is unwrapped that often."""

_TELLING = ("error", "message", "detail", "details", "error_message", "errorMessage", "Message", "msg", "reason")
"""Where model servers put their words, the most telling first: DJL's `message` only says "prediction failure"."""


class Wrapped(NamedTuple):
    """One container's answer as SageMaker's sentence tells it."""

    status: int
    words: str
    """Empty when the sentence has none."""


def wrapped(message: str) -> Wrapped | None:
    """The container's status and words out of `Received server error (500) from …`; None without that sentence."""
    match = _SENTENCE.search(message)
    return None if match is None else Wrapped(int(match[1]), match["words"] or "")


def plain_words(text: str) -> str:
    """The words inside a model server's answer: the message of its JSON, an HTML page without its tags, or the text."""
    found: Any = text
    for _ in range(_DEEPEST):
        found = _telling(_parsed(found))
        if not isinstance(found, str | dict | list):
            break
    words = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    if words.lstrip().startswith("<"):
        words = html.unescape(re.sub(r"(?is)<(script|style|title)\b.*?</\1>|<[^>]*>", " ", words))
    return " ".join(words.split())


def _parsed(text: object) -> object:
    if not isinstance(text, str) or not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return text


def _telling(value: object) -> object:
    if isinstance(value, list) and len(value) == 1:
        return value[0]
    if not isinstance(value, dict):
        return value
    return next((value[name] for name in _TELLING if isinstance(value.get(name), str | dict | list)), value)
