"""Profiles on disk: every file of the folders as a catalogue, and the two ways a file is written.

A file that cannot be read, or holds a mistake, becomes an entry with its problems (file, line, column) beside the good
ones. A file that a person wrote is only ever replaced by text that the person edited.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeAlias

from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.profile import Problem, Profile, parse_profile
from smrt_tui.store.yaml_text import Document, read_document

MAX_BYTES = 1 << 20
"""A profile file is read up to 1 MiB; payloads beyond that belong into a `body_file`."""
MAX_FILES = 5_000
"""Files read from one folder; more is a folder that was not meant."""
SUFFIXES = (".yaml", ".yml")


class FileMark(NamedTuple):
    """One file as `stat` tells it: it differs once the file was changed or replaced."""

    path: str
    inode: int
    modified_ns: int
    size: int


Fingerprint: TypeAlias = frozenset[FileMark]


def load_catalogue(folders: Sequence[Path]) -> Catalogue:
    """Every profile of the folders, merged by id (the first folder wins), local ones first. Never raises.

    An entry of `folders` may be a single file, whose id is its name.
    """
    entries: dict[str, ProfileEntry] = {}
    problems: list[Problem] = []
    for folder in folders:
        found, troubles = _load_folder(folder)
        problems += troubles
        entries = {**found, **entries}
    in_order = sorted(entries.values(), key=lambda entry: (not entry.id.startswith("local/"), entry.id))
    return Catalogue(tuple(in_order), tuple(problems))


def fingerprint(folders: Sequence[Path]) -> Fingerprint:
    """What the profile files look like from outside; another value once one was added, changed, replaced or removed."""
    return frozenset(mark for folder in folders for path in _files(folder, []) for mark in _mark(path))


def _mark(path: Path) -> Iterator[FileMark]:
    try:
        status = path.stat()
    except OSError:  # gone between the listing and here: absence is the mark
        return
    yield FileMark(str(path), status.st_ino, status.st_mtime_ns, status.st_size)


def _load_folder(folder: Path) -> tuple[dict[str, ProfileEntry], list[Problem]]:
    problems: list[Problem] = []
    entries: dict[str, ProfileEntry] = {}
    for path in _files(folder, problems):
        profile_id = (path.relative_to(folder) if path != folder else Path(path.name)).with_suffix("").as_posix()
        if profile_id in entries:
            taken = f"{entries[profile_id].path} has the same id, {profile_id}; this file is left out"
            problems.append(Problem((), taken, file=str(path)))
        else:
            entries[profile_id] = load_entry(path, profile_id)
    return entries, problems


def load_entry(path: Path, profile_id: str) -> ProfileEntry:
    """The profile of one file, or its problems in the order of their lines."""
    entry = ProfileEntry(profile_id, str(path), str(path.parent), None)
    text, problem = _read(path)
    if problem is not None:
        return replace(entry, problems=(replace(problem, file=str(path)),))
    profile, problems = read_profile(text)
    return replace(entry, profile=profile, problems=tuple(replace(problem, file=str(path)) for problem in problems))


def read_profile(text: str) -> tuple[Profile | None, tuple[Problem, ...]]:
    """The profile of a text, or None and all its problems in the order of their lines."""
    document = read_document(text)
    if document.problems and document.tree is None:
        return None, _placed(document, ())
    profile, problems = parse_profile(document.tree)
    placed = _placed(document, problems)
    return (None, placed) if placed else (profile, ())


def _placed(document: Document, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """All problems of a text with their places; what YAML objects to hides what would follow from it at that key."""
    objected = {problem.path for problem in document.problems}
    following = [_located(document, problem) for problem in problems]
    kept = [problem for problem in following if not problem.path or problem.path not in objected]
    everything = dict.fromkeys((*document.problems, *kept))
    return tuple(sorted(everything, key=lambda p: (p.line, p.column)))


def _located(document: Document, problem: Problem) -> Problem:
    line, column = document.place(problem.path, of_key=problem.is_about_key)
    return replace(problem, path=document.known_path(problem.path), line=line, column=column)


def _read(path: Path) -> tuple[str, Problem | None]:
    try:
        if not path.is_file():  # a pipe of that name would never end
            return "", Problem((), "this is no ordinary file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        return "", Problem((), f"the file cannot be read: {error.strerror or error}")
    if len(content) > MAX_BYTES:
        return "", Problem((), f"the file is larger than {MAX_BYTES:,} bytes; put large payloads into a body_file")
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        return "", Problem((), f"this is no UTF-8 text: byte 0x{content[error.start]:02x}", line, column)


def _files(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """The profile files below a folder, sorted; symbolic links are followed once. Trouble goes to `problems`."""
    try:
        if stat.S_ISREG(folder.stat().st_mode):
            yield folder
            return
    except OSError as error:
        problems.append(_unlisted(error))
        return
    seen: set[tuple[int, int]] = set()
    _is_new(folder, seen)
    count = 0
    for root, names, files in os.walk(folder, onerror=lambda e: problems.append(_unlisted(e)), followlinks=True):
        names[:] = sorted(name for name in names if not name.startswith(".") and _is_new(Path(root, name), seen))
        for name in sorted(files):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                count += 1
                if count > MAX_FILES:
                    many = f"more than {MAX_FILES:,} profile files; the rest is left out"
                    problems.append(Problem((), many, file=str(folder)))
                    return
                yield Path(root, name)


def _is_new(folder: Path, seen: set[tuple[int, int]]) -> bool:
    try:
        status = folder.stat()
    except OSError:  # a dangling link; nothing to walk
        return False
    identity = status.st_dev, status.st_ino
    known = identity in seen
    seen.add(identity)
    return not known


def _unlisted(error: OSError) -> Problem:
    return Problem((), f"the folder cannot be read: {error.strerror or error}", file=str(error.filename))
