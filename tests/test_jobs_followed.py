"""Async jobs from end to end: real workbench, real client, a local endpoint, and a process that is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from msgspec import convert
from msgspec.structs import replace

from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import Call, JobState
from smrt_tui.core.job import entry_for
from smrt_tui.core.profile import Profile
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.store.jobs import JobStore
from smrt_tui.workbench import Workbench
from tests.cli.stage import a_stage
from tests.local.running import CREDENTIALS, Running, Scripted, endpoints_of, running

NO_BODY = "(no body)"
KEYS = {"AWS_ACCESS_KEY_ID": CREDENTIALS.access_key, "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key}


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(endpoints_of(jobs=Scripted(body=b'{"ok": true}'))) as it:
        yield it


def an_entry(server: Running) -> ProfileEntry:
    profile = convert(
        {
            "endpoint": "jobs",
            "mode": "async",
            "region": "us-east-1",
            "endpoint_url": server.url,
            "s3_endpoint_url": server.url,
            "credentials": {"env": True},
            "async": {"poll": 0.02, "give_up": 20},
        },
        Profile,
    )
    return ProfileEntry("mine/jobs", "/p/jobs.yaml", "/p", profile)


def a_draft(attributes: str = "") -> ResolvedDraft:
    members = (("ContentType", "text/csv"), *((("CustomAttributes", attributes),) if attributes else ()))
    return ResolvedDraft("async", "jobs", members, (), b"1,2")


@pytest.fixture
async def benches(tmp_path: Path) -> AsyncIterator[Callable[[], Workbench]]:
    """Makes workbenches of one state folder: each is a sitting."""
    made: list[Workbench] = []

    def make() -> Workbench:
        stage = a_stage(tmp_path)
        stage.environment.environ.update(KEYS)  # type: ignore[attr-defined]  # a dict in these tests
        made.append(Workbench(stage.environment))
        return made[-1]

    yield make
    for bench in made:
        await bench.close()


async def followed(call: Call, until: JobState | None = None) -> Recorder:
    recorder = Recorder()
    async for batch in call.batches():
        recorder.add(batch)
        if until is not None and recorder.jobs and recorder.jobs[-1].state is until:
            call.cancel()
    return recorder


async def test_a_job_is_followed_and_written_down_with_all_it_takes_to_look_again(
    server: Running, benches: Callable[[], Workbench]
) -> None:
    bench = benches()
    recorder = await followed(await bench.fire(an_entry(server), a_draft()))
    assert (recorder.verdict, bytes(recorder.parts.body)) == (Verdict.COMPLETE, b'{"ok": true}')
    [record] = await bench.jobs.all()
    assert (record.state, record.region, record.credentials) == (JobState.COMPLETED, "us-east-1", (("env", True),))
    assert record.inference_id == recorder.jobs[-1].inference_id
    assert record.accepted_at is not None


async def test_another_sitting_picks_a_job_up_with_nothing_but_what_was_written_down(
    server: Running, benches: Callable[[], Workbench]
) -> None:
    stopped = await followed(
        await benches().fire(an_entry(server), a_draft("fault=async-slow@0.2")), until=JobState.WAITING
    )
    assert stopped.verdict is Verdict.CANCELLED
    later = benches()
    [record] = await later.jobs.all()
    assert record.state in (JobState.ACCEPTED, JobState.WAITING)
    recorder = await followed(await later.jobs.look_again(record, entry_for(record, Catalogue())))
    assert (recorder.verdict, bytes(recorder.parts.body)) == (Verdict.COMPLETE, b'{"ok": true}')
    assert [kept.state for kept in await later.jobs.all()] == [JobState.COMPLETED]


@pytest.mark.parametrize(
    ("own", "wanted", "told", "ending"),
    [
        (None, "inline", "Payload: 3 bytes go in the request", "1,2"),
        (None, "s3://b/in", "Payload: 3 bytes are uploaded to a new object under s3://b/in/ first", NO_BODY),
        (
            "s3://b/x",
            "inline",
            "Payload: the object s3://b/x is the payload; the body of 3 bytes is not sent",
            "(no body)",
        ),
    ],
)
async def test_a_preview_says_where_the_payload_goes(
    server: Running, benches: Callable[[], Workbench], own: str | None, wanted: str, told: str, ending: str
) -> None:
    entry = an_entry(server)
    assert entry.profile is not None
    options = replace(entry.profile.async_, input=wanted)
    entry = replace(entry, profile=replace(entry.profile, async_=options))
    draft = a_draft()
    draft = replace(draft, members=(*draft.members, *((("InputLocation", own),) if own else ())))
    lines = (await benches().preview(entry, draft)).splitlines()
    assert told in lines
    assert ending in lines
    named = [line.split(": ")[1].removesuffix("    (not signed)") for line in lines if "InputLocation:" in line]
    assert [name[:8] for name in named] == ([] if wanted == "inline" and not own else [(own or f"{wanted}/")[:8]])


async def test_what_the_service_refused_is_on_no_list(server: Running, benches: Callable[[], Workbench]) -> None:
    bench = benches()
    recorder = await followed(await bench.fire(an_entry(server), a_draft("fault=throttle")))
    assert recorder.verdict is Verdict.ANSWERED_WITH_ERROR
    assert await bench.jobs.all() == ()


async def test_no_secret_is_written_down(server: Running, benches: Callable[[], Workbench], tmp_path: Path) -> None:
    await followed(await benches().fire(an_entry(server), a_draft()))
    written = b"".join(path.read_bytes() for path in (tmp_path / "state" / "jobs").iterdir())
    assert CREDENTIALS.secret_key.encode() not in written
    assert b"1,2" not in written


async def test_a_job_of_another_sittings_local_endpoint_is_out_of_reach_and_says_so(
    benches: Callable[[], Workbench],
) -> None:
    first, entry = benches(), ProfileEntry("local/jobs", "/p", "/p", Profile(endpoint="tabular", mode="async"))
    call = await first.fire(entry, ResolvedDraft("async", "tabular", (("ContentType", "text/csv"),), (), b"1,2,3,4"))
    await followed(call)
    [mine] = await first.jobs.all()
    assert not mine.is_out_of_reach
    later = benches()
    [record] = await later.jobs.all()
    assert record.is_out_of_reach
    with pytest.raises(SmrtError, match="the local endpoint of another sitting"):
        await later.jobs.look_again(record, entry)


def a_command(folder: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    environ = {**os.environ, **KEYS, "SMRT_TUI_STATE": str(folder / "state"), "SMRT_TUI_CONFIG": str(folder / "config")}
    return [sys.executable, "-m", "smrt_tui", "--profiles", str(folder / "profiles"), *arguments], environ


def a_profile_file(folder: Path, server: Running) -> None:
    (folder / "profiles").mkdir()
    (folder / "profiles" / "jobs.yaml").write_text(
        f"endpoint: jobs\nmode: async\nregion: us-east-1\nendpoint_url: {server.url}\ns3_endpoint_url: {server.url}\n"
        "credentials: {env: true}\nasync: {poll: 0.05}\nrequest: {ContentType: text/csv}\n"
        'payloads:\n  - {name: one, body: "1,2"}\n'
    )


@pytest.mark.parametrize("moment", [b"job accepted", b"job waiting"])
def test_a_killed_process_leaves_a_job_that_the_next_one_follows(
    server: Running, tmp_path: Path, moment: bytes
) -> None:
    a_profile_file(tmp_path, server)
    command, environ = a_command(tmp_path, "invoke", "jobs", "--param", "CustomAttributes=fault=async-slow@1")
    child = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=tmp_path)
    assert child.stderr is not None
    while not child.stderr.readline().startswith(moment):
        assert child.poll() is None
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stderr.close()

    store = JobStore(tmp_path / "state")
    [job] = store.all()
    assert job.state in (JobState.ACCEPTED, JobState.WAITING)
    command, environ = a_command(tmp_path, "jobs", job.inference_id[:8], "--wait")
    picked_up = subprocess.run(command, env=environ, capture_output=True, timeout=60, check=False, cwd=tmp_path)
    assert (picked_up.returncode, picked_up.stdout) == (0, b'{"ok": true}')
    assert [kept.state for kept in store.all()] == [JobState.COMPLETED]


@contextmanager
def a_mute_server() -> Iterator[tuple[str, threading.Event]]:
    """Takes connections and what comes over them, and answers nothing; the event is set by the first byte."""
    heard = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen() -> None:
            with suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    while connection.recv(1024):
                        heard.set()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard
    thread.join()


@pytest.mark.parametrize(
    ("moment", "state", "detail"),
    [
        ("upload", None, ""),
        ("send", None, "it was sent and no answer came: it may have been accepted"),
    ],
)
def test_a_process_killed_before_it_was_accepted_leaves_a_job_that_says_how_far_it_came(
    server: Running, tmp_path: Path, moment: str, state: JobState | None, detail: str
) -> None:
    with a_mute_server() as (mute, heard):
        a_profile_file(tmp_path, server)
        file = tmp_path / "profiles" / "jobs.yaml"
        text = file.read_text()
        if moment == "upload":
            text = text.replace(f"s3_endpoint_url: {server.url}", f"s3_endpoint_url: {mute}")
            text = text.replace("async: {poll: 0.05}", "async: {poll: 0.05, input: 's3://bucket/in/'}")
        else:
            text = text.replace(f"\nendpoint_url: {server.url}", f"\nendpoint_url: {mute}")
        file.write_text(text)
        command, environ = a_command(tmp_path, "invoke", "jobs")
        child = subprocess.Popen(
            command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path
        )
        assert heard.wait(30)
        store = JobStore(tmp_path / "state")
        while [job.detail for job in store.all()] != [detail]:
            assert child.poll() is None
        child.kill()
        child.wait()
    [job] = store.all()
    assert (job.state, job.detail) == (state, detail)
    command, environ = a_command(tmp_path, "jobs")
    listed = subprocess.run(command, env=environ, capture_output=True, timeout=60, check=False, cwd=tmp_path)
    assert job.state_text in listed.stdout.decode()
    command, environ = a_command(tmp_path, "jobs", job.key[:8], "--wait")
    looked = subprocess.run(command, env=environ, capture_output=True, timeout=60, check=False, cwd=tmp_path)
    assert looked.returncode == 6
    assert "nobody has seen the job" in looked.stderr.decode()
