"""What the session tells the screen: one frozen value for each thing that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from smrt_tui.core.attached import Attached
    from smrt_tui.core.catalogue import Catalogue, ProfileEntry
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.fills import Fill
    from smrt_tui.core.finding import Finding
    from smrt_tui.core.job import JobRecord
    from smrt_tui.core.service import Service
    from smrt_tui.ui.run import Run

Tone: TypeAlias = Literal["information", "warning", "error"]


@dataclass(frozen=True, slots=True)
class CatalogueLoaded:
    """The profiles were read."""

    catalogue: Catalogue
    open_id: str = ""
    """The profile that is open and stays so."""


@dataclass(frozen=True, slots=True)
class VariablesNeeded:
    """The request that was to be sent uses variables that have no value; nothing was sent."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class ServiceRead:
    """The operations were read from the service model."""

    service: Service


@dataclass(frozen=True, slots=True)
class EntryOpened:
    """Another profile is open, or another payload of it; the draft was replaced as a whole."""

    entry: ProfileEntry
    draft: Draft | None
    """None when the profile has problems."""
    payload: str
    """The chosen payload's name; empty when the profile has none."""


@dataclass(frozen=True, slots=True)
class DraftChanged:
    """The draft changed by something else than typing: a fix, a mode switch."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Linted:
    """What the lint has to say about the draft as it is now, worst first."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FillsTold:
    """What the placeholders of the draft that are no variables stand for; none of them when there are none."""

    fills: tuple[Fill, ...]


@dataclass(frozen=True, slots=True)
class FileTold:
    """The file that is sent as the payload was looked at."""

    file: Attached | None
    trouble: str = ""
    """Why it cannot be sent, when it cannot."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A call was fired; everything shown of the one before it is stale."""

    run: Run


@dataclass(frozen=True, slots=True)
class RunMoved:
    """More arrived; it is in the run's recorder."""

    run: Run


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run is over; its last events were told before."""

    run: Run


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """What the finished run's answer showed is worked out; it is in `run.findings`."""

    run: Run


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job that was looked for in the background is over, one way or another."""

    run: Run


@dataclass(frozen=True, slots=True)
class JobsChanged:
    """Another number of jobs is being looked for."""

    in_flight: int


@dataclass(frozen=True, slots=True)
class ConsentNeeded:
    """Signed headers would go to a host that is neither AWS nor this machine.

    `send(consented=True)` goes on, or for a job `open_job(job, consented=True)`.
    """

    host: str
    job: JobRecord | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One short sentence for the person."""

    message: str
    tone: Tone = "information"


News: TypeAlias = (
    CatalogueLoaded
    | ServiceRead
    | VariablesNeeded
    | EntryOpened
    | DraftChanged
    | Linted
    | FillsTold
    | FileTold
    | RunStarted
    | RunMoved
    | RunEnded
    | Diagnosed
    | JobEnded
    | JobsChanged
    | ConsentNeeded
    | Said
)
