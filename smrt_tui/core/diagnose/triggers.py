"""Small makers of triggers, so that a rule's row reads as a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache

from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Hit, Trigger
from smrt_tui.core.finding import Fix

FixMaker = Callable[[Evidence], Fix | None]
Facts = tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


def says(
    pattern: str,
    *,
    fix: FixMaker | None = None,
    when: Callable[[Evidence], bool] | None = None,
    facts: Callable[[Evidence], Facts] | None = None,
) -> Trigger:
    """The service's or the container's message matches. Named groups become facts, beside those of `facts`."""

    def trigger(evidence: Evidence) -> Hit | None:
        if when is not None and not when(evidence):
            return None
        match = _pattern(pattern).search(evidence.message)
        if match is None:
            return None
        told = tuple((name, value or "") for name, value in match.groupdict().items())
        told += facts(evidence) if facts else ()
        return Hit("message", shortened(match[0]), told, fix(evidence) if fix else None)

    return trigger


def named(*codes: str, when: Callable[[Evidence], bool] | None = None, fix: FixMaker | None = None) -> Trigger:
    """The error's type, or its ErrorCode, is one of these (`Exception` at the end of a name does not count)."""
    wanted = {bare(code) for code in codes}

    def trigger(evidence: Evidence) -> Hit | None:
        fault = evidence.service
        if fault is None or (when is not None and not when(evidence)):
            return None
        for where, code in (("error type", fault.code), ("ErrorCode", fault.error_code)):
            if bare(code) in wanted:
                return Hit(where, code, (("code", code),), fix(evidence) if fix else None)
        return None

    return trigger


def failed_here(*codes: str, when: Callable[[Evidence], bool] | None = None, fix: FixMaker | None = None) -> Trigger:
    """Our own side of the wire failed with one of these codes."""

    def trigger(evidence: Evidence) -> Hit | None:
        fault = evidence.transport
        if fault is None or fault.code not in codes or (when is not None and not when(evidence)):
            return None
        facts = (("host", evidence.host),)
        return Hit(fault.code, shortened(fault.message), facts, fix(evidence) if fix else None)

    return trigger


def that(claim: Callable[[Evidence], str | None], where: str, *, fix: FixMaker | None = None) -> Trigger:
    """A claim about the evidence that returns what it saw, or None."""

    def trigger(evidence: Evidence) -> Hit | None:
        seen = claim(evidence)
        if seen is None:
            return None
        return Hit(where, shortened(seen), (("seen", shortened(seen)),), fix(evidence) if fix else None)

    return trigger


def either(*triggers: Trigger) -> Trigger:
    """The first of several triggers that fires."""

    def trigger(evidence: Evidence) -> Hit | None:
        return next((hit for one in triggers if (hit := one(evidence)) is not None), None)

    return trigger


def has_status(evidence: Evidence, *statuses: int) -> str | None:
    """A claim for `that`: it failed, with one of these HTTP statuses."""
    return f"HTTP {evidence.status}" if evidence.has_failed and evidence.status in statuses else None


def bare(code: str) -> str:
    """An error's name without the `Exception` that some layers add (`ExpiredToken`, `ExpiredTokenException`)."""
    return code.removesuffix("Exception").lower()


def shortened(text: str, limit: int = 200) -> str:
    """One line of at most that many characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def parses_as_json(body: bytes) -> bool:
    """Whether a body is a JSON object or array (a bare number is csv as well)."""
    try:
        return isinstance(json.loads(body), dict | list)
    except ValueError:
        return False
