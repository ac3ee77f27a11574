"""What is kept of an async invocation: enough to look for its answer another day, and nothing secret.

A record is made before the request leaves and follows the events of the call. `store.jobs` keeps it, `ledger` sees to
it that every step is kept. Pure: the time comes in as an argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, convert
from msgspec.structs import replace

from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.events import Event, JobMoved, JobState, Signed

MOST_DETAIL = 500
"""Characters of a step's sentence that are kept; it may hold what a server said."""
OVER = frozenset({JobState.COMPLETED, JobState.FAILED})
"""The states that the job itself ended in; in every other one there may be something to come."""
PLACED = OVER | {JobState.ACCEPTED, JobState.WAITING, JobState.GAVE_UP}
"""The states of a job that the service accepted."""


class JobRecord(Struct, frozen=True):
    """One async invocation as far as it is known."""

    key: str
    """Our own name for it, there before the service has given one."""
    profile_id: str
    endpoint: str
    placed_at: datetime
    """When it was sent, by this machine's clock."""
    state: JobState | None = None
    """None: begun, or once there is a `detail` sent, and nobody has seen it accepted."""
    detail: str = ""
    """What the last step said, in a sentence."""
    inference_id: str = ""
    output_location: str = ""
    failure_location: str = ""
    accepted_at: datetime | None = None
    """When the service accepted it, by the service's clock: an object older than this is not its answer."""
    looked_at: datetime | None = None
    """When its locations were last looked at."""
    region: str | None = None
    """The region that was signed for."""
    credentials: tuple[tuple[str, str | bool], ...] = ()
    """Which credentials, as a profile names them under `credentials:`; empty for the default chain."""
    s3_endpoint_url: str | None = None
    """Where its objects are, when that is not AWS; a user's name and password in it are masked."""
    local_run: str = ""
    """The access key id that the app's own local endpoint had made up for its run; empty for any other endpoint."""
    is_out_of_reach: bool = False
    """Set in a listing: it was with a local endpoint that is not this sitting's. Never stored."""

    @property
    def name(self) -> str:
        """What to call it: its inference id, or our own key while it has none."""
        return self.inference_id or self.key

    @property
    def location(self) -> str:
        """Where to look: the failure object of a job that failed, else the output."""
        return self.failure_location if self.state is JobState.FAILED else self.output_location

    @property
    def is_over(self) -> bool:
        """Whether the job itself has ended."""
        return self.state in OVER

    @property
    def is_placed(self) -> bool:
        """Whether the service is known to have accepted it."""
        return self.state in PLACED

    @property
    def is_lost(self) -> bool:
        """Whether nobody can look at it any more, though it may not have ended."""
        return self.is_out_of_reach and not self.is_over

    @property
    def state_text(self) -> str:
        """The state in a word or two. What was begun may have been cut off: nobody who reads this can know."""
        if self.is_lost:
            return "out of reach"
        if self.state is None:
            return "sent" if self.detail else "begun"
        return "upload begun" if self.state is JobState.UPLOADING else self.state.value

    def after(self, event: Event, now: datetime) -> JobRecord:
        """The record after one more event of its call; the same one where the event says nothing about it."""
        match event:
            case JobMoved():
                return self._moved(event, now)
            case Signed() if event.scope and not self.is_placed:
                return replace(self, region=event.scope.split("/")[1])
            case _:
                return self

    def _moved(self, event: JobMoved, now: datetime) -> JobRecord:
        has_looked = event.state in PLACED and event.state is not JobState.ACCEPTED
        return replace(
            self,
            state=event.state,
            detail=event.detail[:MOST_DETAIL],
            inference_id=event.inference_id or self.inference_id,
            output_location=event.output_location or self.output_location,
            failure_location=event.failure_location or self.failure_location,
            looked_at=now if has_looked else self.looked_at,
        )


def entry_for(record: JobRecord, catalogue: Catalogue) -> ProfileEntry:
    """The profile to look with: the one that placed the job, as it is today, or one made of what the record tells."""
    entry = catalogue.find(record.profile_id)
    if entry is not None and entry.profile is not None:
        return entry
    from smrt_tui.core.profile import CredentialsSpec, Profile

    profile = Profile(
        endpoint=record.endpoint or "unknown",
        mode="async",
        region=record.region,
        s3_endpoint_url=record.s3_endpoint_url,
        credentials=convert(dict(record.credentials), CredentialsSpec) if record.credentials else None,
    )
    return ProfileEntry(record.profile_id or record.output_location, "", "", profile)


def jobs_named(records: Sequence[JobRecord], wanted: str) -> tuple[JobRecord, ...]:
    """The job of that location or that id, else those whose id begins so; of equal ones the first."""
    if wanted.startswith("s3://"):
        return tuple(record for record in records if wanted in (record.output_location, record.failure_location))[:1]
    found = [record for record in records if wanted and wanted in (record.inference_id, record.key)]
    found = found or [record for record in records if wanted and record.name.startswith(wanted)]
    return tuple({record.name: record for record in reversed(found)}.values())[::-1]


def stray_job(location: str, profile_id: str, now: datetime) -> JobRecord:
    """A job that something else placed, of which no more than its output location is known."""
    return JobRecord("", profile_id, "", now, output_location=location)


def age_text(seconds: float) -> str:
    """How long ago, in one unit: `5 s`, `12 min`, `3 h`, `2 d`."""
    whole = max(0, int(seconds))
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if whole >= length:
            return f"{whole // length} {unit}"
    return f"{whole} s"


def is_same_job(record: JobRecord, moved: JobMoved) -> bool:
    """Whether an event is about the job of this record."""
    mine = record.inference_id, record.output_location
    return mine == (moved.inference_id, moved.output_location) and any(mine)
