"""Unsent drafts, one file a profile, so that what a person typed survives a kill. Nothing is sent or judged here.

The files hold what was typed, byte for byte, and are therefore open to their owner only.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec.structs import asdict

from smrt_tui.core.draft import Draft
from smrt_tui.core.kept_text import KeptText
from smrt_tui.core.service import MODES
from smrt_tui.store.private import write_private

_LONGEST_NAME = 200
"""Characters; file systems take 255 bytes."""
_KEPT = re.compile(r'"body_kept": \["([0-9a-f]{32})"')
"""As `draft_to_json` writes a text that is kept in a file of its own."""


def draft_path(state_folder: Path, profile_id: str) -> Path:
    """The file of a profile's draft. Looks nothing up."""
    name = quote(profile_id, safe="", errors="surrogatepass")
    if len(name) > _LONGEST_NAME:
        name = f"{name[:100]}-{hashlib.sha256(profile_id.encode('utf-8', 'surrogatepass')).hexdigest()}"
    return state_folder / "drafts" / f"{name}.json"


def write_draft(state_folder: Path, profile_id: str, draft: Draft) -> None:
    """Keep a draft in place of the one before. Raises `OSError` when the disk does not take it."""
    write_private(draft_path(state_folder, profile_id), draft_to_json(draft).encode("ascii"))


def read_draft(state_folder: Path, profile_id: str) -> Draft | None:
    """The draft kept last; None when there is none, or its file cannot be read as one."""
    try:
        return draft_from_json(draft_path(state_folder, profile_id).read_bytes())
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def forget_draft(state_folder: Path, profile_id: str) -> None:
    """Take the kept draft away. Raises `OSError` when it cannot be removed."""
    draft_path(state_folder, profile_id).unlink(missing_ok=True)


def kept_digests(state_folder: Path) -> set[str]:
    """The texts in files of their own that drafts refer to. Raises `OSError` when a draft cannot be read."""
    paths = (state_folder / "drafts").glob("*.json")
    return {digest for path in paths for digest in digests_in(path.read_text("ascii", "replace"))}


def digests_in(text: str) -> list[str]:
    """The texts in files of their own that a draft as JSON refers to, be it of another version."""
    return _KEPT.findall(text)


def draft_to_json(draft: Draft) -> str:
    """A draft as JSON in ASCII, which keeps lone surrogates: a paste can hold them, and UTF-8 cannot."""
    return json.dumps(asdict(draft), ensure_ascii=True)


def draft_from_json(text: str | bytes) -> Draft:
    """Raises `KeyError`, `TypeError` or `ValueError` for what is no draft: another version may have written it."""
    kept: Any = json.loads(text)
    body_file, body_kept = kept["body_file"], kept.get("body_kept")
    return Draft(
        mode=MODES[MODES.index(kept["mode"])],
        endpoint=_text(kept["endpoint"]),
        members=_pairs(kept["members"]),
        headers=_pairs(kept["headers"]),
        body=_text(kept["body"]),
        body_file=None if body_file is None else _text(body_file),
        variables=tuple((_text(name), value) for name, value in kept["variables"]),
        members_off=_pairs(kept.get("members_off", ())),
        headers_off=tuple(
            (int(place), _text(name), _text(value)) for place, name, value in kept.get("headers_off", ())
        ),
        body_kept=None if body_kept is None else _kept_text(*body_kept),
    )


def _kept_text(digest: Any, size: Any, placeholders: Any) -> KeptText:
    if not re.fullmatch("[0-9a-f]{32}", digest):
        raise ValueError(f"{digest!r} names no file")
    pairs = ((_text(name), None if argument is None else _text(argument)) for name, argument in placeholders)
    return KeptText(digest, int(size), tuple(pairs))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _pairs(pairs: Any) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(value)) for name, value in pairs)
