"""The files of profile folders, and what `stat` says of each. Finds and opens nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from smrt_tui.core.problem import Problem

MAX_FILES = 5_000
"""Files taken from one folder; more is a folder that was not meant."""
SUFFIXES = (".yaml", ".yml")


class FileMark(NamedTuple):
    """One file as `stat` tells it: it differs once the file was changed or replaced."""

    path: str
    inode: int
    modified_ns: int
    changed_ns: int
    """When its content, name or rights changed; cannot be set back, as the time of modification can."""
    size: int
    is_ordinary: bool
    """Whether it is a file, and no pipe or the like."""


Fingerprint: TypeAlias = frozenset[FileMark]


class FoundFile(NamedTuple):
    """A file that may be a profile."""

    path: str
    mark: FileMark | None
    """None where `stat` finds nothing: a link into nowhere, or a file that just went."""


def fingerprint(folders: Sequence[Path]) -> Fingerprint:
    """What the profile files look like from outside; another value once one was added, changed, replaced or removed."""
    return frozenset(found.mark for folder in folders for found in profile_files(folder, []) if found.mark is not None)


def profile_files(folder: Path, problems: list[Problem]) -> Iterator[FoundFile]:
    """The profile files below a folder, sorted, a folder's own before those of its folders. Trouble goes to `problems`.

    Hidden files and folders are left out; symbolic links are followed once. `folder` may be a single file.
    """
    try:
        status = folder.stat()
    except OSError as error:
        problems.append(_unlisted(error))
        return
    if stat.S_ISREG(status.st_mode):
        yield FoundFile(str(folder), _mark(str(folder), status))
        return
    seen = {(status.st_dev, status.st_ino)}
    for count, found in enumerate(_below(str(folder), seen, problems), 1):
        if count > MAX_FILES:
            many = f"more than {MAX_FILES:,} profile files; the rest is left out"
            problems.append(Problem((), many, file=str(folder)))
            return
        yield found


def _below(folder: str, seen: set[tuple[int, int]], problems: list[Problem]) -> Iterator[FoundFile]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted((entry for entry in listing if entry.name[0] != "."), key=lambda entry: entry.name)
    except OSError as error:
        problems.append(_unlisted(error))
        return
    folders = []
    for entry in entries:
        if _is_folder(entry):
            folders.append(entry)
        elif entry.name.endswith(SUFFIXES):
            yield _found(entry)
    for entry in folders:
        if _is_new(entry, seen):
            yield from _below(entry.path, seen, problems)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # as `os.walk` takes it: no folder to go into
        return False


def _found(entry: os.DirEntry[str]) -> FoundFile:
    try:
        return FoundFile(entry.path, _mark(entry.path, entry.stat()))
    except OSError:
        return FoundFile(entry.path, None)


def _mark(path: str, status: os.stat_result) -> FileMark:
    times = status.st_mtime_ns, status.st_ctime_ns
    return FileMark(path, status.st_ino, *times, status.st_size, stat.S_ISREG(status.st_mode))


def _is_new(folder: os.DirEntry[str], seen: set[tuple[int, int]]) -> bool:
    try:
        status = folder.stat()
    except OSError:  # gone meanwhile; nothing to walk
        return False
    identity = status.st_dev, status.st_ino
    is_new = identity not in seen
    seen.add(identity)
    return is_new


def _unlisted(error: OSError) -> Problem:
    return Problem((), f"the folder cannot be read: {error.strerror or error}", file=str(error.filename))
