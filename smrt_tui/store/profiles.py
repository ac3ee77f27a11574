"""Profiles on disk: every file of the folders as a catalogue. Writes nothing.

A file that cannot be read, or holds a mistake, becomes an entry with its problems (file, line, column) beside the good
ones.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.problem import Problem
from smrt_tui.core.profile import Profile
from smrt_tui.core.profile_check import parse_profile
from smrt_tui.store.folders import FileMark, FoundFile, profile_files
from smrt_tui.store.yaml_plain import NotPlain, plain_tree
from smrt_tui.store.yaml_text import Document, read_document

MAX_BYTES = 1 << 20
"""A profile file is read up to 1 MiB; payloads beyond that belong into a `body_file`."""


def load_catalogue(folders: Sequence[Path]) -> Catalogue:
    """Every profile of the folders, merged by id (the first folder wins), local ones first. Never raises.

    An entry of `folders` may be a single file, whose id is its name.
    """
    return CatalogueReader().load(folders)


class CatalogueReader:
    """Reads the same folders again and again; a file that `stat` tells no change of is not read twice."""

    def __init__(self) -> None:
        self._known: dict[FileMark, ProfileEntry] = {}

    def load(self, folders: Sequence[Path]) -> Catalogue:
        """As `load_catalogue`. What did not change is the same entry as before."""
        known, self._known = self._known, {}
        entries: dict[str, ProfileEntry] = {}
        problems: list[Problem] = []
        for folder in folders:
            found, troubles = self._load_folder(folder, known)
            problems += troubles
            entries = {**found, **entries}
        in_order = sorted(entries.values(), key=lambda entry: (not entry.id.startswith("local/"), entry.id))
        return Catalogue(tuple(in_order), tuple(problems))

    def _load_folder(
        self, folder: Path, known: dict[FileMark, ProfileEntry]
    ) -> tuple[dict[str, ProfileEntry], list[Problem]]:
        problems: list[Problem] = []
        entries: dict[str, ProfileEntry] = {}
        for found in profile_files(folder, problems):
            profile_id = _id_of(found.path, str(folder))
            if profile_id in entries:
                taken = f"{entries[profile_id].path} has the same id, {profile_id}; this file is left out"
                problems.append(Problem((), taken, file=found.path))
            else:
                entries[profile_id] = self._entry(found, profile_id, known)
        return entries, problems

    def _entry(self, found: FoundFile, profile_id: str, known: dict[FileMark, ProfileEntry]) -> ProfileEntry:
        entry = None if found.mark is None else known.get(found.mark)
        if entry is None or entry.id != profile_id:
            entry = _read_entry(found, profile_id)
        if found.mark is not None:
            self._known[found.mark] = entry
        return entry


def _id_of(path: str, folder: str) -> str:
    name = path.rpartition(os.sep)[2] if path == folder else path.removeprefix(folder).lstrip(os.sep)
    return (name.rpartition(".")[0] or name).replace(os.sep, "/")


def load_entry(path: Path, profile_id: str) -> ProfileEntry:
    """The profile of one file, or its problems in the order of their lines."""
    found = next(profile_files(path, []), FoundFile(str(path), None))
    return _read_entry(found, profile_id)


def _read_entry(found: FoundFile, profile_id: str) -> ProfileEntry:
    text, problem = _read(found)
    profile, problems = read_profile(text) if problem is None else (None, (problem,))
    folder = os.path.split(found.path)[0] or os.curdir  # seven times as fast as a `Path`
    return ProfileEntry(profile_id, found.path, folder, profile, tuple(replace(p, file=found.path) for p in problems))


def read_profile(text: str) -> tuple[Profile | None, tuple[Problem, ...]]:
    """The profile of a text, or None and all its problems in the order of their lines."""
    try:
        profile, _ = parse_profile(plain_tree(text))
    except NotPlain:
        profile = None
    return (profile, ()) if profile is not None else _with_places(text)


def _with_places(text: str) -> tuple[Profile | None, tuple[Problem, ...]]:
    """As `read_profile`, for a text that is unusual or has a problem."""
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


def _read(found: FoundFile) -> tuple[str, Problem | None]:
    if found.mark is None or not found.mark.is_ordinary:  # a pipe of that name would never end
        return "", Problem((), "this is no ordinary file")
    try:
        content = _beginning(found.path, min(found.mark.size, MAX_BYTES))
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


def _beginning(path: str, expected: int) -> bytes:
    """At most one byte more than is read of a profile; asking for the size it has spares a megabyte of memory."""
    with Path(path).open("rb") as file:
        content = file.read(expected + 1)
        return content if len(content) <= expected else content + file.read(MAX_BYTES - expected)
