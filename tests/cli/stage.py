"""What the command line's tests stand on: an environment of byte buffers, and a workbench that plays events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from msgspec import convert

from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.events import (
    Ended,
    Event,
    FrameHeaders,
    HeadArrived,
    PartArrived,
    Phase,
    PhaseMarked,
    Started,
)
from smrt_tui.core.finding import Finding
from smrt_tui.core.profile import Profile
from smrt_tui.core.request import WireRequest
from smrt_tui.core.template import Sources, resolve
from smrt_tui.environment import Environment

STARTED = Started(0.0, "InvokeEndpoint", WireRequest("POST", "http://there/endpoints/e/invocations", (), b"{}"))


@dataclass
class Stage:
    """One process's surroundings, and what was written to them."""

    environment: Environment
    stdout: BytesIO
    stderr: BytesIO

    @property
    def told(self) -> str:
        """Everything on stderr."""
        return self.stderr.getvalue().decode()


def a_stage(folder: Path, *, stdin: bytes = b"", is_terminal: bool = False, stdout: BytesIO | None = None) -> Stage:
    """A stage whose working folder is `folder`; nothing of the real user's is seen."""
    out, err = stdout or BytesIO(), BytesIO()
    environment = Environment(
        argv=(),
        stdin=BytesIO(stdin),
        stdout=out,
        stderr=err,
        stdout_is_terminal=is_terminal,
        environ={},
        working_folder=folder,
        config_folder=folder / "config",
        state_folder=folder / "state",
    )
    return Stage(environment, out, err)


def a_profile(**keys: object) -> Profile:
    """A profile that lint has nothing to say about, with these keys over it."""
    return convert(
        {
            "endpoint": "e",
            "request": {"ContentType": "application/json"},
            "payloads": [{"name": "first", "body": '{"a": "{{a}}"}'}, {"name": "second", "body": "{}"}],
            "variables": {"a": 1},
            **keys,
        },
        Profile,
    )


def a_catalogue(*profiles: tuple[str, Profile | None]) -> Catalogue:
    """Entries of these ids."""
    return Catalogue(tuple(ProfileEntry(name, f"/p/{name}.yaml", "/p", profile) for name, profile in profiles))


def head(status: int = 200, *headers: tuple[str, str]) -> HeadArrived:
    """A response head after 10 ms."""
    return HeadArrived(0.01, "1.1", status, "OK" if status == 200 else "Oh", headers)


def part(number: int, payload: bytes, headers: FrameHeaders = ()) -> PartArrived:
    """A part, 10 ms after the one before."""
    return PartArrived(0.02 + number / 100, number, payload, number * 100, headers, 0, 0)


def a_story(*middle: Event, outcome: str = "complete") -> list[list[Event]]:
    """One call's events, a batch each: sent, these, ended."""
    ended = Ended(1.0, "complete" if outcome == "complete" else "fault")
    return [[STARTED, PhaseMarked(0.001, Phase.SEND_HEAD)], *([event] for event in middle), [ended]]


class PlayedCall:
    """A call that plays batches of events; an empty batch waits until the call is cancelled."""

    def __init__(self, batches: Sequence[Sequence[Event]]) -> None:
        self._batches = batches
        self._stopped = asyncio.Event()
        self.waiting = asyncio.Event()
        """Set once the call waits to be cancelled."""
        self.is_cancelled = False

    async def batches(self) -> AsyncIterator[Sequence[Event]]:
        """The prepared batches, cut short by `Ended(cancelled)` once cancelled."""
        for batch in self._batches:
            if not batch:
                self.waiting.set()
                await self._stopped.wait()
            if self._stopped.is_set():
                yield [Ended(0.9, "cancelled")]
                return
            yield batch

    async def __aiter__(self) -> AsyncIterator[Event]:
        async for batch in self.batches():
            for event in batch:
                yield event

    def cancel(self) -> None:
        """Stop at the next batch."""
        self.is_cancelled = True
        self._stopped.set()


@dataclass
class PlayedJobs:
    """How writing jobs down goes."""

    trouble: str = ""


@dataclass
class PlayedWorkbench:
    """Resolves for real, and fires a prepared call."""

    catalogue: Catalogue
    call: PlayedCall = field(default_factory=lambda: PlayedCall(a_story()))
    fired: list[tuple[ProfileEntry, ResolvedDraft]] = field(default_factory=list)
    jobs: PlayedJobs = field(default_factory=lambda: PlayedJobs())

    async def load_catalogue(self) -> Catalogue:
        """The prepared catalogue."""
        return self.catalogue

    async def resolve(self, entry: ProfileEntry, draft: Draft) -> ResolvedDraft | tuple[Finding, ...]:
        """As the real one, reading files by their paths as they are."""
        sources = Sources(
            environ={},
            read_file=lambda path: Path(entry.folder, path).read_bytes(),
            read_base64=lambda path: "",
            read_kept=lambda kept: b"",
            new_uuid=lambda: "a-uuid",
            now=lambda: "now",
        )
        return resolve(draft, sources)

    async def fire(self, entry: ProfileEntry, draft: ResolvedDraft) -> PlayedCall:
        """Note what was fired."""
        self.fired.append((entry, draft))
        return self.call

    async def preview(self, entry: ProfileEntry, draft: ResolvedDraft) -> str:
        """A text that shows what would be sent."""
        return f"POST {draft.endpoint} {draft.body.decode()}\n"
