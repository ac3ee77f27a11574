"""The header table: one row a header, from what was typed to what was answered, with the reason for each difference.

`header_table` builds it from the record of one call; `seen_by_container` finds out what the container really saw, where
somebody told. Where nobody did, the column says what the service documents. Secrets come masked, and stay so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from msgspec import Struct

from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import Signed
from smrt_tui.core.forwarding import SAW_HEADER, added_by_sagemaker, container_header
from smrt_tui.core.markdown_table import markdown_table
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.redact import masked_headers
from smrt_tui.core.request import Headers, header
from smrt_tui.core.service import Member, Operation, Service

COLUMNS = ("Header", "typed", "signed", "sent", "container", "answered", "why")

_SIGNERS = ("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256")
_MOST_BODY = 1 << 20
"""Bytes of an answer that are looked at for an echo."""


class Seen(Struct, frozen=True):
    """The headers that a container got."""

    headers: Headers
    source: str
    """Who says so."""


class HeaderRow(Struct, frozen=True):
    """One header on its way. None where a stage has none of that name."""

    name: str
    typed: str | None = None
    signed: bool | None = None
    """Whether the signature covers it; None for a header that was not sent, or a call that was not signed."""
    sent: str | None = None
    container: str | None = None
    answered: str | None = None
    why: tuple[str, ...] = ()
    """A sentence for each difference between the stages."""

    @property
    def differs(self) -> bool:
        """Whether one stage on the way to the container has it otherwise than another."""
        return bool(self.why) and (self.typed, self.sent, self.container) != (None, None, None)

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, in the order of `COLUMNS`."""
        signed = "" if self.signed is None else "yes" if self.signed else "no"
        stages = (self.typed or "", signed, self.sent or "", self.container or "", self.answered or "")
        return (self.name, *stages, "; ".join(self.why))


class HeaderTable(Struct, frozen=True):
    """All rows: what was typed first, then what others added, then what only the answer has."""

    rows: tuple[HeaderRow, ...]
    container_source: str
    """Where the container's column comes from."""

    def as_markdown(self) -> str:
        """The table for pasting into an issue."""
        table = markdown_table(COLUMNS, [row.cells for row in self.rows])
        return f"{table}\nThe column *container* is {self.container_source}.\n"


def header_table(recorder: Recorder, draft: ResolvedDraft, service: Service) -> HeaderTable:
    """The table of one call, finished or not."""
    operation = service.operation(draft.mode)
    attempt = recorder.attempt
    sent = attempt.sent.headers if attempt.sent else ()
    seen = seen_by_container(recorder)
    stages = _Stages(operation, draft, attempt.signed, sent, seen, _answered(recorder))
    source = f"told by {seen.source}" if seen else "what the service documents, since nobody told what it saw"
    return HeaderTable(tuple(stages.rows()), source)


def _answered(recorder: Recorder) -> Headers:
    headers = recorder.head.headers if recorder.head else ()
    return tuple((name, value) for name, value in masked_headers(headers) if name.lower() != SAW_HEADER.lower())


def seen_by_container(recorder: Recorder) -> Seen | None:
    """What the container saw: from the local endpoint's word, or from an echoing container's answer."""
    if recorder.head is not None and (told := header(recorder.head.headers, SAW_HEADER)) is not None:
        pairs = _pairs(_parsed(told))
        return None if pairs is None else Seen(pairs, f"the local endpoint, in its header {SAW_HEADER}")
    echoed = _parsed(bytes(recorder.parts.body)) if recorder.parts.total <= _MOST_BODY else None
    if not isinstance(echoed, dict) or "path" not in echoed:
        return None
    pairs = _pairs(echoed.get("headers"))
    return None if pairs is None else Seen(pairs, "the container itself, which echoes its request")


def _parsed(text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _pairs(value: object) -> Headers | None:
    if not isinstance(value, list):
        return None
    pairs = [(pair[0], pair[1]) for pair in value if isinstance(pair, list) and len(pair) == 2]
    is_text = all(isinstance(name, str) and isinstance(text, str) for name, text in pairs)
    return tuple(pairs) if is_text and len(pairs) == len(value) else None


class _Stages(Struct, frozen=True):
    """The five stages of one call's headers."""

    operation: Operation
    draft: ResolvedDraft
    signed: Signed | None
    sent: Headers
    seen: Seen | None
    answered: Headers

    def rows(self) -> Iterator[HeaderRow]:
        """Every header once, by its name as sent."""
        told: set[str] = set()
        for name, value in self.draft.members:
            row = self._member(name, value)
            told.add(row.name.lower())
            yield row
        for name, value in masked_headers(self.draft.headers):
            told.add(name.lower())
            yield self._free(name, value)
        for name, value in self.sent:
            if name.lower() not in told:
                told.add(name.lower())
                yield self._row(name, None, value, _who_added(name))
        yield from self._of_the_others(told)

    def _of_the_others(self, told: set[str]) -> Iterator[HeaderRow]:
        from_sent = {target.lower() for name, _ in self.sent if (target := self._target(name)) is not None}
        added = self.seen.headers if self.seen else added_by_sagemaker(self.operation)
        for name, value in added:
            if name.lower() not in told and name.lower() not in from_sent:
                told.add(name.lower())
                yield HeaderRow(name, container=value, why=("added by SageMaker",))
        for name, _ in self.answered:
            if name.lower() not in told:
                told.add(name.lower())
                yield HeaderRow(name, answered=self._answer(name), why=(self._who_answered(name),))

    def _member(self, name: str, value: str) -> HeaderRow:
        member = self.operation.input(name)
        if member is None or member.header is None:
            return HeaderRow(name, typed=value, why=(f"not sent: {self.operation.name} has no {name}",))
        return self._row(member.header, f"{value} ({name})" if member.header != name else value, value)

    def _free(self, name: str, value: str) -> HeaderRow:
        return self._row(name, value, value)

    def _row(self, name: str, typed: str | None, value: str, *why: str) -> HeaderRow:
        sent = ", ".join(found for key, found in self.sent if key.lower() == name.lower()) or header(self.sent, name)
        container, reasons = self._at_container(name, value) if sent is not None else (None, ())
        if sent is None and self.sent:
            reasons = ("not sent",)
        return HeaderRow(
            name=name,
            typed=typed,
            signed=self._is_signed(name) if sent is not None else None,
            sent=sent,
            container=container,
            answered=self._answer(name),
            why=(*why, *reasons),
        )

    def _is_signed(self, name: str) -> bool | None:
        if self.signed is None or not self.signed.scope:
            return None
        return name.lower() in self.signed.signed_headers

    def _target(self, name: str) -> str | None:
        member = self.operation.input_by_header(name)
        return None if member is None else container_header(member)

    def _at_container(self, name: str, value: str) -> tuple[str | None, tuple[str, ...]]:
        """What the container has of it, and why it is not the same."""
        member = self.operation.input_by_header(name)
        target = None if member is None else container_header(member)
        if target is None:
            found = header(self.seen.headers, name) if self.seen else None
            return found, () if found is not None else _stripped(name, member)
        found = header(self.seen.headers, target) if self.seen else value
        if found is None:
            return None, ("documented to reach the container, and it did not",)
        reasons = () if found == value else (f"the container has another value: {found}",)
        if target.lower() == name.lower():
            return found, reasons
        return f"{found} (as {target})", (f"renamed: the container sees it as {target}", *reasons)

    def _answer(self, name: str) -> str | None:
        values = [value for key, value in self.answered if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    def _who_answered(self, name: str) -> str:
        member = next((m for m in self.operation.outputs if m.header and m.header.lower() == name.lower()), None)
        if member is not None and member.name in ("ContentType", "CustomAttributes", "NewSessionId", "ClosedSessionId"):
            return f"from the container, by SageMaker as {member.name}"
        return "added by SageMaker" if name.lower().startswith("x-amzn-") else "of the HTTP answer"


def _who_added(name: str) -> str:
    return "added by the signer" if name.lower() in _SIGNERS else "added by the transport"


_OF_THIS_HOP = ("host", "content-length", "accept-encoding", "user-agent", "connection", "amz-sdk-request")


def _stripped(name: str, member: Member | None) -> tuple[str, ...]:
    if member is not None:
        return ("read by SageMaker, not handed on",)
    if name.lower() in (*_SIGNERS, *_OF_THIS_HOP):
        return ()  # of this hop alone: nobody expects them further on
    return ("stripped: no member of this operation",)
