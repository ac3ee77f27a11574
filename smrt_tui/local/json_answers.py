"""JSON 1.1 as the answering side writes it: answers, errors, checked members and pages."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from smrt_tui.local.wire import Answer, Refused

Operations: TypeAlias = Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]]
"""Operation -> what makes the members of its answer from those of the request; raises `Refused`."""

_CONTENT_TYPE = ("Content-Type", "application/x-amz-json-1.1")
_Item = TypeVar("_Item")


def json_answer(members: Mapping[str, Any]) -> Answer:
    """A success."""
    return Answer(200, (_CONTENT_TYPE,), json.dumps(members, separators=(",", ":")).encode())


def json_error(code: str, message: str) -> Answer:
    """An error. Services of this protocol answer their own refusals with 400, those for missing rights too."""
    body = json.dumps({"__type": code, "message": message}, separators=(",", ":")).encode()
    return Answer(400, (_CONTENT_TYPE,), body)


def text_member(members: Mapping[str, Any], name: str, code: str) -> str:
    """A text, empty when it is not there. Raises `Refused` for anything else."""
    found = members.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Refused(json_error(code, f"1 validation error detected: {name} is no string."))
    return found


def number_member(members: Mapping[str, Any], name: str, code: str, least: int, most: int, default: int) -> int:
    """A whole number within limits. Raises `Refused`."""
    found = members.get(name, default)
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise Refused(
            json_error(
                code,
                f"1 validation error detected: Value '{found}' at '{name[:1].lower()}{name[1:]}' failed to satisfy "
                f"constraint: Member must have value between {least} and {most}",
            )
        )
    return found


def page(items: Sequence[_Item], token: str, size: int, code: str) -> tuple[Sequence[_Item], str | None]:
    """The items that a token stands for, and the token of the rest; None when there is none. Raises `Refused`."""
    try:
        begin = int(base64.b64decode(token, validate=True)) if token else 0
    except ValueError:
        begin = -1
    if not 0 <= begin <= len(items):
        raise Refused(json_error(code, "1 validation error detected: the pagination token is not one of ours."))
    end = begin + size
    return items[begin:end], base64.b64encode(b"%d" % end).decode() if end < len(items) else None
