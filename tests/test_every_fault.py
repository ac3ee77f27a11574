"""Every fault of the local endpoint through our own client: the verdict, the name of what happened, the explanation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec import Struct
from msgspec.structs import replace

from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.diagnose import diagnose
from smrt_tui.core.diagnose.evidence import of_call
from smrt_tui.core.diagnose.facts import stream_facts
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.profile import AsyncOptions, ClientOptions
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.core.service import Mode
from smrt_tui.core.target import StaticCredentials, Target
from smrt_tui.local.endpoints import single
from smrt_tui.local.faults import FAULTS
from tests.local.running import CREDENTIALS, Running, Scripted, running
from tests.outside.outcomes import BETTER, FLUSHES, is_same, ours
from tests.outside.outcomes import expected as expected_of


class Outcome(Struct, frozen=True):
    """What a person and a script are told."""

    verdict: Verdict
    code: str = ""
    """Of the service's fault, the rejected frame or the transport's fault, whichever came first."""
    rule: str = ""
    """The first explanation."""
    parts: int | None = None
    """How many arrived, where that is no chance."""


DONE = Verdict.COMPLETE
REFUSED = Verdict.ANSWERED_WITH_ERROR
BROKE = Verdict.BROKE
NO_ANSWER = Verdict.NO_ANSWER

STREAM = {
    "slow-first-byte": Outcome(DONE, parts=5),
    "slow-first-part": Outcome(DONE, parts=5),
    "stall": Outcome(BROKE, "read-timeout", "R10", 3),
    "stream-timeout": Outcome(BROKE, "ModelStreamError", "R36", 3),
    "stream-broken": Outcome(BROKE, "ModelStreamError", "R36", 3),
    "internal-stream-failure": Outcome(BROKE, "InternalStreamFailure", "R36", 3),
    "unmodelled-exception": Outcome(BROKE, "ThrottlingException", "R16", 3),
    "error-frame": Outcome(BROKE, "InternalError", "R36", 3),
    "unknown-event": Outcome(DONE, parts=5),
    "initial-response": Outcome(DONE, parts=5),
    "truncated-frame": Outcome(BROKE, "truncated", "R37", 3),
    "bad-crc": Outcome(BROKE, "message-crc", "R37", 3),
    "bad-prelude-crc": Outcome(BROKE, "prelude-crc", "R37", 3),
    "cut": Outcome(BROKE, "chunk-cut", "R37", 3),
    "reset": Outcome(BROKE, "connection-reset", "R37"),
    "html": Outcome(BROKE, "not-an-event-stream", "R53"),
    "gzip": Outcome(BROKE, "not-an-event-stream", "R54"),
}

BOTH = {
    "slow-first-byte": Outcome(DONE),
    "hang-up": Outcome(NO_ANSWER, "no-answer"),
    "html": Outcome(DONE),
    "gzip": Outcome(DONE),
    "wrong-length": Outcome(BROKE, "length-short", "R37"),
    "model-error": Outcome(REFUSED, "ModelError", "R45"),
    "model-timeout": Outcome(REFUSED, "ModelError", "R09"),
    "model-gone": Outcome(REFUSED, "ModelError", "R11"),
    "throttle": Outcome(REFUSED, "ThrottlingException", "R16"),
    "cold-model": Outcome(REFUSED, "ModelNotReadyException", "R17"),
    "no-capacity": Outcome(REFUSED, "ValidationError", "R03"),
    "too-large": Outcome(REFUSED, "413", "R12"),
    "internal-failure": Outcome(REFUSED, "InternalFailure", "R56"),
    "unavailable": Outcome(REFUSED, "503", "R56"),
    "dependency-failure": Outcome(REFUSED, "InternalDependencyException", "R55"),
    "access-denied": Outcome(REFUSED, "AccessDeniedException", "R18"),
    "expired-token": Outcome(REFUSED, "ExpiredTokenException", "R20"),
    "clock-skew": Outcome(REFUSED, "InvalidSignatureException", "R21a"),
}

ASYNC = {
    "async-slow": Outcome(DONE),
    "async-failing": Outcome(REFUSED, "AsyncInferenceFailed", "R45"),
    "async-expiring": Outcome(REFUSED, "AsyncInferenceFailed", "job-failed"),
    "async-never": Outcome(NO_ANSWER, "gave-up", "R30"),
}

QUICK = {"slow-first-byte": "0.05", "slow-first-part": "0.05", "async-slow": "0.1", "async-expiring": "0.1"}
"""Seconds instead of the rows' own."""

IN_THE_CONTAINER = {"in-band"}
"""Done by the chat container, and told where it is tested."""


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running({"echo": single("echo", Scripted(FLUSHES, headers=(("Content-Type", "text/plain"),)))}) as it:
        yield it


async def fired(server: Running, mode: Mode, attributes: str) -> Outcome:
    client = RuntimeClient({})
    draft = ResolvedDraft(
        mode,
        "echo",
        (("ContentType", "application/json"), ("CustomAttributes", attributes)),
        (),
        b"{}",
    )
    target = Target(
        region="us-east-1",
        endpoint_url=server.url,
        s3_endpoint_url=server.url,
        credentials=StaticCredentials(CREDENTIALS.access_key, CREDENTIALS.secret_key),
        client=ClientOptions(read_timeout=1),
        async_options=AsyncOptions(poll=0.05, give_up=1.5),
    )
    recorder, decoder = Recorder(), Decoder()
    async for batch in client.invoke(draft, target).batches():
        recorder.add(batch)
    await client.close()
    for number, payload in enumerate(recorder.parts.payloads()):
        decoder.push(payload, number, recorder.parts.times[number])
    decoder.close()
    findings = diagnose(of_call(recorder, draft, stream_facts(decoder, recorder)))
    return Outcome(recorder.verdict, _code(recorder), findings[0].id if findings else "", len(recorder.parts))


def _code(recorder: Recorder) -> str:
    if recorder.service_fault is not None:
        return recorder.service_fault.code
    if recorder.rejected is not None:
        return recorder.rejected.reason
    return recorder.transport_fault.code if recorder.transport_fault is not None else ""


def cases() -> Iterator[tuple[str, Mode, Outcome]]:
    for fault in FAULTS:
        for mode in fault.modes:
            if fault.name in IN_THE_CONTAINER:
                continue
            if mode == "async" and fault.name not in ASYNC:
                continue
            table = {"sync": BOTH, "stream": {**BOTH, **STREAM}, "async": ASYNC}[mode]
            yield fault.name, mode, table[fault.name]


@pytest.mark.parametrize(
    ("fault", "mode", "expected"), cases(), ids=lambda value: value if isinstance(value, str) else ""
)
async def test_a_fault_is_named_and_explained(server: Running, fault: str, mode: Mode, expected: Outcome) -> None:
    amount = f"@{QUICK[fault]}s" if fault in QUICK else ""
    seen = await fired(server, mode, f"fault={fault}{amount}")
    assert replace(seen, parts=None if expected.parts is None else seen.parts) == expected


@pytest.mark.parametrize(
    ("mode", "fault"), [(mode, row.name) for row in FAULTS for mode in row.modes if mode in ("sync", "stream")]
)
def test_the_outcome_is_boto3s_or_a_documented_better_one(mode: str, fault: str) -> None:
    agrees = is_same(ours(mode, fault), expected_of(mode, fault, "boto3"))
    assert agrees != ((mode, fault) in BETTER)
