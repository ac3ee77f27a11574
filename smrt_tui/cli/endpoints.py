"""`smrt-tui endpoints`: the endpoints of an account, one of them in full, and a profile made of it.

What was asked for goes to stdout, what was done and left out to stderr.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from msgspec import to_builtins

from smrt_tui.cli.diagnostics import ExitCode, Narrator, Refusal
from smrt_tui.cli.options import EndpointsOptions
from smrt_tui.cli.printing import print_text
from smrt_tui.core.account import EndpointDescription, EndpointListing
from smrt_tui.core.account_text import description_text, endpoint_cells
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.from_endpoint import access_of, profile_id_for, profile_of
from smrt_tui.core.profile import CredentialsSpec
from smrt_tui.core.target import Target
from smrt_tui.environment import Environment


class Accounts(Protocol):
    """What reads an account; `smrt_tui.accounts.Accounts` does."""

    async def list_endpoints(self, target: Target | None, name_contains: str = "") -> EndpointListing:
        """The endpoints of a region; None is the local endpoint."""
        ...

    async def describe(self, target: Target | None, name: str) -> EndpointDescription:
        """All that is readable about one."""
        ...


class Library(Protocol):
    """What writes profiles; `smrt_tui.library.Library` does."""

    async def create(self, name: str, text: str) -> str:
        """A new file of that name; its path."""
        ...


class Workbench(Protocol):
    """What is needed done outside; `smrt_tui.workbench.Workbench` does it."""

    @property
    def accounts(self) -> Accounts:
        """The account."""
        ...

    @property
    def library(self) -> Library:
        """The profile files."""
        ...


async def run_endpoints(options: EndpointsOptions, environment: Environment, workbench: Workbench) -> int:
    """Carry out one `endpoints`; the exit code.

    Raises `Refusal` for what could not be read or written, `BrokenPipeError` once nobody reads stdout.
    """
    target = None if options.is_local else _target(options)
    try:
        if options.name is None:
            return await _list(options, target, environment, workbench)
        return await _describe(options.name, options, target, environment, workbench)
    except SmrtError as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal(_exit_code(error), error.message, error.hint) from error


def _target(options: EndpointsOptions) -> Target:
    credentials = None if options.aws_profile is None else CredentialsSpec(profile=options.aws_profile)
    return Target(region=options.region, credentials=credentials)


async def _list(
    options: EndpointsOptions, target: Target | None, environment: Environment, workbench: Workbench
) -> ExitCode:
    narrator = Narrator(environment)
    listing = await workbench.accounts.list_endpoints(target, options.filter)
    if options.as_json:
        print_text(environment, f"{_json([to_builtins(endpoint) for endpoint in listing.endpoints])}\n")
    else:
        print_text(environment, f"{table(listing, environment.now())}\n")
    if not listing.endpoints:
        narrator.say(f"no endpoint in {listing.region}{' has this in its name' if options.filter else ''}")
    if not listing.is_whole:
        narrator.say("there are more; --filter narrows them down")
    return ExitCode.COMPLETE


async def _describe(
    name: str, options: EndpointsOptions, target: Target | None, environment: Environment, workbench: Workbench
) -> ExitCode:
    described = await workbench.accounts.describe(target, name)
    text = _json(to_builtins(described)) if options.as_json else description_text(described, environment.now())
    print_text(environment, f"{text}\n")
    if options.save is not None:
        saved = options.save or profile_id_for(target, described.name)
        try:
            path = await workbench.library.create(saved, profile_of(described, access_of(target)))
        except SmrtError as error:
            raise Refusal(ExitCode.CANNOT_SEND, error.message, error.hint) from error
        Narrator(environment).say(f"wrote {path}")
    return ExitCode.COMPLETE


def table(listing: EndpointListing, now: datetime) -> str:
    """Name, state, age and time since the last change in columns."""
    rows = [("NAME", "STATE", "AGE", "CHANGED"), *(endpoint_cells(endpoint, now) for endpoint in listing.endpoints)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _json(found: Sequence[Any] | dict[str, Any]) -> str:
    return json.dumps(found, indent=2, default=_time)


def _time(value: datetime) -> str:
    return value.isoformat()


_BEFORE_THE_NETWORK = (
    "credentials-missing",
    "credentials-expired",
    "credentials-failed",
    "credentials-partial",
    "region-",
    "url-",
    "endpoint-conflict",
    "profile-",
    "sso-",
    "mfa-",
    "role-",
    "aws-config-",
    "plain-http",
)
_ANSWERED = ("right-", "credentials-refused", "throttled", "service-refused", "answer-", "endpoint-unknown")


def _exit_code(error: SmrtError) -> ExitCode:
    """By the name of the trouble, as `invoke` would end; none has a name of its own in another way."""
    code = str(getattr(error, "code", ""))
    if code.startswith(_ANSWERED):
        return ExitCode.ANSWERED_WITH_ERROR
    if code.startswith(_BEFORE_THE_NETWORK):
        return ExitCode.CANNOT_SEND
    return ExitCode.NO_CONNECTION
