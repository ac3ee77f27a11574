"""What each outside client makes of each fault, as one sentence a cell: the expectation of the tests and the document.

`python -m tests.outside.outcomes` writes `docs/outside-clients.md` from these tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from smrt_tui.local.faults import FAULTS

FLUSHES = (b"one ", b"two ", b"three ", b"four ", b"five ")
"""What the container of these tests sends."""

DOCUMENT = Path(__file__).parents[2] / "docs" / "outside-clients.md"

COMPLETE = "complete"
FOREIGN = "complete, with bytes that are not the model's"
CUT_OFF = "ends after 3 parts as if it were complete"

Table: TypeAlias = Mapping[str, tuple[str, str, str]]
"""Fault -> what boto3, the JavaScript SDK v3 and the JavaScript SDK v2 make of it."""


def outcome(error: str, parts: Sequence[bytes], *, is_reset: bool = False) -> str:
    """What a client saw, in words. How much a reset destroys on its way is chance."""
    whole, joined = b"".join(FLUSHES), b"".join(parts)
    if not error:
        if joined == whole:
            return COMPLETE
        return f"ends after {len(parts)} parts as if it were complete" if whole.startswith(joined) else FOREIGN
    if is_reset and whole.startswith(joined):
        return f"up to 3 parts, then {error}"
    return f"{len(parts)} parts, then {error}" if parts else error


STREAM: Table = {
    "slow-first-byte": (COMPLETE, COMPLETE, COMPLETE),
    "slow-first-part": (COMPLETE, COMPLETE, COMPLETE),
    "stall": ("3 parts, then ReadTimeoutError", "3 parts, then Error", "3 parts, then TimeoutError"),
    "stream-timeout": (
        "3 parts, then EventStreamError (ModelStreamError)",
        "3 parts, then ModelStreamError",
        CUT_OFF,
    ),
    "stream-broken": (
        "3 parts, then EventStreamError (ModelStreamError)",
        "3 parts, then ModelStreamError",
        CUT_OFF,
    ),
    "internal-stream-failure": (
        "3 parts, then EventStreamError (InternalStreamFailure)",
        "3 parts, then InternalStreamFailure",
        CUT_OFF,
    ),
    "unmodelled-exception": (
        "3 parts, then EventStreamError (no code)",
        "3 parts, then ThrottlingException",
        CUT_OFF,
    ),
    "error-frame": (
        "3 parts, then EventStreamError (InternalError)",
        "3 parts, then InternalError",
        "3 parts, then InternalError",
    ),
    "unknown-event": (COMPLETE, COMPLETE, COMPLETE),
    "initial-response": (COMPLETE, COMPLETE, COMPLETE),
    "truncated-frame": (CUT_OFF, "3 parts, then Error", "3 parts, then Error"),
    "bad-crc": ("3 parts, then ChecksumMismatch", "3 parts, then Error", "3 parts, then Error"),
    "bad-prelude-crc": ("3 parts, then ChecksumMismatch", "3 parts, then Error", "3 parts, then Error"),
    "cut": ("3 parts, then ProtocolError", "3 parts, then Error", "3 parts, then ECONNRESET"),
    "reset": ("up to 3 parts, then ProtocolError", "up to 3 parts, then Error", "up to 3 parts, then ECONNRESET"),
    "html": ("ChecksumMismatch", "Error", "Error"),
    "gzip": ("ChecksumMismatch", "Error", "Error"),
    "in-band": (COMPLETE, COMPLETE, COMPLETE),
}
"""Streamed invocations. Every fault not named here is the same as in `SYNC`."""

SYNC: Table = {
    "slow-first-byte": (COMPLETE, COMPLETE, COMPLETE),
    "hang-up": ("ConnectionClosedError", "TimeoutError", "TimeoutError"),
    "html": (FOREIGN, FOREIGN, FOREIGN),
    "gzip": (FOREIGN, FOREIGN, FOREIGN),
    "wrong-length": ("ProtocolError", "Error", "nothing ever happens"),
    "model-error": ("ModelError", "ModelError", "ModelError"),
    "model-timeout": ("ModelError", "ModelError", "ModelError"),
    "model-gone": ("ModelError", "ModelError", "ModelError"),
    "throttle": ("ClientError (ThrottlingException)", "ThrottlingException", "ThrottlingException"),
    "cold-model": ("ModelNotReadyException", "ModelNotReadyException", "ModelNotReadyException"),
    "no-capacity": ("ValidationError", "ValidationError", "ValidationError"),
    "too-large": ("ClientError (413)", "SyntaxError", "UnknownError"),
    "internal-failure": ("InternalFailure", "InternalFailure", "InternalFailure"),
    "unavailable": ("ClientError (503)", "SyntaxError", "UnknownError"),
    "dependency-failure": (
        "InternalDependencyException",
        "InternalDependencyException",
        "InternalDependencyException",
    ),
    "access-denied": ("ClientError (AccessDeniedException)", "AccessDeniedException", "AccessDeniedException"),
    "expired-token": ("ClientError (ExpiredTokenException)", "ExpiredTokenException", "ExpiredTokenException"),
    "clock-skew": (
        "ClientError (InvalidSignatureException)",
        "InvalidSignatureException",
        "InvalidSignatureException",
    ),
    "in-band": (COMPLETE, COMPLETE, COMPLETE),
}
"""Sync invocations, each with one attempt."""

AIOBOTOCORE: Mapping[tuple[str, str], str] = {
    ("stream", "stall"): "3 parts, then SocketTimeoutError",
    ("stream", "cut"): "3 parts, then ClientPayloadError",
    ("stream", "reset"): "up to 3 parts, then ClientPayloadError",
    ("sync", "wrong-length"): "ClientPayloadError",
}
"""Where aiobotocore differs from boto3: in what aiohttp raises."""

NO_CODE = "exit code 255 without an error code"
AWS_CLI: Mapping[str, str] = {"hang-up": NO_CODE, "wrong-length": NO_CODE}
"""Where the AWS CLI, which has no command for streams, prints something else than the code that boto3 has."""

CLIENTS = ("boto3", "JavaScript SDK v3", "JavaScript SDK v2")
COLUMNS: Mapping[str, Sequence[str]] = {
    "stream": ("boto3", "aiobotocore", "JavaScript SDK v3", "JavaScript SDK v2"),
    "sync": ("boto3", "aiobotocore", "AWS CLI", "JavaScript SDK v3", "JavaScript SDK v2"),
}
"""The clients of each table of the document."""


def expected(mode: str, fault: str, client: str) -> str:
    """The cell of a table."""
    row = STREAM[fault] if mode == "stream" and fault in STREAM else SYNC[fault]
    if client == "aiobotocore":
        return AIOBOTOCORE.get((mode, fault), row[0])
    if client == "AWS CLI":
        return AWS_CLI.get(fault, row[0].removeprefix("ClientError (").removesuffix(")"))
    return row[CLIENTS.index(client)]


def ours(mode: str, fault: str) -> str:
    """What this project's own client makes of it, in the words of the other columns, as `test_every_fault` holds it."""
    from smrt_tui.core.recorder import Verdict
    from tests.test_every_fault import BOTH, IN_THE_CONTAINER
    from tests.test_every_fault import STREAM as STREAMED

    if fault in IN_THE_CONTAINER:
        return COMPLETE
    row = {**BOTH, **STREAMED}[fault] if mode == "stream" else BOTH[fault]
    if row.verdict is Verdict.COMPLETE:
        return FOREIGN if expected(mode, fault, "boto3") == FOREIGN else COMPLETE
    if mode == "stream" and fault == "reset":
        return f"up to 3 parts, then {row.code}"
    return f"{row.parts} parts, then {row.code}" if row.parts else row.code


SAME_NAME: Mapping[str, str] = {
    "read-timeout": "ReadTimeoutError",
    "chunk-cut": "ProtocolError",
    "length-short": "ProtocolError",
    "connection-reset": "ProtocolError",
    "message-crc": "ChecksumMismatch",
    "prelude-crc": "ChecksumMismatch",
    "not-an-event-stream": "ChecksumMismatch",
    "no-answer": "ConnectionClosedError",
}
"""Our name of a local failure -> boto3's."""

BETTER: Mapping[tuple[str, str], str] = {
    ("stream", "unmodelled-exception"): "the exception keeps its name, which boto3 loses",
    ("stream", "truncated-frame"): "a stream that ends inside a frame is told as cut; boto3 takes it for complete",
}
"""Where our outcome is another one than boto3's, and why."""


def is_same(ours: str, boto3: str) -> bool:
    """Whether two cells tell the same: as many parts, and the same failure under either name."""
    our_parts, _, our_name = ours.rpartition("then ")
    parts, _, name = boto3.rpartition("then ")
    return our_parts == parts and SAME_NAME.get(our_name, our_name) in (name, name.partition("(")[2].rstrip(")"))


def document() -> str:
    """The whole of `docs/outside-clients.md`."""
    return "\n".join(
        (
            "# What other clients see",
            "",
            "The local endpoint speaks to any AWS SDK. This is what five clients make of each fault in one attempt,",
            "beside smrt-tui itself: boto3 1.44.5, aiobotocore 3.10.0, AWS CLI 1.46.3,",
            "@aws-sdk/client-sagemaker-runtime 3.1164.0 and aws-sdk 2.1693.0. The tests in `tests/outside` hold these",
            "tables, and `python -m tests.outside.outcomes` writes them here. aiobotocore and the AWS CLI pin another",
            "botocore than this project has, so `make judges` gives each an environment of its own; the others are in",
            "`make test`.",
            "",
            *_chapter("Streams", "stream"),
            "",
            *_chapter("Sync invocations", "sync"),
            "",
            "## Where smrt-tui differs from boto3",
            "",
            "It keeps what arrived and names the same failure by its own code, but for these:",
            "",
            *(f"- `{fault}` ({mode}): {why}." for (mode, fault), why in BETTER.items()),
            "",
            *_REMARKS,
            "",
        )
    )


def _chapter(title: str, mode: str) -> list[str]:
    names, clients = [row.name for row in FAULTS if mode in row.modes], COLUMNS[mode]
    cells = [(f"`{name}`", ours(mode, name), *(expected(mode, name, client) for client in clients)) for name in names]
    table = [("fault", "smrt-tui", *clients), ("---",) * (len(clients) + 2), *cells]
    return [f"## {title}", "", *("| " + " | ".join(line) + " |" for line in table)]


_REMARKS = (
    "## What to know",
    "",
    "- An exception in the middle of a stream is dropped by the SDK v2: the answer looks complete.",
    "- A stream that ends inside a frame looks complete to boto3.",
    "- boto3 loses the `ErrorCode` of a `ValidationError` and of a `ModelStreamError`; the SDK v3 keeps it.",
    "- `ReadTimeoutError`, `ProtocolError` and `ChecksumMismatch` are no `ClientError` of botocore's: catch them too.",
    "- A gzipped body, or a proxy's page with status 200, arrives as if it were the model's answer.",
    "- A body that is shorter than its Content-Length leaves a promise of the SDK v2 unsettled for ever.",
    "- The SDK v3 corrects its clock after the first `InvalidSignatureException`; boto3 does not.",
    "- The SDK v2 sends the body `{}` with every async invocation, which is one input too many beside `InputLocation`.",
    "  Empty it: `request.on('build', ({ httpRequest }) => { httpRequest.body = '' })`.",
    "- botocore reads the region from `AWS_DEFAULT_REGION`, not from `AWS_REGION`; the local endpoint exports both.",
    "- The SDK v2 does not read `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`: give its constructor the `endpoint`.",
)


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(document(), encoding="utf-8")
