"""Rules about the licence that JumpStart's containers want accepted, by `accept_eula=true` in CustomAttributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from smrt_tui.core.finding import Finding, SetMember, Severity
from smrt_tui.core.lint.bodies import json_value
from smrt_tui.core.lint.subject import Subject

_ACCEPTED = "accept_eula=true"
_WRITTEN = re.compile(r"(?i)\baccept[ _-]?eula\b\s*[=:]?\s*(\w*)")
_SOURCE = "github.com/philschmid/easyllm/issues/41"


def licence(subject: Subject) -> Iterator[Finding]:
    """An acceptance that no container reads, or none where the body is of the form that asks for one."""
    if "CustomAttributes" in subject.members and subject.members["CustomAttributes"] is None:
        return  # it is known only when the request is sent
    attributes = subject.members.get("CustomAttributes") or ""
    written = _WRITTEN.search(attributes)
    if written is None:
        yield from _missing(subject, attributes)
    elif written[0] != _ACCEPTED and written[1].lower() != "false":  # who does not accept it may well say so
        yield Finding(
            id="accept-eula",
            severity=Severity.WARNING,
            where="CustomAttributes",
            message=f"the container looks for {_ACCEPTED} and finds {written[0].strip()}",
            hint=f"{_ACCEPTED}, in small letters and without blanks, says that you accept the model's licence",
            source=_SOURCE,
            fix=SetMember("CustomAttributes", _WRITTEN.sub(_ACCEPTED, attributes, count=1)),
        )


def _missing(subject: Subject, attributes: str) -> Iterator[Finding]:
    if _is_list_of_dialogs(json_value(subject)) and not subject.has_header(subject.sent_as("CustomAttributes") or ""):
        yield Finding(
            id="accept-eula",
            severity=Severity.NOTE,
            where="CustomAttributes",
            message=f"JumpStart's Llama 2, which takes this form of body, answers only with {_ACCEPTED}",
            hint=f"{_ACCEPTED} says that you accept the model's licence; other containers ignore it",
            source=_SOURCE,
            fix=SetMember("CustomAttributes", ";".join(filter(None, (attributes, _ACCEPTED)))),
        )


def _is_list_of_dialogs(value: Any) -> bool:
    """`{"inputs": [[{"role": …}]]}`, which no other container takes."""
    for step in ("inputs", 0, 0):
        is_there = step in value if isinstance(value, dict) else isinstance(value, list) and len(value) > 0
        if not is_there or isinstance(value, dict) is isinstance(step, int):
            return False
        value = value[step]
    return isinstance(value, dict) and "role" in value
