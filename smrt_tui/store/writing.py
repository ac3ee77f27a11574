"""Profile files written: text that a person edited, and requests that the app saves as files of their own.

A file that exists is only ever replaced by a person's own text, so comments live; a saved request never overwrites one.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from msgspec import to_builtins
from msgspec.structs import replace

from smrt_tui.core.draft import Draft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.kept_text import is_large, text_bytes
from smrt_tui.core.problem import Problem
from smrt_tui.core.profile import Profile
from smrt_tui.core.profile_check import parse_profile
from smrt_tui.core.template import placeholders
from smrt_tui.store.profiles import MAX_BYTES, load_entry
from smrt_tui.store.yaml_text import read_document


def write_profile_text(path: Path, text: str) -> tuple[Problem, ...]:
    """Replace a profile file by edited text, at once; the problems that the new text has.

    The text is kept whether it has problems or not. Links are followed and the file's mode stays. Raises `OSError`.
    """
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "surrogatepass"))
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return load_entry(path, path.stem).problems


def save_request(folder: Path, name: str, profile: Profile, draft: Draft, source_folder: Path) -> Path:
    """Write a draft as a new profile below a folder; the file made, its name numbered where one is taken.

    `source_folder` is what the draft's `body_file` is relative to. A payload too large to be edited on the screen goes
    into a file beside the profile, unless it has placeholders, which are filled only in the profile itself. Raises
    `OSError`, and `SmrtError` for a draft that no YAML file can hold.
    """
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:80] or "request"
    if draft.body_file is not None or not is_large(draft.body) or placeholders(draft.body):
        return _written_new(folder, stem, "yaml", _small_enough(profile_text(name, profile, draft, source_folder)))
    suffix = "json" if draft.body.lstrip()[:1] in ("{", "[") else "txt"
    beside = _written_new(folder, f"{stem}-body", suffix, text_bytes(draft.body))
    try:
        text = profile_text(name, profile, replace(draft, body="", body_file=str(beside)), source_folder)
        return _written_new(folder, stem, "yaml", text.encode())
    except BaseException:
        beside.unlink()
        raise


def _small_enough(text: str) -> bytes:
    content = text.encode()
    if len(content) > MAX_BYTES:
        raise SmrtError(
            f"this request cannot be saved: its profile would have {len(content):,} bytes, and {MAX_BYTES:,} are read",
            "a payload without {{placeholders}} goes into a file beside the profile, whatever its size",
        )
    return content


def _written_new(folder: Path, stem: str, suffix: str, content: bytes) -> Path:
    """Write a file that was not there; a number is added where the name is taken. The file made."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 10_000):
        path = folder / (f"{stem}.{suffix}" if number == 1 else f"{stem}-{number}.{suffix}")
        with contextlib.suppress(FileExistsError), path.open("xb") as file:
            file.write(content)
            return path
    raise SmrtError(f"{folder} has {stem}.{suffix} and 9,998 numbered ones already", "save under another name")


def profile_text(title: str, profile: Profile, draft: Draft, source_folder: Path) -> str:
    """A draft as the text of a profile: the profile's own keys in their order, defaults left out, bodies as blocks.

    Raises `SmrtError` when reading it back would give something else.
    """
    tree = _tree(title, profile, draft, source_folder)
    text = yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    saved, problems = parse_profile(read_document(text).tree)
    intended, _ = parse_profile(tree)
    if saved is None or saved != intended:
        why = f": {problems[0]}" if problems else ""
        raise SmrtError(f"this request cannot be saved as YAML{why}", "half a character or a control code may be in it")
    return text


def _tree(title: str, profile: Profile, draft: Draft, source_folder: Path) -> dict[str, Any]:
    kept = to_builtins(profile)
    payload: dict[str, Any] = {"name": title}
    if draft.body_file is not None:
        payload["body_file"] = str(source_folder / draft.body_file)
    else:
        payload["body"] = draft.body
    changed = {
        "title": title,
        "endpoint": draft.endpoint,
        "mode": draft.mode,
        "request": dict(draft.members),
        "headers": _grouped(draft.headers),
        "variables": dict(draft.variables),
        "payloads": [payload],
    }
    tree = {**kept, **changed}
    return {key: tree[key] for key in _KEYS if key in tree and tree[key] not in ({}, "")}


_KEYS = Profile.__struct_encode_fields__


def _grouped(headers: tuple[tuple[str, str], ...]) -> Mapping[str, str | list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return {name: given[0] if len(given) == 1 else given for name, given in values.items()}


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as a block, as people do."""


_UNUSUAL = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What a block or a bare word would change or lose: controls, and the characters that YAML takes for line ends."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = '"' if _UNUSUAL.search(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
