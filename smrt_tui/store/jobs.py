"""Async jobs on disk: one small file a job, so that every job of this and earlier sittings can be looked at again.

A file is only ever replaced as a whole, so a kill leaves a job as it was before a step or after it, and several apps
may write at once: nothing is shared but the folder. Open to its owner only; holds no secret and no payload.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from smrt_tui.core.events import JobState
from smrt_tui.core.job import JobRecord
from smrt_tui.store.private import write_private

KEEP = 500
"""Jobs that `prune` leaves."""
KEEP_FOR = timedelta(days=90)
"""Older jobs go, whatever became of them: a queue holds a request for six hours at most, and a container an hour."""

_KEY = re.compile(r"[0-9A-Za-z_-]{1,64}")
_NOT_STORED = frozenset({"key", "is_out_of_reach"})


class JobStore:
    """The jobs of one state folder."""

    def __init__(self, state_folder: Path) -> None:
        self._folder = state_folder / "jobs"

    def keep(self, record: JobRecord) -> None:
        """Write a record in place of the one before. Raises `OSError` when the disk does not take it."""
        # ASCII keeps lone surrogates, which a location out of a strange answer could hold and UTF-8 could not
        content = json.dumps(_plain(record), ensure_ascii=True).encode("ascii")
        write_private(self._path(record.key), content)

    def update(self, record: JobRecord) -> None:
        """The same for a record that is still there: what was forgotten meanwhile does not come back."""
        if self._path(record.key).exists():
            self.keep(record)

    def all(self) -> tuple[JobRecord, ...]:
        """Every record that can be read, the latest first; empty when there is none. Makes no folder."""
        return tuple(sorted(self._records(), key=lambda record: record.placed_at, reverse=True))

    def forget(self, key: str) -> None:
        """Take a record away; the job itself is not touched. Raises `OSError` when it cannot be removed."""
        self._path(key).unlink(missing_ok=True)

    def prune(self, now: datetime, keep: int = KEEP, keep_for: timedelta = KEEP_FOR) -> int:
        """Forget all but the latest, and what is older than any job can be; how many went."""
        records = self.all()
        old = [record for i, record in enumerate(records) if i >= keep or record.placed_at < now - keep_for]
        for record in old:
            with contextlib.suppress(OSError):
                self.forget(record.key)
        return len(old)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no job's key")
        return self._folder / f"{key}.json"

    def _records(self) -> Iterator[JobRecord]:
        try:
            paths = list(self._folder.glob("*.json"))
        except OSError:
            return
        for path in paths:
            # another version may have written it, a full disk may have cut it: the other jobs are not to suffer
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
                if _KEY.fullmatch(path.stem):
                    yield _record(path.stem, json.loads(path.read_bytes()))


def _plain(record: JobRecord) -> dict[str, Any]:
    values = {name: value for name, value in asdict(record).items() if name not in _NOT_STORED}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _record(key: str, kept: Any) -> JobRecord:
    """Raises `KeyError`, `TypeError` or `ValueError` for what is no record."""
    state = kept["state"]
    return JobRecord(
        key=key,
        profile_id=_text(kept["profile_id"]),
        endpoint=_text(kept["endpoint"]),
        placed_at=_time(kept["placed_at"]),
        state=None if state is None else JobState(state),
        detail=_text(kept["detail"]),
        inference_id=_text(kept["inference_id"]),
        output_location=_text(kept["output_location"]),
        failure_location=_text(kept["failure_location"]),
        accepted_at=_time_or_none(kept["accepted_at"]),
        looked_at=_time_or_none(kept["looked_at"]),
        region=_text_or_none(kept["region"]),
        credentials=tuple((_text(name), _name(value)) for name, value in kept["credentials"]),
        s3_endpoint_url=_text_or_none(kept["s3_endpoint_url"]),
        local_run=_text(kept["local_run"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _name(value: object) -> str | bool:
    return value if isinstance(value, bool) else _text(value)


def _time(value: object) -> datetime:
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return time


def _time_or_none(value: object) -> datetime | None:
    return None if value is None else _time(value)
