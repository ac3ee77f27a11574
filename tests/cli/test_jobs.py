"""`smrt-tui jobs`: the list, one look, waiting, forgetting, and what is not known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from smrt_tui.cli.diagnostics import ExitCode, Refusal
from smrt_tui.cli.jobs import run_jobs
from smrt_tui.cli.options import JobsOptions
from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import Call, Event, JobMoved, JobState, ServiceFault, TransportFault
from smrt_tui.core.job import JobRecord
from tests.cli.stage import PlayedCall, Stage, a_catalogue, a_profile, a_stage, a_story, head, part

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OUTPUT = "s3://bucket/out/a1.out"
FIRST = JobRecord(
    key="k1",
    profile_id="p",
    endpoint="e",
    placed_at=NOW - timedelta(minutes=5),
    state=JobState.WAITING,
    detail="not there yet",
    inference_id="a1-first",
    output_location=OUTPUT,
    failure_location="s3://bucket/failure/a1.out",
    accepted_at=NOW - timedelta(minutes=5),
    region="eu-west-1",
)
SECOND = replace(
    FIRST, key="k2", inference_id="a2-second", output_location="s3://bucket/out/a2.out", failure_location="", state=None
)
COMPLETED = JobMoved(0.0, JobState.COMPLETED, "a1-first", OUTPUT, "", "its output is there")
NOT_YET = JobMoved(0.0, JobState.WAITING, "a1-first", OUTPUT, "", "not there yet")


@dataclass
class JobsWorkbench:
    """Two jobs, and a look at one that was written down beforehand."""

    story: Sequence[Sequence[Event]] = ()
    records: tuple[JobRecord, ...] = (FIRST, SECOND)
    refusal: SmrtError | None = None
    looked: list[tuple[JobRecord, ProfileEntry, bool]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    async def load_catalogue(self) -> Catalogue:
        return a_catalogue(("p", a_profile()))

    @property
    def jobs(self) -> JobsWorkbench:
        return self

    async def all(self) -> tuple[JobRecord, ...]:
        return self.records

    async def look_again(self, record: JobRecord, entry: ProfileEntry, *, waits: bool = True) -> Call:
        if self.refusal is not None:
            raise self.refusal
        self.looked.append((record, entry, waits))
        return PlayedCall(self.story)

    async def forget(self, key: str) -> None:
        self.forgotten.append(key)


async def looked(folder: Path, workbench: JobsWorkbench, options: JobsOptions) -> tuple[int, Stage]:
    stage = a_stage(folder)
    environment = replace(stage.environment, now=lambda: NOW)
    return await run_jobs(options, environment, workbench), stage


async def test_the_list_has_a_line_for_each_job(tmp_path: Path) -> None:
    code, stage = await looked(tmp_path, JobsWorkbench(), JobsOptions())
    assert (code, stage.stdout.getvalue().decode().splitlines()) == (
        0,
        [
            "ID         STATE    AGE    PROFILE  LOCATION",
            "a1-first   waiting  5 min  p        s3://bucket/out/a1.out",
            "a2-second  sent     5 min  p        s3://bucket/out/a2.out",
        ],
    )


async def test_an_empty_list_says_so(tmp_path: Path) -> None:
    code, stage = await looked(tmp_path, JobsWorkbench(records=()), JobsOptions())
    assert (code, stage.told) == (0, "no async job has been placed yet\n")


async def test_control_characters_of_a_server_never_reach_the_list(tmp_path: Path) -> None:
    record = replace(FIRST, inference_id="a\x1b[31m\nb", output_location="s3://b/\x07")
    _, stage = await looked(tmp_path, JobsWorkbench(records=(record,)), JobsOptions())
    printed = stage.stdout.getvalue().decode()
    assert "\x1b" not in printed and "\x07" not in printed
    assert len(printed.splitlines()) == 2


async def test_the_list_as_json(tmp_path: Path) -> None:
    _, stage = await looked(tmp_path, JobsWorkbench(records=(FIRST,)), JobsOptions(as_json=True))
    assert json.loads(stage.stdout.getvalue()) == [
        {
            "id": "a1-first",
            "inference_id": "a1-first",
            "state": "waiting",
            "profile": "p",
            "endpoint": "e",
            "region": "eu-west-1",
            "placed_at": "2026-11-22T11:55:00+00:00",
            "accepted_at": "2026-11-22T11:55:00+00:00",
            "looked_at": None,
            "output_location": OUTPUT,
            "failure_location": "s3://bucket/failure/a1.out",
            "detail": "not there yet",
        }
    ]


@pytest.mark.parametrize("wanted", ["a1", "a1-first", "k1", OUTPUT, "s3://bucket/failure/a1.out"])
async def test_a_job_goes_by_its_id_the_beginning_of_it_or_a_location(tmp_path: Path, wanted: str) -> None:
    workbench = JobsWorkbench(a_story(COMPLETED, head(), part(0, b"out")))
    code, stage = await looked(tmp_path, workbench, JobsOptions(wanted))
    assert (code, stage.stdout.getvalue()) == (0, b"out")
    assert [(record, waits) for record, _, waits in workbench.looked] == [(FIRST, False)]


async def test_one_look_that_sees_nothing_is_code_6(tmp_path: Path) -> None:
    fault = TransportFault(0.0, "not-yet", "the job has no answer yet", "look again later")
    code, stage = await looked(tmp_path, JobsWorkbench(a_story(NOT_YET, fault, outcome="fault")), JobsOptions("a1"))
    assert (code, stage.stdout.getvalue()) == (ExitCode.NO_CONNECTION, b"")
    assert "not-yet: the job has no answer yet" in stage.told


async def test_a_failed_job_is_code_4(tmp_path: Path) -> None:
    failed = replace(COMPLETED, state=JobState.FAILED)
    fault = ServiceFault(0.0, "AsyncInferenceFailed", "", "boom", 200, 500, "", "")
    story = a_story(failed, head(), part(0, b"boom"), fault, outcome="fault")
    code, stage = await looked(tmp_path, JobsWorkbench(story), JobsOptions("a1", wait=True))
    assert (code, stage.stdout.getvalue()) == (ExitCode.ANSWERED_WITH_ERROR, b"boom")


async def test_waiting_follows_to_the_end(tmp_path: Path) -> None:
    workbench = JobsWorkbench(a_story(NOT_YET, COMPLETED, head(), part(0, b"x")))
    code, stage = await looked(tmp_path, workbench, JobsOptions("a1", wait=True))
    assert (code, stage.stdout.getvalue(), workbench.looked[0][2]) == (0, b"x", True)


async def test_a_finished_job_raises_no_finding_about_a_request_that_nobody_sent(tmp_path: Path) -> None:
    _, stage = await looked(tmp_path, JobsWorkbench(a_story(COMPLETED, head(), part(0, b"x"))), JobsOptions("a1"))
    assert "[" not in stage.told


async def test_as_json_the_record_is_printed_and_not_the_output(tmp_path: Path) -> None:
    workbench = JobsWorkbench(a_story(COMPLETED, head(), part(0, b"out")))
    _, stage = await looked(tmp_path, workbench, JobsOptions("a1", as_json=True))
    assert json.loads(stage.stdout.getvalue())["id"] == "a1-first"


async def test_a_location_that_no_job_has_is_looked_at_all_the_same(tmp_path: Path) -> None:
    workbench = JobsWorkbench(a_story(COMPLETED, head(), part(0, b"x")))
    await looked(tmp_path, workbench, JobsOptions("s3://other/key"))
    record, entry, _ = workbench.looked[0]
    assert (record.key, record.output_location, entry.id) == ("", "s3://other/key", "s3://other/key")


async def test_a_job_whose_profile_is_gone_is_looked_at_with_what_was_written_down(tmp_path: Path) -> None:
    record = replace(FIRST, profile_id="gone", credentials=(("profile", "ml"),))
    workbench = JobsWorkbench(a_story(COMPLETED, head()), records=(record,))
    await looked(tmp_path, workbench, JobsOptions("a1"))
    profile = workbench.looked[0][1].profile
    assert profile is not None and profile.credentials is not None
    assert (profile.region, profile.credentials.profile) == ("eu-west-1", "ml")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [("zz", "there is no job 'zz'"), ("", "there is no job ''"), ("a", "2 jobs begin with 'a'")],
)
async def test_what_names_no_single_job_is_refused(tmp_path: Path, wanted: str, message: str) -> None:
    with pytest.raises(Refusal) as raised:
        await looked(tmp_path, JobsWorkbench(), JobsOptions(wanted))
    assert (raised.value.code, raised.value.message) == (ExitCode.USAGE, message)


async def test_of_equal_ids_the_latest_is_meant(tmp_path: Path) -> None:
    older = replace(FIRST, key="k0", placed_at=NOW - timedelta(days=1))
    workbench = JobsWorkbench(a_story(COMPLETED, head()), records=(FIRST, older))
    await looked(tmp_path, workbench, JobsOptions("a1"))
    assert workbench.looked[0][0] is FIRST


async def test_forgetting_takes_the_record_and_says_that_the_job_goes_on(tmp_path: Path) -> None:
    workbench = JobsWorkbench()
    code, stage = await looked(tmp_path, workbench, JobsOptions(forget="a2"))
    assert (code, workbench.forgotten) == (0, ["k2"])
    assert stage.told == "a2-second is off the list; the job itself goes on\n"


async def test_a_job_that_cannot_be_looked_at_says_why(tmp_path: Path) -> None:
    with pytest.raises(SmrtError, match="local endpoint that has ended"):
        await looked(tmp_path, JobsWorkbench(refusal=SmrtError("local endpoint that has ended")), JobsOptions("a1"))
