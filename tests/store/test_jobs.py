"""Async jobs on disk: nothing of a record is lost, nothing secret is there, and no broken file hides the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smrt_tui.core.events import JobState
from smrt_tui.core.job import JobRecord
from smrt_tui.store.jobs import JobStore

NOW = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
RECORD = JobRecord(
    key="a1",
    profile_id="aws/async",
    endpoint="e",
    placed_at=NOW,
    state=JobState.WAITING,
    detail="not there yet",
    inference_id="id",
    output_location="s3://b/out",
    failure_location="s3://b/fail",
    accepted_at=NOW,
    looked_at=NOW,
    region="us-east-1",
    credentials=(("profile", "ml-dev"), ("env", True)),
    s3_endpoint_url="http://127.0.0.1:9000",
    local_run="LOCAL1",
)


def file_of(folder: Path, record: JobRecord = RECORD) -> Path:
    return folder / "jobs" / f"{record.key}.json"


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    store = JobStore(tmp_path)
    store.keep(RECORD)
    store.keep(bare := JobRecord("b2", "p", "e", NOW - timedelta(days=1)))
    assert store.all() == (RECORD, bare)


@given(st.text(), st.text(), st.sampled_from((None, *JobState)))
def test_any_text_that_a_server_gives_comes_back(inference_id: str, detail: str, state: JobState | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        record = replace(RECORD, inference_id=inference_id, detail=detail + "\ud800", state=state)
        JobStore(Path(folder)).keep(record)
        assert JobStore(Path(folder)).all() == (record,)


def test_a_later_step_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    store = JobStore(tmp_path)
    store.keep(RECORD)
    store.update(done := replace(RECORD, state=JobState.COMPLETED))
    assert store.all() == (done,)


def test_what_was_forgotten_does_not_come_back(tmp_path: Path) -> None:
    store = JobStore(tmp_path)
    store.keep(RECORD)
    store.forget(RECORD.key)
    store.forget(RECORD.key)
    store.update(RECORD)
    assert store.all() == ()


def test_looking_makes_no_folder(tmp_path: Path) -> None:
    assert JobStore(tmp_path / "state").all() == ()
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    JobStore(tmp_path).keep(RECORD)
    assert (file_of(tmp_path).stat().st_mode & 0o777, file_of(tmp_path).parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"profile_id": "aws/asy',
        b"[]",
        b"null",
        b"\xff\x00",
        b'{"profile_id": 1}',
        b"[" * 100_000,
    ],
)
def test_a_file_that_is_none_hides_no_other(tmp_path: Path, content: bytes) -> None:
    store = JobStore(tmp_path)
    store.keep(RECORD)
    (tmp_path / "jobs" / "broken.json").write_bytes(content)
    (tmp_path / "jobs" / "a folder.json").mkdir()
    assert store.all() == (RECORD,)


def test_a_file_cut_anywhere_is_never_half_a_record(tmp_path: Path) -> None:
    store = JobStore(tmp_path)
    store.keep(RECORD)
    whole = file_of(tmp_path).read_bytes()
    for length in range(len(whole)):
        file_of(tmp_path).write_bytes(whole[:length])
        assert store.all() == ()


def test_keys_of_another_version_are_passed_over(tmp_path: Path) -> None:
    store = JobStore(tmp_path)
    store.keep(RECORD)
    written = file_of(tmp_path)
    written.write_bytes(written.read_bytes().replace(b"{", b'{"new_key": [1], ', 1))
    assert store.all() == (RECORD,)


@pytest.mark.parametrize("key", ["", "../up", "a/b", "x" * 65, "a\0b"])
def test_a_key_never_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="no job's key"):
        JobStore(tmp_path).keep(replace(RECORD, key=key))


def test_pruning_leaves_the_latest_and_drops_what_no_job_can_be(tmp_path: Path) -> None:
    store = JobStore(tmp_path)
    records = [replace(RECORD, key=f"k{days}", placed_at=NOW - timedelta(days=days)) for days in (0, 1, 2, 100)]
    for record in records:
        store.keep(record)
    assert store.prune(NOW) == 1
    assert store.all() == tuple(records[:3])
    assert store.prune(NOW, keep=2) == 1
    assert store.all() == tuple(records[:2])


def test_a_kill_at_any_moment_leaves_a_whole_record(tmp_path: Path) -> None:
    """A child writes one state after the other as fast as it can, and is killed in the middle of it."""
    code = f"""
import itertools, sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent.parent.parent)!r})
from smrt_tui.store.jobs import JobStore
from tests.store.test_jobs import RECORD
store = JobStore(Path({str(tmp_path)!r}))
store.keep(RECORD)
print("begun", flush=True)
for number in itertools.count():
    store.keep(replace(RECORD, detail=str(number) * 200))
"""
    for _ in range(5):
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert child.stdout is not None
        assert child.stdout.readline() == b"begun\n"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        [record] = JobStore(tmp_path).all()
        assert replace(record, detail=RECORD.detail) == RECORD
