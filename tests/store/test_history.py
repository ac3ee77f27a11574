"""The history: what happened comes back whole, secrets do not, and the file is its owner's alone."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.events import Ended, PartArrived, RequestSent, ServiceFault
from smrt_tui.core.invocation import BODY_CAP, Invocation, draft_again, invocation_of
from smrt_tui.core.recorder import Recorder
from smrt_tui.store.history import History
from tests.cli.stage import STARTED, head, part

DRAFT = ResolvedDraft("stream", "e", (("Accept", "text/csv"),), (("X-A", "1"),), b"question")


def a_recorder(*, body: bytes = b"answer", is_fault: bool = False) -> Recorder:
    recorder = Recorder()
    sent = RequestSent(0.005, b"", (("Authorization", "Bearer very-secret"), ("X-A", "1")), 8)
    recorder.add([STARTED, sent, head(200, ("Set-Cookie", "session=very-secret")), part(0, body), part(1, b"!")])
    if is_fault:
        recorder.add([ServiceFault(0.5, "ModelStreamError", "StreamBroken", "cut", None, None, "", "")])
    recorder.add([Ended(1.0, "fault" if is_fault else "complete")])
    return recorder


def an_invocation(**keys: object) -> Invocation:
    entry = invocation_of(a_recorder(), DRAFT, "local/chat", "2026-01-01T00:00:00+00:00")
    return replace(entry, **keys)


def test_an_entry_holds_the_call() -> None:
    assert an_invocation() == Invocation(
        profile_id="local/chat",
        started_at="2026-01-01T00:00:00+00:00",
        mode="stream",
        endpoint="e",
        url="http://there/endpoints/e/invocations",
        request_headers=(("Authorization", "Bearer ********"), ("X-A", "1")),
        members=(("Accept", "text/csv"),),
        typed_headers=(("X-A", "1"),),
        request_body=b"question",
        request_bytes=8,
        verdict="complete",
        status=200,
        response_headers=(("Set-Cookie", "********"),),
        response_body=b"answer!",
        response_bytes=7,
        part_times=(0.02, 0.03),
        part_sizes=(6, 1),
        parts=2,
        error="",
        head_s=0.01,
        first_part_s=0.02,
        total_s=1.0,
    )


def test_a_fault_is_kept_in_a_sentence() -> None:
    entry = invocation_of(a_recorder(is_fault=True), DRAFT, "p", "now")
    assert (entry.verdict, entry.error) == ("broke after it began", "ModelStreamError: cut")


def test_a_call_that_never_left_is_an_entry_too() -> None:
    recorder = Recorder()
    recorder.add([STARTED, Ended(0.1, "fault")])
    entry = invocation_of(recorder, DRAFT, "p", "now")
    assert (entry.status, entry.head_s, entry.first_part_s, entry.request_headers) == (None, None, None, ())


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    history = History(tmp_path)
    kept = an_invocation(request_body=b"\x00\xff", first_part_s=None, status=None)
    assert history.get(history.add(kept)) == kept
    assert history.get(999) is None


WRITTEN = Draft(
    "stream", "e", (("Accept", "text/csv"),), (("X-A", "1"),), '{"n": "{{n}}"}', None, (("n", 1), ("t", [1, None]))
)


def test_the_request_as_written_comes_back_with_its_placeholders(tmp_path: Path) -> None:
    history = History(tmp_path)
    kept = history.get(history.add(invocation_of(a_recorder(), DRAFT, "p", "now", WRITTEN)))
    assert kept is not None
    assert draft_again(kept) == (WRITTEN, ())


def test_what_was_masked_is_left_out_when_it_is_sent_again() -> None:
    typed = replace(WRITTEN, headers=(("Authorization", "Bearer very-secret"), ("X-A", "1")))
    assert draft_again(invocation_of(a_recorder(), DRAFT, "p", "now", typed)) == (WRITTEN, ("Authorization",))


def test_a_request_too_large_to_be_kept_is_not_sent_again_in_part() -> None:
    typed = replace(WRITTEN, body="y" * (BODY_CAP + 1))
    assert draft_again(invocation_of(a_recorder(), DRAFT, "p", "now", typed)) == (None, ())


def test_the_newest_comes_first_of_all_or_of_one_profile(tmp_path: Path) -> None:
    history = History(tmp_path)
    for profile_id in ("a", "b", "a"):
        history.add(an_invocation(profile_id=profile_id))
    assert [(row.id, row.profile_id) for row in history.latest()] == [(3, "a"), (2, "b"), (1, "a")]
    assert [row.id for row in history.latest(profile_id="a")] == [3, 1]
    assert [row.id for row in history.latest(limit=1)] == [3]
    assert history.latest(limit=1)[0].total_s == 1.0


def test_pruning_leaves_the_newest_and_never_reuses_an_id(tmp_path: Path) -> None:
    history = History(tmp_path)
    for _ in range(5):
        history.add(an_invocation())
    assert history.prune(2) == 3
    assert [row.id for row in history.latest()] == [5, 4]
    assert history.prune(0) == 2
    assert history.add(an_invocation()) == 6


def test_a_large_answer_is_capped_and_its_size_is_kept() -> None:
    recorder = a_recorder(body=b"x" * (BODY_CAP + 10))
    entry = invocation_of(recorder, replace(DRAFT, body=b"y" * (BODY_CAP + 5)), "p", "now")
    assert (len(entry.response_body), entry.response_bytes) == (BODY_CAP, BODY_CAP + 11)
    assert (len(entry.request_body), entry.request_bytes) == (BODY_CAP, BODY_CAP + 5)


def test_no_secret_reaches_the_file(tmp_path: Path) -> None:
    typed = replace(
        DRAFT, headers=(("Authorization", "Bearer very-secret"),), members=(("Accept", "Bearer very-secret"),)
    )
    History(tmp_path).add(invocation_of(a_recorder(), typed, "p", "now"))
    assert b"very-secret" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    History(tmp_path).add(an_invocation())
    file = tmp_path / "history" / "history.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_looking_makes_no_file(tmp_path: Path) -> None:
    history = History(tmp_path)
    assert (history.latest(), history.get(1), history.prune()) == ((), None, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_version_is_left_alone(tmp_path: Path) -> None:
    History(tmp_path).add(an_invocation())
    database = sqlite3.connect(tmp_path / "history" / "history.sqlite")
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(sqlite3.DatabaseError, match="version 99"):
        History(tmp_path).latest()


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "history.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        History(tmp_path).latest()


def test_half_a_character_does_not_stop_an_entry(tmp_path: Path) -> None:
    history = History(tmp_path)
    kept = history.get(history.add(an_invocation(endpoint="a\ud800", typed_headers=(("X", "\ud800"),))))
    assert kept is not None
    assert (kept.endpoint, kept.typed_headers) == ("a?", (("X", "\ud800"),))


def test_a_hundred_thousand_parts_are_kept(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.add([STARTED, head()])
    recorder.add(PartArrived(n / 1000, n, b"x", n, (), 0, 0) for n in range(100_001))
    recorder.add([Ended(101.0, "complete")])
    history = History(tmp_path)
    kept = history.get(history.add(invocation_of(recorder, DRAFT, "p", "now")))
    assert kept is not None
    assert (kept.parts, len(kept.part_times), kept.part_times[-1]) == (100_001, 100_000, 99.999)
