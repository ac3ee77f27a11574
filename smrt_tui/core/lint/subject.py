"""The subject: one request as the rules see it, made from a draft or from a resolved one. Judges nothing.

What only sending can tell (an environment variable, a file) is unknown here and None: a rule says nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.finding import Finding
from smrt_tui.core.profile import JsonValue, Profile
from smrt_tui.core.request import Headers, header, media_type
from smrt_tui.core.service import Member, Operation, Service
from smrt_tui.core.template import Sources, placeholders, resolve

UNTOLD = "…"
"""Stands for text that is known only when the request is sent."""


class Subject(Struct, frozen=True):
    """One request."""

    operation: Operation
    service: Service
    endpoint: str | None
    members: Mapping[str, str | None]
    headers: tuple[tuple[str, str | None], ...]
    """Free headers, in the order and case they were typed."""
    body: bytes | None
    """None: unknown, such as a file's. Only its beginning, where `body_size` says more."""
    body_size: int | None
    """Bytes that are sent, as far as that is known."""
    has_body: bool
    """Whether something will be sent as the body, known or not."""
    template: str | None
    """The body as typed, where it was typed."""
    uploads_body: bool
    """Whether the payload is put into S3 first, by the profile's `async: {input: s3://…}`."""

    @property
    def mode(self) -> str:
        """The mode that is fired."""
        return self.operation.mode

    def header(self, name: str) -> str | None:
        """The first known value of a free header, by name in any case."""
        return header(self.known_headers, name)

    @property
    def known_headers(self) -> Headers:
        """The free headers whose values are known."""
        return tuple((name, value) for name, value in self.headers if value is not None)

    def has_header(self, name: str) -> bool:
        """Whether a free header of that name was typed, in any case."""
        return any(typed.lower() == name.lower() for typed, _ in self.headers)

    def sent_as(self, member: str) -> str | None:
        """The header that carries a member in this operation; None when it has no such member."""
        found = self.operation.input(member)
        return found.header if found else None

    def is_set(self, member: str) -> bool:
        """Whether a member goes out: as itself, or as a free header of the right name."""
        name = self.sent_as(member)
        return name is not None and (member in self.members or self.has_header(name))

    @property
    def content_type(self) -> str:
        """The media type that the payload is sent under; empty when none is, or it is not known."""
        name = self.sent_as("ContentType")
        return media_type(self.members.get("ContentType") or (self.header(name) if name else None))

    def set_members(self) -> Iterator[tuple[str, Member, str]]:
        """Every member of this operation with a known value: where it was set, what it is, the value."""
        for name, value in self.members.items():
            member = self.operation.input(name)
            if member is not None and value is not None:
                yield name, member, value
        for typed, value in self.known_headers:
            member = self.operation.input_by_header(typed)
            if member is not None:
                yield typed, member, value


def subject_of(
    draft: Draft, profile: Profile, service: Service, unseen: int = 0
) -> tuple[Subject, tuple[Finding, ...]]:
    """A draft's subject, and a finding for every placeholder that has no value.

    `unseen` is how many bytes follow the body that the draft has.
    """
    filled = resolve(draft, _AS_IF)
    is_own_body = draft.body_file is None and draft.body_kept is None
    body = filled.body if is_own_body and isinstance(filled, ResolvedDraft) else None
    subject = Subject(
        operation=service.operation(draft.mode),
        service=service,
        endpoint=_known(draft.endpoint, draft),
        members={name: _known(value, draft) for name, value in draft.members},
        headers=tuple((name, _known(value, draft)) for name, value in draft.headers),
        body=body,
        body_size=None if body is None else len(body) + unseen,
        has_body=bool(draft.body) or not is_own_body,
        template=draft.body if is_own_body else None,
        uploads_body=_uploads(profile),
    )
    return subject, () if isinstance(filled, ResolvedDraft) else filled


def subject_of_resolved(draft: ResolvedDraft, profile: Profile, service: Service) -> Subject:
    """The subject of what is about to be sent: nothing about it is unknown."""
    return Subject(
        operation=service.operation(draft.mode),
        service=service,
        endpoint=draft.endpoint,
        members=dict(draft.members),
        headers=draft.headers,
        body=draft.body,
        body_size=len(draft.body),
        has_body=bool(draft.body),
        template=None,
        uploads_body=_uploads(profile),
    )


def _uploads(profile: Profile) -> bool:
    return profile.async_.input != "inline"


class _AnyEnvironment(dict[str, str]):
    """Has every variable: which of them are set is known where the request is sent."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return UNTOLD


_AS_IF = Sources(
    environ=_AnyEnvironment(),
    read_base64=lambda path: "",
    read_file=lambda path: b"",
    read_kept=lambda kept: b"",
    new_uuid=lambda: "00000000-0000-4000-8000-000000000000",
    now=lambda: "2000-01-01T00:00:00+00:00",
)
"""Fills every placeholder that can have a value at all, so that the rest can be judged."""


def _known(value: str, draft: Draft) -> str | None:
    """The value that goes out; None when a placeholder in it has no value yet, or gets it only when sending."""
    found = placeholders(value)
    if not found:
        return value
    variables: Mapping[str, JsonValue] = dict(draft.variables)
    if any(argument is not None or name not in variables for name, argument in found):
        return None
    only = Draft(mode=draft.mode, endpoint=value, variables=draft.variables)
    filled = resolve(only, _AS_IF)
    return filled.endpoint if isinstance(filled, ResolvedDraft) else None
