"""Everything that can happen to one invocation, one frozen class each, and the `Call` that yields them.

`at` is always seconds since the call started, on a monotonic clock, stamped where bytes are read or written and never
in a view. The order is a promise: `Started` first, exactly one `Ended`, always last; the concatenated payloads of the
`PartArrived` events equal the body, whatever happened after. No decoding and no judgement belongs here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from smrt_tui.core.request import Headers, WireRequest


class FrameTimestamp(NamedTuple):
    """Header type 8: milliseconds since the epoch, kept as sent (any i64, also beyond `datetime`)."""

    milliseconds: int


class FrameUuid(NamedTuple):
    """Header type 9: sixteen bytes."""

    raw: bytes


HeaderValue: TypeAlias = bool | int | bytes | str | FrameTimestamp | FrameUuid
"""The value of an event-stream header. Integers keep their width in `FrameHeader.kind`."""


class FrameHeader(NamedTuple):
    """One typed header of an event-stream frame, in wire order."""

    name: str
    kind: int
    """The type byte, 0 to 9 (true, false, i8, i16, i32, i64, bytes, string, timestamp, uuid)."""
    value: HeaderValue


FrameHeaders: TypeAlias = tuple[FrameHeader, ...]


class Phase(StrEnum):
    """What the call is doing. A phase lasts from its mark to the next mark (or to `Ended`)."""

    CREDENTIALS = "credentials"
    SIGN = "sign"
    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    SEND_HEAD = "send-head"
    SEND_BODY = "send-body"
    WAIT = "wait"
    """From the last request byte written to the first response byte read."""
    RECEIVE = "receive"


class Started(Struct, frozen=True):
    """The call began. The request is as it was meant; `RequestSent` tells how it left."""

    at: float
    operation: str
    """The API's name, such as InvokeEndpointWithResponseStream."""
    request: WireRequest


class PhaseMarked(Struct, frozen=True):
    """A phase begins; the one before it ends."""

    at: float
    phase: Phase


class Signed(Struct, frozen=True):
    """What the signature was made of. Holds no secret: the signature itself is not kept."""

    at: float
    credential_source: str
    """Which step of the chain answered, such as `env`, `shared-credentials-file`, `sso`, `assume-role`, `local`."""
    access_key_id: str
    scope: str
    """`date/region/service/aws4_request`; empty when the call is anonymous."""
    signed_headers: tuple[str, ...]
    """Lower-case names, in the signature's order."""
    canonical_request: str
    string_to_sign: str
    payload_sha256: str
    has_session_token: bool
    expires_at: str | None
    """ISO 8601 end of temporary credentials, when the source tells it."""


class Connected(Struct, frozen=True):
    """A connection is there to send on: who is at the other end, how, and whether it had been used before."""

    at: float
    peer: str
    """`address:port` of the other end of the socket (a proxy's, where there is one)."""
    is_reused: bool
    tls_version: str | None
    tls_cipher: str | None


class RequestSent(Struct, frozen=True):
    """The request head exactly as it left through the socket, and how many body bytes followed it."""

    at: float
    head: bytes
    """Request line and header lines as written, secrets masked by `core.redact`, without the final blank line."""
    headers: Headers
    """The same headers as pairs, in wire order and case, secrets masked."""
    body_bytes: int


class HeadArrived(Struct, frozen=True):
    """Status line and headers of the answer, in wire order and wire case."""

    at: float
    http_version: str
    """`1.1` or `1.0`."""
    status: int
    reason: str
    headers: Headers


class PartArrived(NamedTuple):
    """A piece of the body: one PayloadPart frame of a stream, or one read of a plain body.

    The one event made by the hundred thousand a second: a tuple costs a third of a frozen dataclass and is as
    immutable. `at` is when the last byte of the part was read from the socket.
    """

    at: float
    number: int
    """Counts from 0, parts only."""
    payload: bytes
    """What the model sent, without framing. May end inside a UTF-8 sequence."""
    offset: int
    """Where the frame (or the piece) begins, in bytes from the start of the HTTP body."""
    headers: FrameHeaders
    """The frame's own headers; empty for a piece of a plain body."""
    prelude_crc: int
    """As received and checked; 0 for a piece of a plain body."""
    message_crc: int
    """As received and checked; 0 for a piece of a plain body."""


class FrameArrived(Struct, frozen=True):
    """A sound frame that is no PayloadPart: an exception, an error, an initial-response, an unknown event."""

    at: float
    offset: int
    headers: FrameHeaders
    payload: bytes
    prelude_crc: int
    message_crc: int


class FrameRejected(Struct, frozen=True):
    """Bytes that are not a sound frame. Nothing after them is decoded."""

    at: float
    reason: str
    """One of `client.frames.REJECTIONS`, such as `message-crc` or `truncated`."""
    message: str
    """What, where and how it differs, in a sentence."""
    offset: int
    """Bytes from the start of the HTTP body."""
    raw: bytes
    """The offending bytes, at most the first 4096 of them."""


class TrailersArrived(Struct, frozen=True):
    """Header fields after a chunked body."""

    at: float
    headers: Headers


class ServiceFault(Struct, frozen=True):
    """The service or the model answered with an error, as an HTTP status or inside a stream."""

    at: float
    code: str
    """The error's type, such as ModelError: `x-amzn-ErrorType` cut at `:` and `#`, or the exception's type."""
    error_code: str
    """The `ErrorCode` member of the body, which botocore drops; empty when there is none."""
    message: str
    status: int | None
    """HTTP status; None inside a stream."""
    original_status: int | None
    """OriginalStatusCode of a ModelError; may be 0 (the container gave no answer)."""
    original_message: str
    log_stream_arn: str


class TransportFault(Struct, frozen=True):
    """No answer, or not all of it: the network, the clock, the credentials or the protocol failed on our side."""

    at: float
    code: str
    """A row of `client.faults.FAULTS`, such as `connect-refused` or `read-timeout`."""
    message: str
    """What happened and where, in a sentence."""
    hint: str
    """What to do."""


class AttemptEnded(Struct, frozen=True):
    """This attempt failed and another follows after `delay_s` seconds."""

    at: float
    attempt: int
    """Counts from 1."""
    reason: str
    delay_s: float


class JobState(StrEnum):
    """The small life of an async invocation."""

    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    GAVE_UP = "gave-up"


class JobMoved(Struct, frozen=True):
    """An async job moved on, or was looked at once more (`waiting`)."""

    at: float
    state: JobState
    inference_id: str
    output_location: str
    failure_location: str
    detail: str
    """One sentence for a person."""


Outcome: TypeAlias = Literal["complete", "fault", "cancelled"]


class Ended(Struct, frozen=True):
    """The call is over. Exactly one, always last."""

    at: float
    outcome: Outcome


Event: TypeAlias = (
    Started
    | PhaseMarked
    | Signed
    | Connected
    | RequestSent
    | HeadArrived
    | PartArrived
    | FrameArrived
    | FrameRejected
    | TrailersArrived
    | ServiceFault
    | TransportFault
    | AttemptEnded
    | JobMoved
    | Ended
)


class Call(Protocol):
    """One running invocation: its events in order, and a way to stop it."""

    def __aiter__(self) -> AsyncIterator[Event]:
        """Every event, one by one, ending after `Ended`."""
        ...

    def batches(self) -> AsyncIterator[Sequence[Event]]:
        """The same events in the groups they came in (one socket read makes one batch). Read either, not both."""
        ...

    def cancel(self) -> None:
        """Ask it to stop. What arrived stays; `Ended(cancelled)` still comes. Twice is the same as once."""
        ...
