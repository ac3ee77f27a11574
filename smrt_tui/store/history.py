"""The history: finished invocations in one SQLite file, open to its owner only.

An entry holds what was asked, what came back and how long it took, so that a run can be looked at and repeated. Secrets
are masked before they get here or here at the latest; bodies are kept up to a cap, and the entry says what was cut.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from smrt_tui.core.invocation import HistoryRow, Invocation
from smrt_tui.core.service import MODES
from smrt_tui.store.drafts import digests_in, draft_from_json, draft_to_json
from smrt_tui.store.private import private_folder

KEEP = 1_000
"""Entries that `prune` leaves when not told otherwise."""

_VERSION = 1
"""Of the file's layout; a file of another version is not touched."""


class History:
    """The file. Each call opens and closes it, so that several apps may share it.

    Every method raises `sqlite3.Error` or `OSError` for a file that is damaged, locked or not ours.
    """

    def __init__(self, state_folder: Path) -> None:
        self._path = state_folder / "history" / "history.sqlite"

    def add(self, invocation: Invocation) -> int:
        """Keep an entry; its id."""
        values = {name: _packed(name, getattr(invocation, name)) for name in _COLUMNS}
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        with self._open() as database:
            cursor = database.execute(f"INSERT INTO invocation ({names}) VALUES ({marks})", tuple(values.values()))
            return int(cursor.lastrowid or 0)

    def latest(self, limit: int = 100, profile_id: str | None = None) -> tuple[HistoryRow, ...]:
        """The newest entries first, of one profile or of all; empty when there is no history."""
        names = ", ".join(HistoryRow.__struct_fields__)
        where = "" if profile_id is None else "WHERE profile_id = ?"
        query = f"SELECT {names} FROM invocation {where} ORDER BY id DESC LIMIT ?"
        parameters = (limit,) if profile_id is None else (profile_id, limit)
        if not self._path.exists():
            return ()
        with self._open() as database:
            return tuple(HistoryRow(*row) for row in database.execute(query, parameters))

    def get(self, entry_id: int) -> Invocation | None:
        """A whole entry; None when it is not there."""
        if not self._path.exists():
            return None
        names = Invocation.__struct_fields__
        with self._open() as database:
            query = f"SELECT {', '.join(names)} FROM invocation WHERE id = ?"
            row = database.execute(query, (entry_id,)).fetchone()
        return None if row is None else _unpacked(dict(zip(names, row, strict=True)))

    def prune(self, keep: int = KEEP) -> int:
        """Forget all but the newest entries; how many went."""
        if not self._path.exists():
            return 0
        with self._open() as database:
            newest = "SELECT id FROM invocation ORDER BY id DESC LIMIT ?"
            return database.execute(f"DELETE FROM invocation WHERE id NOT IN ({newest})", (keep,)).rowcount

    def kept_digests(self) -> set[str]:
        """The texts in files of their own that entries refer to."""
        if not self._path.exists():
            return set()
        with self._open() as database:
            rows = database.execute("SELECT draft FROM invocation WHERE instr(draft, '\"body_kept\": [')")
            return {digest for (draft,) in rows for digest in digests_in(draft)}

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        private_folder(self._path.parent)
        self._path.touch(mode=0o600, exist_ok=True)
        database = sqlite3.connect(self._path, timeout=5)
        try:
            with database:
                _prepare(database)
                yield database
        finally:
            database.close()


def _prepare(database: sqlite3.Connection) -> None:
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version == _VERSION:
        return
    if version != 0:
        raise sqlite3.DatabaseError(f"the history is of version {version}, this app knows {_VERSION}")
    columns = ", ".join(f"{name} NOT NULL" if name in _REQUIRED else name for name in _COLUMNS)
    database.execute(f"CREATE TABLE IF NOT EXISTS invocation (id INTEGER PRIMARY KEY AUTOINCREMENT, {columns})")
    database.execute("CREATE INDEX IF NOT EXISTS by_profile ON invocation (profile_id)")
    database.execute(f"PRAGMA user_version = {_VERSION}")


_COLUMNS = Invocation.__struct_fields__
_REQUIRED = frozenset({"profile_id", "started_at", "mode", "endpoint", "verdict", "total_s"})
_PAIRS = frozenset({"request_headers", "members", "typed_headers", "response_headers"})
_ARRAYS: Mapping[str, Literal["d", "I"]] = {"part_times": "d", "part_sizes": "I"}


def _packed(name: str, value: Any) -> Any:
    """What SQLite takes: pairs as JSON, columns of numbers as their bytes, text without halves of characters."""
    if name in _PAIRS:
        return json.dumps(value)
    if name == "draft":
        return None if value is None else draft_to_json(value)
    if name in _ARRAYS:
        return array(_ARRAYS[name], value).tobytes()
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _unpacked(row: dict[str, Any]) -> Invocation:
    for name in _PAIRS:
        row[name] = tuple((key, value) for key, value in json.loads(row[name]))
    for name, code in _ARRAYS.items():
        row[name] = tuple(array(code, row[name]))
    row["mode"] = MODES[MODES.index(row["mode"])]
    row["draft"] = None if row["draft"] is None else draft_from_json(row["draft"])
    return Invocation(**row)
