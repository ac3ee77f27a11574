"""A workbench in memory and calls made of lists of events: the screen can be tested without a world."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from msgspec import convert
from msgspec.structs import replace

from smrt_tui.core.account import EndpointDescription, EndpointListing, EndpointSummary, VariantSummary
from smrt_tui.core.attached import Attached, attached
from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.container_log import ContainerLog, LogLine, LogQuery
from smrt_tui.core.directive import Directive
from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import Call, Ended, Event, HeadArrived, PartArrived, Phase, PhaseMarked, Started
from smrt_tui.core.fills import Fill, fills
from smrt_tui.core.finding import Finding, Severity
from smrt_tui.core.invocation import HistoryRow, Invocation, invocation_of
from smrt_tui.core.job import JobRecord
from smrt_tui.core.kept_text import KeptText, digest_of, text_bytes
from smrt_tui.core.place import Place
from smrt_tui.core.problem import Problem
from smrt_tui.core.profile import Payload, Profile
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.request import WireRequest
from smrt_tui.core.target import Target
from smrt_tui.core.template import placeholders

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BODY = '{\n  "messages": [{"role": "user", "content": "{{prompt}}"}],\n  "stream": true\n}\n'


def a_profile(**changes: object) -> Profile:
    """A streaming chat profile with two payloads."""
    fields: dict[str, object] = {
        "title": "Chat",
        "endpoint": "chat",
        "mode": "stream",
        "request": {"ContentType": "application/json", "Accept": "text/event-stream"},
        "variables": {"prompt": "Tell me about the sea.", "max_tokens": 160},
        "payloads": (Payload(name="ask", body=BODY), Payload(name="whole", mode="sync", body='{"messages": []}')),
    }
    return convert({**fields, **changes}, Profile)


def an_entry(profile_id: str = "local/chat", profile: Profile | None = None) -> ProfileEntry:
    """A sound entry."""
    return ProfileEntry(profile_id, f"/profiles/{profile_id}.yaml", "/profiles/local", profile or a_profile())


def a_broken_entry(profile_id: str = "aws/broken") -> ProfileEntry:
    """An entry whose file has two problems."""
    path = f"/profiles/{profile_id}.yaml"
    problems = (
        Problem(("endpont",), "unknown key; did you mean `endpoint`?", 2, 1, path),
        Problem((), "`endpoint` is missing", 1, 1, path),
    )
    return ProfileEntry(profile_id, path, "/profiles/aws", None, problems)


def a_catalogue(*entries: ProfileEntry) -> Catalogue:
    """These entries, or a usual handful of them."""
    tabular = a_profile(
        title="Tabular",
        endpoint="tabular",
        mode="sync",
        request={"ContentType": "text/csv"},
        payloads=(Payload(name="row", body="5.1,3.5,1.4,0.2\n"),),
    )
    remote = a_profile(title="Llama on AWS", endpoint="llama", region="us-east-1")
    return Catalogue(
        entries
        or (
            an_entry(),
            an_entry("local/tabular", tabular),
            an_entry("aws/llama", remote),
            a_broken_entry(),
        )
    )


REQUEST = WireRequest("POST", "http://127.0.0.1:1/endpoints/chat/invocations-response-stream", (), b"{}")


def a_part(number: int, payload: bytes, at: float) -> PartArrived:
    """One piece of a body."""
    return PartArrived(at, number, payload, number * 100, (), 1, 2)


def sse(*words: str) -> tuple[bytes, ...]:
    """The parts of a chat stream that says these words."""
    events = tuple(f'data: {{"choices":[{{"delta":{{"content":"{word}"}}}}]}}\n\n'.encode() for word in words)
    return (*events, b"data: [DONE]\n\n")


def an_answer(*payloads: bytes, status: int = 200) -> tuple[Event, ...]:
    """The events of a call that ends well, a part every ten milliseconds."""
    head = HeadArrived(0.03, "1.1", status, "OK", (("Content-Type", "application/vnd.amazon.eventstream"),))
    parts = tuple(a_part(i, payload, 0.04 + i * 0.01) for i, payload in enumerate(payloads))
    return (
        Started(0.0, "InvokeEndpointWithResponseStream", REQUEST),
        PhaseMarked(0.0, Phase.CREDENTIALS),
        PhaseMarked(0.01, Phase.CONNECT),
        PhaseMarked(0.02, Phase.WAIT),
        head,
        PhaseMarked(0.03, Phase.RECEIVE),
        *parts,
        Ended(0.05 + len(parts) * 0.01, "complete"),
    )


class FakeCall:
    """A call that plays batches of events, and before the batch number `hold_at` waits for `go_on` or `cancel`."""

    def __init__(self, batches: Sequence[Sequence[Event]], hold_at: int | None = None) -> None:
        self._batches = batches
        self._hold_at = hold_at
        self._go = asyncio.Event()
        self.is_cancelled = False
        self.was_read = False

    def go_on(self) -> None:
        """Play the rest."""
        self._go.set()

    def cancel(self) -> None:
        """As a real call: `Ended(cancelled)` is what comes next."""
        self.is_cancelled = True
        self._go.set()

    async def batches(self) -> AsyncIterator[Sequence[Event]]:
        """The batches, until cancelled."""
        self.was_read = True
        at = 0.0
        for number, batch in enumerate(self._batches):
            await asyncio.sleep(0)
            if number == self._hold_at:
                await self._go.wait()
            if self.is_cancelled:
                yield (Ended(at, "cancelled"),)
                return
            at = batch[-1].at
            yield batch

    async def __aiter__(self) -> AsyncIterator[Event]:
        async for batch in self.batches():
            for event in batch:
                yield event


def a_call(*payloads: bytes) -> FakeCall:
    """A call that answers with these parts, each event a batch of its own."""
    return FakeCall([(event,) for event in an_answer(*payloads)])


def a_held_call(*payloads: bytes) -> FakeCall:
    """A call that gives these parts and then hangs until it is cancelled or let go on."""
    events = an_answer(*payloads)
    return FakeCall([events[:-1], events[-1:]], hold_at=1)


@dataclass
class FakeLibrary:
    """Profile files in memory; those under `/profiles` are the person's own."""

    texts: dict[str, str] = field(default_factory=dict)
    """By path."""
    problems: Callable[[str], tuple[Problem, ...]] = field(default=lambda text: ())
    saved: list[tuple[str, Profile, Draft, str]] = field(default_factory=list)
    refusal: SmrtError | None = None
    """Raised by whatever writes."""
    mark: int = 0
    """Another number: something changed on disk."""
    starters: tuple[str, ...] = ()
    """The ids of what is not the person's own."""

    async def fingerprint(self) -> Hashable:
        return self.mark

    async def home(self) -> str:
        return "/profiles"

    async def is_own(self, entry: ProfileEntry) -> bool:
        return entry.id not in self.starters

    async def read(self, entry: ProfileEntry) -> str:
        return self.texts.get(entry.path, "endpoint: chat  # mine\n")

    async def check(self, text: str) -> tuple[Problem, ...]:
        return self.problems(text)

    async def write(self, entry: ProfileEntry, text: str) -> None:
        self._refuse()
        self.texts[entry.path] = text

    async def create(self, name: str, text: str) -> str:
        self._refuse()
        path = f"/profiles/{name}.yaml"
        self.texts[path] = text
        return path

    async def save_request(self, name: str, profile: Profile, draft: Draft, source_folder: str) -> str:
        self._refuse()
        self.saved.append((name, profile, draft, source_folder))
        return f"/profiles/{name}.yaml"

    async def rename(self, entry: ProfileEntry, name: str) -> str:
        self._refuse()
        path = f"/profiles/{name}.yaml"
        self.texts[path] = self.texts.pop(entry.path, "endpoint: chat  # mine\n")
        return path

    async def delete(self, entry: ProfileEntry) -> None:
        self._refuse()
        self.texts[entry.path] = "deleted"

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise self.refusal


@dataclass
class FakeInputs:
    """Files in memory."""

    files: dict[str, bytes] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)

    async def fills(self, entry: ProfileEntry, draft: Draft) -> tuple[Fill, ...]:
        return fills(draft, self.environ, self._size, "2026-11-22T12:00:00+00:00")

    async def look(self, entry: ProfileEntry, path: str) -> Attached:
        if path not in self.files:
            raise SmrtError(f"the file {path} cannot be read: No such file or directory")
        return attached(path, self.files[path], len(self.files[path]))

    async def complete(self, entry: ProfileEntry, path: str) -> str | None:
        return next((name for name in self.files if path and name.startswith(path)), None)

    def _size(self, path: str) -> int:
        if path not in self.files:
            raise FileNotFoundError(2, "No such file or directory")
        return len(self.files[path])


@dataclass
class FakePayloads:
    """Large texts in memory."""

    texts: dict[str, str] = field(default_factory=dict)
    """By digest, as they are now."""
    refusal: OSError | None = None
    """Raised when something is to be kept."""
    go: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared: keeping waits for it."""
    tidied: int = 0

    def __post_init__(self) -> None:
        self.go.set()

    async def keep(self, text: str) -> KeptText:
        await self.go.wait()
        if self.refusal is not None:
            raise self.refusal
        content = text_bytes(text)
        kept = KeptText(digest_of(content), len(content), tuple(dict.fromkeys(placeholders(text))))
        self.texts[kept.digest] = text
        return kept

    async def text(self, kept: KeptText) -> str:
        if kept.digest not in self.texts:
            raise SmrtError("the file of the payload is gone", "paste it again")
        return self.texts[kept.digest]

    async def look(self, kept: KeptText) -> Attached:
        content = text_bytes(await self.text(kept))
        return replace(attached("body.txt", content, len(content)), path=f"/state/{kept.digest}.txt")

    async def tidy(self) -> None:
        self.tidied += 1


@dataclass
class FakeLogbook:
    """A history in memory."""

    kept: list[Invocation] = field(default_factory=list)
    refusal: SmrtError | None = None

    async def add(self, recorder: Recorder, sent: ResolvedDraft, written: Draft, profile_id: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.kept.append(invocation_of(recorder, sent, profile_id, "2026-01-02T03:04:05.000+00:00", written))

    async def rows(self, limit: int) -> Sequence[HistoryRow]:
        if self.refusal is not None:
            raise self.refusal
        names = [name for name in HistoryRow.__struct_fields__ if name != "id"]
        rows = [HistoryRow(i, *(getattr(one, name) for name in names)) for i, one in enumerate(self.kept)]
        return tuple(reversed(rows))[:limit]

    async def get(self, row_id: int) -> Invocation | None:
        return self.kept[row_id] if row_id < len(self.kept) else None


@dataclass
class FakeMemory:
    """A state folder in memory."""

    kept: dict[tuple[str, str], Draft] = field(default_factory=dict)
    """Drafts by profile and payload."""
    kept_place: Place = field(default_factory=Place)
    theme: str = ""

    async def keep_draft(self, entry: ProfileEntry, payload: str, draft: Draft) -> None:
        self.kept[entry.id, payload] = draft

    async def drafts(self, entry: ProfileEntry) -> Mapping[str, Draft]:
        return {name: draft for (profile_id, name), draft in self.kept.items() if profile_id == entry.id}

    async def keep_place(self, place: Place) -> None:
        self.kept_place = place

    async def place(self) -> Place:
        return self.kept_place

    async def keep_theme(self, theme: str) -> None:
        self.theme = theme


@dataclass
class FakeJobs:
    """A ledger in memory; a look at a job is one of the workbench's calls."""

    known: list[JobRecord] = field(default_factory=list)
    trouble: str = ""
    looked: list[tuple[JobRecord, ProfileEntry]] = field(default_factory=list)
    bench: FakeWorkbench | None = None

    async def all(self) -> Sequence[JobRecord]:
        return tuple(self.known)

    async def look_again(self, record: JobRecord, entry: ProfileEntry) -> Call:
        assert self.bench is not None  # the workbench says so when it is made
        if self.bench.refusal is not None:
            raise self.bench.refusal
        self.looked.append((record, entry))
        return self.bench.next_call()

    async def forget(self, key: str) -> None:
        self.known = [record for record in self.known if record.key != key]


@dataclass
class FakeDirectives:
    """A table of its own."""

    rows: tuple[Directive, ...] = (
        Directive("fault", "stall", "Sends N parts, then nothing.", ("stream",), "parts", 3),
        Directive("fault", "slow", "Keeps silent for N seconds.", ("sync", "async", "stream"), "seconds", 3),
        Directive("fault", "throttle", "Throttles, for the first N attempts.", ("sync", "stream"), "attempts", 0),
        Directive("fault", "async-never", "Nothing ever appears.", ("async",), "", 0),
        Directive("parts", "split-utf8", "Cuts characters in two.", ("stream",), "", 0),
    )

    async def all(self) -> Sequence[Directive]:
        return self.rows


@dataclass
class FakeKeyring:
    """Credentials that were found once."""

    forgotten: int = 0

    async def forget(self) -> None:
        self.forgotten += 1


@dataclass
class FakeAccounts:
    """Two endpoints, and a log."""

    listing: EndpointListing = field(
        default_factory=lambda: EndpointListing(
            "us-east-1",
            (
                EndpointSummary("llama-chat", "arn:llama", "InService", NOW, NOW),
                EndpointSummary("fraud-rows", "arn:fraud", "Failed", NOW, NOW),
            ),
        )
    )
    lines: tuple[LogLine, ...] = ()
    refusal: SmrtError | None = None
    targets: list[Target | None] = field(default_factory=list)
    queries: list[LogQuery] = field(default_factory=list)
    go: asyncio.Event | None = None
    """Set: answers wait for it."""

    async def list_endpoints(self, target: Target | None, name_contains: str = "") -> EndpointListing:
        self.targets.append(target)
        await self._answer()
        return self.listing

    async def describe(self, target: Target | None, name: str) -> EndpointDescription:
        await self._answer()
        image = "x/vllm:1" if name == "llama-chat" else "x/sagemaker-xgboost:1"
        variant = VariantSummary("AllTraffic", images=(image,))
        return EndpointDescription(name, f"arn:{name}", "us-east-1", "InService", NOW, NOW, variants=(variant,))

    async def log(self, entry: ProfileEntry, query: LogQuery) -> ContainerLog:
        self.queries.append(query)
        await self._answer()
        return ContainerLog(query, self.lines)

    async def _answer(self) -> None:
        if self.go is not None:
            await self.go.wait()
        if self.refusal is not None:
            raise self.refusal


@dataclass
class FakeWorkbench:
    """Everything in memory; what was asked of it is noted."""

    catalogue: Catalogue = field(default_factory=a_catalogue)
    make_call: Callable[[], FakeCall] = field(default=lambda: a_call(*sse("Hello", " sea")))
    findings: Callable[[Draft], Sequence[Finding]] = field(default=lambda draft: ())
    unresolved: tuple[Finding, ...] = ()
    refusal: SmrtError | None = None
    library: FakeLibrary = field(default_factory=lambda: FakeLibrary())
    inputs: FakeInputs = field(default_factory=lambda: FakeInputs())
    payloads: FakePayloads = field(default_factory=lambda: FakePayloads())
    logbook: FakeLogbook = field(default_factory=lambda: FakeLogbook())
    memory: FakeMemory = field(default_factory=lambda: FakeMemory())
    jobs: FakeJobs = field(default_factory=lambda: FakeJobs())
    directives: FakeDirectives = field(default_factory=lambda: FakeDirectives())
    keyring: FakeKeyring = field(default_factory=lambda: FakeKeyring())
    accounts: FakeAccounts = field(default_factory=lambda: FakeAccounts())
    fire_asked: int = 0
    fired: list[ResolvedDraft] = field(default_factory=list)
    calls: list[FakeCall] = field(default_factory=list)
    saved: dict[str, bytes] = field(default_factory=dict)
    lints: int = 0
    is_warm: bool = False
    is_local_warm: bool = False
    is_closed: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared: `fire` hangs, as when the local endpoint is slow to start."""

    def __post_init__(self) -> None:
        self.gate.set()
        self.jobs.bench = self

    async def load_catalogue(self) -> Catalogue:
        return self.catalogue

    async def warm_up(self) -> None:
        self.is_warm = True

    async def warm_up_local(self) -> None:
        self.is_local_warm = True

    async def resolve(self, entry: ProfileEntry, draft: Draft) -> ResolvedDraft | tuple[Finding, ...]:
        if self.unresolved:
            return self.unresolved
        text = draft.body if draft.body_kept is None else await self.payloads.text(draft.body_kept)
        return ResolvedDraft(draft.mode, draft.endpoint, draft.members, draft.headers, text.encode())

    async def fire(self, entry: ProfileEntry, draft: ResolvedDraft) -> Call:
        self.fire_asked += 1
        await self.gate.wait()
        if self.refusal is not None:
            raise self.refusal
        self.fired.append(draft)
        return self.next_call()

    def next_call(self) -> FakeCall:
        """Another call, noted."""
        self.calls.append(self.make_call())
        return self.calls[-1]

    def now(self) -> datetime:
        return NOW

    async def preview(self, entry: ProfileEntry, draft: ResolvedDraft) -> str:
        return f"POST /endpoints/{draft.endpoint}/invocations HTTP/1.1\nHost: localhost\n\n{draft.body.decode()}"

    async def lint(self, entry: ProfileEntry, draft: Draft) -> Sequence[Finding]:
        self.lints += 1
        return self.findings(draft)

    async def save_bytes(self, name: str, content: bytes) -> str:
        self.saved[name] = content
        return f"/somewhere/{name}"

    async def close(self) -> None:
        self.is_closed = True


def a_finding(**changes: object) -> Finding:
    """A warning about the Accept header."""
    fields: dict[str, object] = {
        "id": "accept-odd",
        "severity": Severity.WARNING,
        "where": "Accept",
        "message": "the model streams text/event-stream",
    }
    return Finding(**{**fields, **changes})  # type: ignore[arg-type]  # a builder takes any field
