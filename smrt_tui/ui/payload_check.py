"""What can be told about a payload while it is typed: whether it reads as what its content type says, and where not.

Pure text work, fast enough for every key press at the sizes that are edited here. A model's rules are lint's.
"""

from __future__ import annotations

import json
import re
from typing import Literal, NamedTuple, TypeAlias

from smrt_tui.core.kept_text import EDITABLE_BYTES

EDITABLE_CHARACTERS = EDITABLE_BYTES * 2
"""More than this of a profile's file is not edited on the screen. It is not checked at every key, as a payload is."""


class PayloadState(NamedTuple):
    """One line about a payload."""

    text: str
    is_wrong: bool = False
    line: int = 0
    """From 1; 0 when nothing is wrong."""
    column: int = 0
    """From 1; 0 when nothing is wrong."""


def _media_type(content_type: str | None) -> str:
    from smrt_tui.core.request import media_type  # the first frame needs this module and has no time for that one

    return media_type(content_type)


def is_json_type(content_type: str | None) -> bool:
    """Whether a body of this type is one JSON value."""
    kind = _media_type(content_type)
    return kind == "application/json" or kind.endswith("+json")


def is_json_lines_type(content_type: str | None) -> bool:
    """Whether a body of this type is a JSON value a line."""
    return _media_type(content_type) in {"application/jsonlines", "application/x-ndjson", "application/jsonl"}


def check_payload(text: str, content_type: str | None) -> PayloadState:
    """How the text reads as that content type. Placeholders stand inside JSON strings, so a template is JSON itself."""
    if not text.strip():
        return PayloadState("empty")
    if is_json_type(content_type) or (content_type is None and text.lstrip()[:1] in "{["):
        return _check_json(text, 1) or PayloadState("JSON")
    if is_json_lines_type(content_type):
        return _check_json_lines(text)
    kind = _media_type(content_type) or "no content type"
    lines = text.count("\n") + (not text.endswith("\n"))
    return PayloadState(f"{kind}, {lines} {'line' if lines == 1 else 'lines'}")


def _check_json_lines(text: str) -> PayloadState:
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            wrong = _check_json(line, number)
            if wrong is not None:
                return wrong
            count += 1
    return PayloadState(f"JSON lines, {count}")


def _check_json(text: str, first_line: int) -> PayloadState | None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        what = error.msg[0].lower() + error.msg[1:]
        return PayloadState(f"line {line}, column {error.colno}: {what}", True, line, error.colno)
    except RecursionError:
        return PayloadState("nested too deeply to check")
    return None


def formatted(text: str) -> str | None:
    """The JSON text indented by two, its numbers, key order and duplicates untouched; None when it is not JSON.

    Works on tokens, not on values, so that `1.0`, `1e400` and a repeated key stay as they were written.
    """
    if _check_json(text, 1) is not None:
        return None
    out: list[str] = []
    depth = 0
    tokens = [match[0] for match in _TOKEN.finditer(text) if not match[0].isspace()]
    for number, token in enumerate(tokens):
        following = tokens[number + 1] if number + 1 < len(tokens) else ""
        if token in "{[":
            depth += 1
            is_empty = following in ("}", "]")
            out.append(token if is_empty else f"{token}\n{'  ' * depth}")
        elif token in "}]":
            depth -= 1
            is_empty = number > 0 and tokens[number - 1] in ("{", "[")
            out.append(token if is_empty else f"\n{'  ' * depth}{token}")
        elif token == ",":
            out.append(f",\n{'  ' * depth}")
        else:
            out.append(": " if token == ":" else token)
    return "".join(out) + "\n"


def minified(text: str) -> str | None:
    """The JSON text without a blank between its tokens, otherwise as it was written; None when it is not JSON."""
    if _check_json(text, 1) is not None:
        return None
    return "".join(match[0] for match in _TOKEN.finditer(text) if not match[0].isspace())


Kind: TypeAlias = Literal["key", "string", "number", "word", "placeholder"]


class Span(NamedTuple):
    """A coloured stretch of one line."""

    start: int
    end: int
    kind: Kind


_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b|[{}\[\]:,]|\s+|[^\s"{}\[\]:,]+')
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_COLON = re.compile(r"\s*:")


def json_spans(line: str) -> list[Span]:
    """The stretches of one line of JSON to colour. A JSON string never spans lines, so a line stands by itself."""
    spans: list[Span] = []
    for match in _TOKEN.finditer(line):
        token = match[0]
        first = token[0]
        if first == '"':
            is_key = _COLON.match(line, match.end()) is not None
            spans.append(Span(match.start(), match.end(), "key" if is_key else "string"))
            spans += (
                Span(match.start() + inner.start(), match.start() + inner.end(), "placeholder")
                for inner in _PLACEHOLDER.finditer(token)
            )
        elif first.isdigit() or (first == "-" and len(token) > 1):
            spans.append(Span(match.start(), match.end(), "number"))
        elif token in ("true", "false", "null"):
            spans.append(Span(match.start(), match.end(), "word"))
    return spans


def byte_size(size: int) -> str:
    """A size for people: `812 B`, `4.1 kB`, `6.29 MB` (powers of ten, as the service's limits are counted)."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1000:.1f} kB"
    if size < 1_000_000_000:
        return f"{size / 1_000_000:.2f} MB"
    return f"{size / 1_000_000_000:.2f} GB"
