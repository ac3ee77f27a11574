"""Where a person was, in a small private file under the state folder.

It is replaced at once, so that a kill leaves the old or the new. What cannot be read is as if it were not there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from smrt_tui.core.place import Place
from smrt_tui.store.private import write_private

_LARGEST = 1 << 20
"""Bytes; more was not written here."""


def write_place(state_folder: Path, place: Place) -> None:
    """Remember a place instead of the one before. Raises `OSError` when the disk does not take it."""
    write_private(state_folder / "place.json", json.dumps(asdict(place), ensure_ascii=True).encode("ascii"))


def read_place(state_folder: Path) -> Place:
    """The place remembered last; the empty one when there is none, or its file cannot be read as one."""
    try:
        kept: Any = json.loads(_content(state_folder / "place.json"))
        payloads = tuple((_text(profile_id), _text(payload)) for profile_id, payload in kept["payloads"])
        return Place(_text(kept["profile_id"]), payloads)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Place()


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
