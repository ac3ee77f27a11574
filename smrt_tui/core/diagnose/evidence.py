"""What a rule may look at: one invocation as typed, as sent, as received. A value, made by `of_call`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct, field

from smrt_tui.core.container_words import plain_words, wrapped
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import FrameRejected, JobMoved, ServiceFault, Signed, TransportFault
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.request import Headers, header, media_type
from smrt_tui.core.service import Mode

REGION_IN_HOST = re.compile(r"\bsagemaker(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws|api\.aws)")

BODY_LOOK = 65_536
"""Bytes of the answer that rules look at."""


class StreamFacts(Struct, frozen=True):
    """What decoding the answer showed."""

    parts_cut_in_json: int = 0
    """Parts that end inside a JSON value."""
    parts_cut_in_character: int = 0
    """Parts that end inside a UTF-8 sequence."""
    parts_with_several_events: int = 0
    in_band_error: str = ""
    """The error that the model put inside a 200 answer; empty when there is none."""
    is_unterminated: bool = False
    """The stream ended without the mark that its format ends with."""
    is_buffered: bool = False
    """Everything came at once after a long silence."""
    guess: str = ""
    """How it was decoded, such as `auto: sse · openai-chat`."""


class Evidence(Struct, frozen=True):
    """One invocation, over and done with."""

    mode: Mode
    endpoint: str
    members: Mapping[str, str] = field(default_factory=dict)
    """Members of the API as set in the draft."""
    typed: Headers = ()
    """Free headers as typed."""
    sent: Headers = ()
    """Headers as they left, secrets masked; empty when nothing left."""
    host: str = ""
    """The host that was called."""
    body: bytes = b""
    """The request body."""
    signed: Signed | None = None
    status: int | None = None
    answered: Headers = ()
    answer: bytes = b""
    """The beginning of the answer's body."""
    service: ServiceFault | None = None
    transport: TransportFault | None = None
    rejected: FrameRejected | None = None
    jobs: tuple[JobMoved, ...] = ()
    parts: int = 0
    seconds: float = 0.0
    """From the first byte sent to the end."""
    has_failed: bool = False
    is_cancelled: bool = False
    stream: StreamFacts = StreamFacts()

    @property
    def code(self) -> str:
        """The error's type as the service named it; empty without one."""
        return "" if self.service is None else self.service.code

    @property
    def message(self) -> str:
        """The service's message and the container's, one after the other."""
        if self.service is None:
            return ""
        return "\n".join(filter(None, (self.service.message, self.service.original_message)))

    @property
    def original_status(self) -> int | None:
        """The container's own status inside a ModelError: OriginalStatusCode, or what SageMaker's sentence says."""
        if self.service is None or self.service.original_status is not None:
            return None if self.service is None else self.service.original_status
        told = wrapped(self.service.message)
        return None if told is None else told.status

    @property
    def container_words(self) -> str:
        """What the container itself said inside a ModelError, without the JSON or HTML around it; may be empty."""
        if self.service is None or not self.is_model_error:
            return ""
        told = wrapped(self.service.message)
        return plain_words(self.service.original_message or ("" if told is None else told.words))

    @property
    def is_model_error(self) -> bool:
        """Whether the container, not SageMaker, refused."""
        if self.service is None:
            return False
        is_told_so = self.code in ("ModelError", "ModelErrorException") or self.service.status == 424
        return is_told_so or wrapped(self.service.message) is not None

    @property
    def content_type(self) -> str:
        """The media type the request's payload was sent under; empty when none was."""
        name = "X-Amzn-SageMaker-Content-Type" if self.mode == "async" else "Content-Type"
        return media_type(self.members.get("ContentType") or header(self.typed, name))

    @property
    def accept(self) -> str:
        """The media type that was asked for; empty when none was."""
        name = "Accept" if self.mode == "sync" else "X-Amzn-SageMaker-Accept"
        return media_type(self.members.get("Accept") or header(self.typed, name))

    @property
    def region(self) -> str:
        """The region in the host's name; empty for a host that is not AWS's."""
        match = REGION_IN_HOST.search(self.host)
        return match[1] if match else ""

    @property
    def answer_type(self) -> str:
        """The media type of the answer: the model's inside a stream, else the HTTP one."""
        inner = header(self.answered, "X-Amzn-SageMaker-Content-Type") if self.mode == "stream" else None
        return media_type(inner or header(self.answered, "Content-Type"))


def of_call(recorder: Recorder, draft: ResolvedDraft, stream: StreamFacts) -> Evidence:
    """The evidence of a finished call."""
    attempt = recorder.attempt
    ended_at = recorder.ended.at if recorder.ended else 0.0
    sent_at = next((mark.at for mark in attempt.marks if mark.phase == "send-head"), 0.0)
    return Evidence(
        mode=draft.mode,
        endpoint=draft.endpoint,
        members=dict(draft.members),
        typed=draft.headers,
        sent=attempt.sent.headers if attempt.sent else (),
        host=(urlsplit(recorder.started.request.url).hostname or "") if recorder.started else "",
        body=draft.body,
        signed=attempt.signed,
        status=attempt.head.status if attempt.head else None,
        answered=attempt.head.headers if attempt.head else (),
        answer=bytes(recorder.parts.body[:BODY_LOOK]),
        service=recorder.service_fault,
        transport=recorder.transport_fault,
        rejected=recorder.rejected,
        jobs=tuple(recorder.jobs),
        parts=len(recorder.parts),
        seconds=max(0.0, ended_at - sent_at),
        has_failed=recorder.ended is not None and recorder.ended.outcome == "fault",
        is_cancelled=recorder.ended is not None and recorder.ended.outcome == "cancelled",
        stream=stream,
    )
