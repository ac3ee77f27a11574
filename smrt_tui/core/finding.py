"""A finding: something a person should know about a request, a profile or an answer. A value, never an exception."""

from __future__ import annotations

from enum import IntEnum
from typing import TypeAlias

from msgspec import Struct


class Severity(IntEnum):
    """How bad it is; sorts worst last."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


class SetMember(Struct, frozen=True):
    """Give a member a value."""

    name: str
    value: str


class DropMember(Struct, frozen=True):
    """Take a member away."""

    name: str


class RenameHeader(Struct, frozen=True):
    """Send a free header under another name."""

    old: str
    new: str


class DropHeader(Struct, frozen=True):
    """Take a free header away."""

    name: str


class SwitchMode(Struct, frozen=True):
    """Fire another operation."""

    mode: str


class ReplaceBody(Struct, frozen=True):
    """Put another body in place of this one."""

    body: str


class RaiseReadTimeout(Struct, frozen=True):
    """Wait longer for the next byte, from now on in this sitting."""

    seconds: int


class RefreshCredentials(Struct, frozen=True):
    """Forget the credentials found so far, so that the next call looks for them again."""


Fix: TypeAlias = (
    SetMember
    | DropMember
    | RenameHeader
    | DropHeader
    | SwitchMode
    | ReplaceBody
    | RaiseReadTimeout
    | RefreshCredentials
)


class Finding(Struct, frozen=True):
    """One thing found, with what a person needs to act on it."""

    id: str
    """Stable: a rule of the diagnosis table (`R25`) or of the lint (`member-too-long`)."""
    severity: Severity
    where: str
    """The header, member, line or second it is about."""
    message: str
    """What is so, and why it matters, in a sentence."""
    hint: str = ""
    """What to do."""
    evidence: str = ""
    """What was seen that says so."""
    source: str = ""
    """The public place that documents it."""
    fix: Fix | None = None
    """What the tool can mend itself."""
