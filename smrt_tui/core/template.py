"""Placeholders: `{{name}}`, `{{env:NAME}}`, `{{file_b64:path}}`, `{{uuid}}`, `{{now}}` in bodies and values.

In a JSON body a placeholder stands inside a JSON string, so that a template is itself valid JSON: a string that is one
whole placeholder becomes the variable's own JSON value (`"{{max_tokens}}"` becomes `256`), anything else is spliced as
escaped text. The environment, files, the clock and randomness come in as functions; nothing is read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.finding import Finding, Severity

if TYPE_CHECKING:
    from smrt_tui.core.profile import JsonValue

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][\w.-]*)(?::([^{}]*?))?\s*\}\}")
"""`{{name}}` or `{{function:argument}}`. Anything else between braces is ordinary text."""

_WHOLE_STRING = re.compile(r'"\{\{\s*([A-Za-z_][\w.-]*)(?::([^{}"\\]*?))?\s*\}\}"')


@dataclass(frozen=True, slots=True)
class Sources:
    """Where values come from."""

    environ: Mapping[str, str]
    read_base64: Callable[[str], str]
    """A file's bytes in base64, by the path as written. Raises `OSError`."""
    read_file: Callable[[str], bytes]
    """A file's bytes, by the path as written. Raises `OSError`."""
    new_uuid: Callable[[], str]
    now: Callable[[], str]
    """ISO 8601 in UTC."""


class _Unresolved(Exception):
    """A placeholder without a value; holds the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def placeholders(text: str) -> tuple[tuple[str, str | None], ...]:
    """Every placeholder in order, as (name, argument); the argument is None for `{{name}}`."""
    return tuple((match[1], match[2]) for match in PLACEHOLDER.finditer(text))


def resolve(draft: Draft, sources: Sources) -> ResolvedDraft | tuple[Finding, ...]:
    """The draft with every placeholder replaced, or a finding for each one that has no value."""
    findings: list[Finding] = []

    def text(value: str, where: str) -> str:
        try:
            return PLACEHOLDER.sub(lambda m: _as_text(_value(m, draft, sources, where)), value)
        except _Unresolved as unresolved:
            findings.append(unresolved.finding)
            return value

    members = tuple((name, text(value, name)) for name, value in draft.members)
    headers = tuple((name, text(value, name)) for name, value in draft.headers)
    endpoint = text(draft.endpoint, "endpoint")
    try:
        body = _body(draft, sources)
    except _Unresolved as unresolved:
        findings.append(unresolved.finding)
        body = b""
    if findings:
        return tuple(findings)
    return ResolvedDraft(draft.mode, endpoint, members, headers, body)


def _body(draft: Draft, sources: Sources) -> bytes:
    if draft.body_file is not None:
        try:
            return sources.read_file(draft.body_file)
        except OSError as error:
            raise _Unresolved(_unreadable("body", draft.body_file, error)) from error
    return fill(draft, sources).encode("utf-8", "surrogatepass")


def fill(draft: Draft, sources: Sources) -> str:
    """The body text with its placeholders replaced."""
    if not PLACEHOLDER.search(draft.body):
        return draft.body
    if _is_json_template(draft.body):
        whole = _WHOLE_STRING.sub(lambda m: _as_json(_value(m, draft, sources, "body")), draft.body)
        return PLACEHOLDER.sub(lambda m: _escaped(_value(m, draft, sources, "body")), whole)
    return PLACEHOLDER.sub(lambda m: _as_text(_value(m, draft, sources, "body")), draft.body)


def _is_json_template(body: str) -> bool:
    """Whether every line, or the whole, is JSON as it stands (placeholders inside strings keep it valid)."""
    try:
        json.loads(body)
    except ValueError:
        return body.lstrip().startswith(("{", "["))  # half-written JSON is still meant as JSON
    return True


def _value(match: re.Match[str], draft: Draft, sources: Sources, where: str) -> JsonValue:
    name, argument = match[1], match[2]
    if argument is None:
        return _variable(name, draft, sources, where)
    match name:
        case "env":
            if argument not in sources.environ:
                raise _Unresolved(_missing(where, match[0], f"the environment has no {argument}"))
            return sources.environ[argument]
        case "file_b64":
            try:
                return sources.read_base64(argument)
            except OSError as error:
                raise _Unresolved(_unreadable(where, argument, error)) from error
    raise _Unresolved(_missing(where, match[0], f"there is no function `{name}`; known are env, file_b64"))


def _variable(name: str, draft: Draft, sources: Sources, where: str) -> JsonValue:
    variables = dict(draft.variables)
    if name in variables:
        return variables[name]
    if name == "uuid":
        return sources.new_uuid()
    if name == "now":
        return sources.now()
    raise _Unresolved(_missing(where, f"{{{{{name}}}}}", f"the variable {name!r} has no value"))


def _as_text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _as_json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def _escaped(value: JsonValue) -> str:
    return json.dumps(_as_text(value), ensure_ascii=False)[1:-1]


def _missing(where: str, placeholder: str, why: str) -> Finding:
    return Finding(
        id="unresolved-variable",
        severity=Severity.ERROR,
        where=where,
        message=f"{placeholder} cannot be filled: {why}",
        hint="give it a value under `variables:`, with --set NAME=VALUE, or in the variables bar",
    )


def _unreadable(where: str, path: str, error: OSError) -> Finding:
    return Finding(
        id="unreadable-file",
        severity=Severity.ERROR,
        where=where,
        message=f"the file {path!r} cannot be read: {error.strerror or error}",
        hint="paths are relative to the profile's folder",
    )
