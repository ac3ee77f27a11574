"""`smrt-tui jobs`: every async job of this and earlier sittings, and a look at one of them.

The list goes to stdout, and so does a job's output, by the same rules and with the same exit codes as `invoke`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from smrt_tui.cli.answer import AnswerWriter, RawAnswer, ReadableAnswer
from smrt_tui.cli.diagnostics import ExitCode, Narrator, Refusal
from smrt_tui.cli.following import Following
from smrt_tui.cli.options import JobsOptions
from smrt_tui.cli.strangers import refuse_strange_store
from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import Call
from smrt_tui.core.job import JobRecord, age_text, entry_for, jobs_named, stray_job
from smrt_tui.core.plain import plain
from smrt_tui.core.profile import StreamOptions
from smrt_tui.environment import Environment


class Jobs(Protocol):
    """The jobs that are known; `smrt_tui.jobs.Jobs` has them."""

    async def all(self) -> tuple[JobRecord, ...]:
        """Every job, the latest first."""
        ...

    async def look_again(self, record: JobRecord, entry: ProfileEntry, *, waits: bool = True) -> Call:
        """Follow a job, or look once. Raises `SmrtError` for one that cannot be looked at."""
        ...

    async def forget(self, key: str) -> None:
        """Take a job off the list. Raises `OSError`."""
        ...


class Workbench(Protocol):
    """What looking at jobs needs done outside itself; `smrt_tui.workbench.Workbench` does it."""

    @property
    def jobs(self) -> Jobs:
        """The jobs."""
        ...

    async def load_catalogue(self) -> Catalogue:
        """Every profile there is."""
        ...


async def run_jobs(options: JobsOptions, environment: Environment, workbench: Workbench) -> int:
    """Carry out one `jobs`; the exit code.

    Raises `SmrtError` for a job that is not known or cannot be looked at, `BrokenPipeError` once nobody reads stdout.
    """
    narrator = Narrator(environment)
    records = await workbench.jobs.all()
    if options.forget is not None:
        return await _forget(chosen(records, options.forget), workbench.jobs, narrator)
    if options.job is None:
        _print(environment, _as_json(records) if options.as_json else table(records, environment.now()))
        if not records:
            narrator.say("no async job has been placed yet")
        return ExitCode.COMPLETE
    record = _named(records, options.job, environment.now())
    return await _look(record, options, environment, workbench, narrator)


async def _forget(record: JobRecord, jobs: Jobs, narrator: Narrator) -> ExitCode:
    try:
        await jobs.forget(record.key)
    except OSError as error:
        raise Refusal(ExitCode.USAGE, f"{record.name} cannot be forgotten: {error.strerror or error}") from error
    narrator.say(f"{record.name} is off the list{'' if record.is_over else '; the job itself goes on'}")
    return ExitCode.COMPLETE


async def _look(
    record: JobRecord, options: JobsOptions, environment: Environment, workbench: Workbench, narrator: Narrator
) -> ExitCode:
    entry = entry_for(record, await workbench.load_catalogue())
    refuse_strange_store(entry)
    if record.key:
        narrator.say(f"{record.name} · {record.state_text} · placed {record.placed_at:%Y-%m-%d %H:%M:%S %Z}")
    following = Following(
        ResolvedDraft("async", record.endpoint, (), (), b""),
        entry.profile.stream if entry.profile else StreamOptions(),
        [] if options.as_json else [_writer(environment)],
        narrator,
    )
    code = await following.to_the_end(await workbench.jobs.look_again(record, entry, waits=options.wait), ())
    if options.as_json:
        latest = next((other for other in await workbench.jobs.all() if other.key == record.key), record)
        _print(environment, json.dumps(as_object(latest), indent=2))
    return code


def _writer(environment: Environment) -> AnswerWriter:
    if environment.stdout_is_terminal:
        return ReadableAnswer(environment.stdout)
    return RawAnswer(environment.stdout)


def chosen(records: Sequence[JobRecord], wanted: str) -> JobRecord:
    """The job of that location, that id, or the only one whose id begins so; of equal ones, the latest.

    Raises `Refusal` for none and for several.
    """
    found = jobs_named(records, wanted)
    if not found:
        raise Refusal(ExitCode.USAGE, f"there is no job {wanted!r}", "`smrt-tui jobs` lists them")
    if len(found) > 1:
        names = ", ".join(record.name for record in found[:5])
        raise Refusal(ExitCode.USAGE, f"{len(found)} jobs begin with {wanted!r}", f"they are {names}")
    return found[0]


def _named(records: Sequence[JobRecord], wanted: str, now: datetime) -> JobRecord:
    """The job that is meant; a location that no job has is looked at all the same."""
    if wanted.startswith("s3://") and not jobs_named(records, wanted):
        return stray_job(wanted, "", now)
    return chosen(records, wanted)


def table(records: Sequence[JobRecord], now: datetime) -> str:
    """Id, state, age, profile and location in columns, the latest job first."""
    rows = [("ID", "STATE", "AGE", "PROFILE", "LOCATION"), *(_row(record, now) for record in records)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join([*map(str.ljust, row[:4], widths), row[4]]).rstrip() for row in rows)


def _row(record: JobRecord, now: datetime) -> tuple[str, str, str, str, str]:
    age = age_text((now - record.placed_at).total_seconds())
    output = record.location or record.detail or "-"
    return _line(record.name), record.state_text, age, _line(record.profile_id), _line(output)


def _line(text: str) -> str:
    return plain(text).replace("\n", " ")


def _as_json(records: Sequence[JobRecord]) -> str:
    return json.dumps([as_object(record) for record in records], indent=2)


def as_object(record: JobRecord) -> dict[str, Any]:
    """A record as JSON: names are stable, fields are added and never renamed."""
    return {
        "id": record.name,
        "inference_id": record.inference_id,
        "state": record.state_text,
        "profile": record.profile_id,
        "endpoint": record.endpoint,
        "region": record.region,
        "placed_at": record.placed_at.isoformat(),
        "accepted_at": None if record.accepted_at is None else record.accepted_at.isoformat(),
        "looked_at": None if record.looked_at is None else record.looked_at.isoformat(),
        "output_location": record.output_location,
        "failure_location": record.failure_location,
        "detail": record.detail,
    }


def _print(environment: Environment, text: str) -> None:
    environment.stdout.write(f"{text}\n".encode("utf-8", "replace"))
    environment.stdout.flush()
