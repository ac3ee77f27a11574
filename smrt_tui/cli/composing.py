"""From options to a draft: the profile that was named, its payload, and everything the command line puts over it.

Unknown names are refused with the nearest known one. Nothing is sent or printed here.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from smrt_tui.cli.diagnostics import ExitCode, Refusal
from smrt_tui.cli.options import InvokeOptions
from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.draft import Draft, draft_of
from smrt_tui.core.finding import Finding, Severity
from smrt_tui.core.profile import Payload, Profile
from smrt_tui.core.service import packaged_service
from smrt_tui.core.template import placeholders
from smrt_tui.environment import Environment

STDIN = "-"


def chosen_entry(options: InvokeOptions, catalogue: Catalogue) -> tuple[ProfileEntry, Profile]:
    """The entry of the profile that was named and its profile, with the command line's endpoint URL over its own.

    Raises `Refusal`: usage for an unknown id, cannot-send for a profile with problems.
    """
    entry = catalogue.find(options.profile)
    if entry is None:
        raise Refusal(
            ExitCode.USAGE,
            f"there is no profile {options.profile!r}{_did_you_mean(catalogue.nearest(options.profile))}",
            "`smrt-tui profiles` lists them",
            problems=catalogue.problems,
        )
    if entry.profile is None:
        raise Refusal(ExitCode.CANNOT_SEND, f"the profile {entry.id} has problems", problems=entry.problems)
    profile = entry.profile
    if options.endpoint_url is not None:
        profile = replace(profile, endpoint_url=options.endpoint_url)
    return replace(entry, profile=profile), profile


def composed_draft(options: InvokeOptions, profile: Profile, environment: Environment) -> Draft:
    """The draft of the profile's payload with the command line's changes over it. Reads no file.

    With `--body -` the body is left empty; `stdin_body` has its bytes.
    """
    draft = draft_of(profile, _chosen_payload(options, profile), options.mode)
    for name, value in options.members:
        draft = draft.with_member(_known_member(name), value)
    for variable, setting in options.variables:
        draft = draft.with_variable(variable, setting)
    draft = replace(draft, headers=draft.headers + options.headers)
    match options.body:
        case None:
            return draft
        case "-":
            return replace(draft, body="", body_file=None)
        case file if file.startswith("@"):
            return replace(draft, body="", body_file=str(environment.working_folder / Path(file[1:]).expanduser()))
        case text:
            return replace(draft, body=text, body_file=None)


def stdin_body(options: InvokeOptions, environment: Environment) -> bytes | None:
    """Standard input's bytes when they are the body; None otherwise."""
    return environment.stdin.read() if options.body == STDIN else None


def unused_settings(options: InvokeOptions, draft: Draft) -> tuple[Finding, ...]:
    """A warning for every `--set` that no placeholder asks for: most often a slip of the pen."""
    texts = (draft.endpoint, draft.body, *(value for _, value in draft.members + draft.headers))
    used = {name for text in texts for name, argument in placeholders(text) if argument is None}
    return tuple(
        Finding(
            id="unused-variable",
            severity=Severity.WARNING,
            where=name,
            message=f"no placeholder asks for this variable{_did_you_mean(_nearest(name, used))}",
        )
        for name, _ in options.variables
        if name not in used
    )


def _chosen_payload(options: InvokeOptions, profile: Profile) -> Payload | None:
    if options.payload is None:
        return None
    payload = profile.payload(options.payload)
    if payload is None:
        names = [payload.name for payload in profile.payloads]
        known = f"it has {', '.join(names)}" if names else "it has none"
        near = _did_you_mean(_nearest(options.payload, names))
        raise Refusal(ExitCode.USAGE, f"{options.profile} has no payload {options.payload!r}{near}", known)
    return payload


def _known_member(name: str) -> str:
    known = [member for member in packaged_service().input_names if member not in ("EndpointName", "Body")]
    if name in known:
        return name
    message = f"the API has no member {name!r}{_did_you_mean(_nearest(name, known))}"
    raise Refusal(ExitCode.USAGE, message, f"members are {', '.join(known)}; any other header goes with -H")


def _nearest(name: str, known: Iterable[str]) -> str | None:
    by_lower = {candidate.lower(): candidate for candidate in known}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    return by_lower[near[0]] if near else None


def _did_you_mean(name: str | None) -> str:
    return f"; did you mean {name!r}?" if name else ""
