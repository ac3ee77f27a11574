"""What the session tells the screen: one frozen value for each thing that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from smrt_tui.core.attached import Attached
    from smrt_tui.core.catalogue import Catalogue, ProfileEntry
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.fills import Fill
    from smrt_tui.core.finding import Finding
    from smrt_tui.core.job import JobRecord
    from smrt_tui.core.kept_text import KeptText
    from smrt_tui.core.service import Service
    from smrt_tui.ui.run import Run

Tone: TypeAlias = Literal["information", "warning", "error"]


class CatalogueLoaded(Struct, frozen=True):
    """The profiles were read."""

    catalogue: Catalogue
    open_id: str = ""
    """The profile that is open and stays so."""


class VariablesNeeded(Struct, frozen=True):
    """The request that was to be sent uses variables that have no value; nothing was sent."""

    draft: Draft


class ServiceRead(Struct, frozen=True):
    """The operations were read from the service model."""

    service: Service


class EntryOpened(Struct, frozen=True):
    """Another profile is open, or another payload of it; the draft was replaced as a whole."""

    entry: ProfileEntry
    draft: Draft | None
    """None when the profile has problems."""
    payload: str
    """The chosen payload's name; empty when the profile has none."""


class DraftChanged(Struct, frozen=True):
    """The draft changed by something else than typing: a fix, a mode switch."""

    draft: Draft


class Linted(Struct, frozen=True):
    """What the lint has to say about the draft as it is now, worst first."""

    findings: tuple[Finding, ...]


class FillsTold(Struct, frozen=True):
    """What the placeholders of the draft that are no variables stand for; none of them when there are none."""

    fills: tuple[Fill, ...]


class FileTold(Struct, frozen=True):
    """The file that is sent as the payload was looked at."""

    file: Attached | None
    trouble: str = ""
    """Why it cannot be sent, when it cannot."""
    can_go_back: bool = False
    """Whether there is something that it took the place of."""


class TextKept(Struct, frozen=True):
    """A text that is too large to be edited went from the draft into a file."""

    text: str
    kept: KeptText


class RunStarted(Struct, frozen=True):
    """A call was fired; everything shown of the one before it is stale."""

    run: Run


class RunMoved(Struct, frozen=True):
    """More arrived; it is in the run's recorder."""

    run: Run


class RunEnded(Struct, frozen=True):
    """The run is over; its last events were told before."""

    run: Run


class Diagnosed(Struct, frozen=True):
    """What the finished run's answer showed is worked out; it is in `run.findings`."""

    run: Run


class JobEnded(Struct, frozen=True):
    """A job that was looked for in the background is over, one way or another."""

    run: Run


class JobsChanged(Struct, frozen=True):
    """Another number of jobs is being looked for."""

    in_flight: int


class ConsentNeeded(Struct, frozen=True):
    """Signed headers would go to a host that is neither AWS nor this machine.

    `send(consented=True)` goes on, or for a job `open_job(job, consented=True)`.
    """

    host: str
    job: JobRecord | None = None


class Said(Struct, frozen=True):
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
    | TextKept
    | RunStarted
    | RunMoved
    | RunEnded
    | Diagnosed
    | JobEnded
    | JobsChanged
    | ConsentNeeded
    | Said
)
