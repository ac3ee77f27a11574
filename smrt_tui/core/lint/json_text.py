"""JSON as text: where it breaks, and small changes to it that leave every other character as it was."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from msgspec import Struct


class Break(Struct, frozen=True):
    """Where a text stops being JSON."""

    message: str
    line: int
    """From 1."""
    column: int
    """From 1."""


def read_json(text: str) -> Any:
    """The value of a JSON text (RFC 8259). Raises `ValueError`, also for NaN and Infinity, which Python would take."""
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def first_break(text: str) -> Break | None:
    """Where and how the text is no JSON; None when it is, or when it is nested too deeply to say."""
    try:
        read_json(text)
    except json.JSONDecodeError as error:
        return Break(error.msg, error.lineno, error.colno)
    except ValueError as error:
        return _constant_break(text, str(error))
    except RecursionError:
        return None
    return None


def _constant_break(text: str, message: str) -> Break:
    name = message.partition(" ")[0]
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', lambda string: "x" * len(string[0]), text)
    before = text[: max(outside.find(name), 0)]
    return Break(message, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def with_flag(text: str, name: str, value: bool) -> str | None:
    """The text of a JSON object with a boolean member set and nothing else touched; None when that cannot be done.

    Checked by reading: the outcome holds exactly the old members and this one.
    """
    try:
        before = read_json(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(before, dict):
        return None
    changed = _replaced(text, name, value) if name in before else _added(text, name, value)
    try:
        is_right = changed is not None and read_json(changed) == {**before, name: value}
    except ValueError:
        return None
    return changed if is_right else None


def without_options(text: str, name: str) -> str | None:
    """The text of a JSON object without a member that is a flat object, nothing else touched; None when that cannot be
    done. Checked by reading, as `with_flag`."""
    member = rf'"{re.escape(name)}"\s*:\s*\{{[^{{}}]*\}}'
    changed, count = re.subn(rf"\s*,\s*{member}|{member}\s*,\s*", "", text)
    try:
        before, after = read_json(text), read_json(changed)
    except (ValueError, RecursionError):
        return None
    if count != 1 or not isinstance(before, dict):
        return None
    return changed if after == {key: value for key, value in before.items() if key != name} else None


def _replaced(text: str, name: str, value: bool) -> str | None:
    pattern = re.compile(rf'("{re.escape(name)}"\s*:\s*)(true|false)\b')
    changed, count = pattern.subn(lambda match: f"{match[1]}{json.dumps(value)}", text)
    return changed if count == 1 else None


def _added(text: str, name: str, value: bool) -> str:
    member = f'"{name}": {json.dumps(value)}'
    inside, after = text[: text.rindex("}")], text[text.rindex("}") :]
    kept = inside.rstrip()
    if kept.endswith("{"):
        return f"{kept}{member}{after}"
    last_line = re.search(r"\n[ \t]*(?=[^\n]*$)", kept)
    before_brace = inside[len(kept) :]
    separator = last_line[0] if "\n" in before_brace and last_line else " "
    return f"{kept},{separator}{member}{before_brace}{after}"
