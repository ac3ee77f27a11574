"""The calls: what is sent, to whom the person agreed, and which job is shown. The runner below it does the running."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.consent import foreign_host, foreign_store
from smrt_tui.core.job import JobRecord, entry_for
from smrt_tui.core.service import Mode
from smrt_tui.core.template import missing_names
from smrt_tui.ui.news import ConsentNeeded, News, Said, VariablesNeeded

if TYPE_CHECKING:
    from smrt_tui.ui.desk import Desk
    from smrt_tui.ui.job_board import JobBoard
    from smrt_tui.ui.opened import Opened
    from smrt_tui.ui.profiles import Profiles
    from smrt_tui.ui.repairs import Repairs
    from smrt_tui.ui.runner import Runner

_BUSY = "A call is running; esc or ctrl+c cancels it"


class Calls:
    """Sends what is on the desk, one call at a time."""

    def __init__(
        self,
        profiles: Profiles,
        opened: Opened,
        desk: Desk,
        runner: Runner,
        jobs: JobBoard,
        repairs: Repairs,
        tell: Callable[[News], None],
    ) -> None:
        self._profiles = profiles
        self._opened = opened
        self._desk = desk
        self._runner = runner
        self._jobs = jobs
        self._repairs = repairs
        self._tell = tell
        self._consented: set[str] = set()

    @property
    def is_live(self) -> bool:
        """Whether a call is running that was not set aside."""
        return self._runner.is_live

    @property
    def is_waiting_job(self) -> bool:
        """Whether that call is an accepted job, whose answer is only waited for."""
        return self._runner.is_waiting_job

    def send(self, *, consented: bool = False) -> None:
        """Fire the draft. While a call runs, nothing is fired, but a job that is only waited for is set aside."""
        entry, draft = self._opened.entry, self._desk.draft
        if self.is_live and not self.is_waiting_job:
            self._tell(Said(_BUSY, "warning"))
        elif entry is None:
            self._tell(Said("There is no profile to send from", "warning"))
        elif draft is None:
            self._tell(Said("This profile has problems; nothing can be sent from it", "error"))
        elif missing_names(draft):
            self._tell(VariablesNeeded(draft))
        elif self._may_send_to(_strangers(entry, draft.mode), consented=consented):
            self._jobs.set_aside()
            self._runner.start(self._repairs.patient(entry), draft)

    def may_fire(self, mode: Mode) -> bool:
        """Whether calls beside the shown one may go out now: nothing runs, and no stranger would get signed headers.

        Tells why not.
        """
        entry, draft = self._opened.entry, self._desk.draft
        if self.is_live and not self.is_waiting_job:
            self._tell(Said(_BUSY, "warning"))
            return False
        if entry is None or draft is None:
            self._tell(Said("There is no request to fire", "warning"))
            return False
        strange = [host for host in _strangers(entry, mode) if host not in self._consented]
        if strange:
            once = f"Send it once by itself first, {mode}: {strange[0]} is not AWS, and you are asked then"
            self._tell(Said(once, "warning"))
        return not strange

    def _may_send_to(self, hosts: Sequence[str], *, consented: bool, job: JobRecord | None = None) -> bool:
        """Whether signed headers may go there; when the person has to be asked, that is told, one host at a time."""
        strange = [host for host in hosts if host not in self._consented]
        if strange and consented:
            self._consented.add(strange.pop(0))
        if strange:
            self._tell(ConsentNeeded(strange[0], job))
        return not strange

    def cancel(self) -> None:
        """Stop the running call; what arrived stays. A job that is waited for goes on, and only the looking stops."""
        if self.is_waiting_job:
            self._tell(Said("Stopped looking; the job itself goes on, and f8 lists it"))
        self._runner.cancel()

    def open_job(self, record: JobRecord, *, consented: bool = False) -> None:
        """Show the run of a job; where this sitting has none, look for its answer again."""
        if self.is_live and not self.is_waiting_job:
            self._tell(Said(_BUSY, "warning"))
        elif self._jobs.has_run(record):
            self._jobs.show(record)
        else:
            entry = entry_for(record, self._profiles.catalogue or Catalogue())
            if self._may_send_to(_store(entry), consented=consented, job=record):
                self._jobs.look_again(record, entry)


def _strangers(entry: ProfileEntry, mode: Mode) -> tuple[str, ...]:
    """Hosts of a call that the person has to agree to."""
    host = foreign_host(entry)
    return (*((host,) if host else ()), *(_store(entry) if mode == "async" else ()))


def _store(entry: ProfileEntry) -> tuple[str, ...]:
    store = foreign_store(entry)
    return (store,) if store else ()
