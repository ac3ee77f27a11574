"""The draft: one request as a person writes it, before templates are resolved and anything is sent.

A `Draft` is text with placeholders; a `ResolvedDraft` is the same with every placeholder replaced and the body as
bytes. Both are values; editing makes another one. No file is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from smrt_tui.core.finding import (
    DropHeader,
    DropMember,
    Fix,
    RaiseReadTimeout,
    RefreshCredentials,
    RenameHeader,
    ReplaceBody,
    SetMember,
    SwitchMode,
)
from smrt_tui.core.service import MODES, Mode

if TYPE_CHECKING:  # the screen's first frame needs drafts, and no profile
    from smrt_tui.core.kept_text import KeptText
    from smrt_tui.core.profile import JsonValue, Payload, Profile


class Draft(Struct, frozen=True):
    """One request as written."""

    mode: Mode
    endpoint: str
    members: tuple[tuple[str, str], ...] = ()
    """API member names and values, without EndpointName and Body, in the order they were written."""
    headers: tuple[tuple[str, str], ...] = ()
    """Any other header, sent as typed, duplicates kept."""
    body: str = ""
    """The payload template. Not used when `body_file` or `body_kept` is set."""
    body_file: str | None = None
    """A file sent byte for byte, no placeholders replaced; relative to the profile's folder."""
    variables: tuple[tuple[str, JsonValue], ...] = ()
    members_off: tuple[tuple[str, str], ...] = ()
    """Members that are switched off: kept with the draft, never sent."""
    headers_off: tuple[tuple[int, str, str], ...] = ()
    """Headers that are switched off, each with its place among all headers as they are written."""
    body_kept: KeptText | None = None
    """The payload template, where it is too large to be edited: `body` is empty then. Not used with a `body_file`."""

    def member(self, name: str) -> str | None:
        """The value of a member, None when it is not set."""
        return dict(self.members).get(name)

    def with_member(self, name: str, value: str | None) -> Draft:
        """The same draft with a member set, in place when it was there, or (None) taken away."""
        members = dict(self.members)
        if value is None:
            members.pop(name, None)
        else:
            members[name] = value
        off = tuple(pair for pair in self.members_off if pair[0] != name)
        return replace(self, members=tuple(members.items()), members_off=off)

    def with_variable(self, name: str, value: JsonValue) -> Draft:
        """The same draft with a variable set."""
        return replace(self, variables=tuple({**dict(self.variables), name: value}.items()))

    def with_body(self, text: str) -> Draft:
        """The same draft with this text as its payload."""
        return replace(self, body=text, body_file=None, body_kept=None)


class ResolvedDraft(Struct, frozen=True):
    """One request ready to become a wire request: no placeholder left, body as bytes."""

    mode: Mode
    endpoint: str
    members: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes


def draft_of(profile: Profile, payload: Payload | None = None, mode: Mode | None = None) -> Draft:
    """The draft that a profile and one of its payloads stand for; the first payload when none is named.

    The payload's own mode and members win over the profile's.
    """
    chosen = payload or (profile.payloads[0] if profile.payloads else None)
    request: dict[str, str] = dict(profile.request)
    headers = list(profile.header_pairs)
    if chosen is not None:
        request.update(chosen.request)
        headers += chosen.header_pairs
    return Draft(
        mode=mode or (chosen.mode if chosen and chosen.mode else profile.mode),
        endpoint=profile.endpoint,
        members=tuple(request.items()),
        headers=tuple(headers),
        body="" if chosen is None or chosen.body is None else chosen.body,
        body_file=None if chosen is None else chosen.body_file,
        variables=tuple(_variables(profile.variables, chosen).items()),
    )


def _variables(shared: Mapping[str, JsonValue], payload: Payload | None) -> dict[str, JsonValue]:
    return {**shared, **(payload.variables if payload else {})}


def same_request(one: Draft, other: Draft) -> bool:
    """Whether both drafts say the same, be the text of one in a file by now."""
    if one == other or (one.body_kept is None) is (other.body_kept is None):
        return one == other
    bare = (replace(draft, body="", body_kept=None) for draft in (one, other))
    return next(bare) == next(bare) and _digest(one) == _digest(other)


def _digest(draft: Draft) -> str:
    from smrt_tui.core.kept_text import digest_of, text_bytes

    return draft.body_kept.digest if draft.body_kept is not None else digest_of(text_bytes(draft.body))


def apply_fix(draft: Draft, fix: Fix) -> Draft:
    """The draft after a finding's own repair; the same one where the repair is about something else."""
    match fix:
        case SetMember(name, value):
            return draft.with_member(name, value)
        case DropMember(name):
            return draft.with_member(name, None)
        case RenameHeader(old, new):
            renamed = tuple((new if k.lower() == old.lower() else k, v) for k, v in draft.headers)
            return replace(draft, headers=renamed)
        case DropHeader(name):
            kept = tuple((k, v) for k, v in draft.headers if k.lower() != name.lower())
            return replace(draft, headers=kept)
        case SwitchMode(mode):
            return replace(draft, mode=next(m for m in MODES if m == mode))
        case ReplaceBody(body):
            return draft.with_body(body)
        case RaiseReadTimeout() | RefreshCredentials():
            return draft
