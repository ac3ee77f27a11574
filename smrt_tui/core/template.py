"""Placeholders: `{{name}}`, `{{env:NAME}}`, `{{file_b64:path}}`, `{{uuid}}`, `{{now}}` in bodies and values.

In a JSON body a placeholder stands inside a JSON string, so that a template is itself valid JSON: a string that is one
whole placeholder becomes the variable's own JSON value (`"{{max_tokens}}"` becomes `256`), anything else is spliced as
escaped text. The environment, files, the clock and randomness come in as functions; nothing is read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.finding import Finding, Severity

if TYPE_CHECKING:
    from smrt_tui.core.kept_text import KeptText
    from smrt_tui.core.profile import JsonValue

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][\w.-]*)(?::([^{}]*?))?\s*\}\}")
"""`{{name}}` or `{{function:argument}}`. Anything else between braces is ordinary text."""

_IN_JSON = re.compile(
    r"""(?P<whole>(?<!\\)"\{\{\s*([A-Za-z_][\w.-]*)(?::([^{}"\\]*?))?\s*\}\}"(?!\s*:))|""" + PLACEHOLDER.pattern
)
"""A JSON string that is one whole placeholder and no key (groups 2 and 3), or any placeholder (groups 4 and 5).

One pattern and one pass: what a value says is never taken for a placeholder itself.
"""


class Sources(Struct, frozen=True):
    """Where values come from."""

    environ: Mapping[str, str]
    read_base64: Callable[[str], str]
    """A file's bytes in base64, by the path as written. Raises `OSError`."""
    read_file: Callable[[str], bytes]
    """A file's bytes, by the path as written. Raises `OSError`."""
    read_kept: Callable[[KeptText], bytes]
    """The bytes of a text that is kept in a file. Raises `SmrtError` when they are not there any more, or others."""
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
    if "{{" not in text:
        return ()
    return tuple((match[1], match[2]) for match in PLACEHOLDER.finditer(text))


_BUILT_IN = frozenset({"uuid", "now"})
"""Names that fill themselves where no variable has them."""


def all_placeholders(draft: Draft) -> Iterator[tuple[str, str | None]]:
    """Every placeholder of the request, in order: the body's, then those of endpoint, members and headers."""
    yield from _body_placeholders(draft)
    for text in (draft.endpoint, *(value for _, value in (*draft.members, *draft.headers))):
        yield from placeholders(text)


def _body_placeholders(draft: Draft) -> tuple[tuple[str, str | None], ...]:
    if draft.body_file is not None:
        return ()
    return placeholders(draft.body) if draft.body_kept is None else draft.body_kept.placeholders


def wanted_names(draft: Draft) -> tuple[str, ...]:
    """Every variable that the request uses, in order, without those that fill themselves."""
    names = (name for name, argument in all_placeholders(draft) if argument is None)
    return tuple(dict.fromkeys(name for name in names if name not in _BUILT_IN))


def missing_names(draft: Draft) -> tuple[str, ...]:
    """The variables that the request uses and that have no value."""
    known = dict(draft.variables)
    return tuple(name for name in wanted_names(draft) if name not in known)


def resolve(draft: Draft, sources: Sources) -> ResolvedDraft | tuple[Finding, ...]:
    """The draft with every placeholder replaced, or a finding for each one that has no value."""
    filling = _Filling(draft, sources)
    members = tuple((name, filling.text(value, name)) for name, value in draft.members)
    headers = tuple((name, filling.text(value, name)) for name, value in draft.headers)
    endpoint = filling.text(draft.endpoint, "endpoint")
    body = filling.body()
    if filling.findings:
        return tuple(dict.fromkeys(filling.findings))
    return ResolvedDraft(draft.mode, endpoint, members, headers, body)


class _Filling:
    """Fills texts and collects what has no value."""

    def __init__(self, draft: Draft, sources: Sources) -> None:
        self._draft = draft
        self._sources = sources
        self.findings: list[Finding] = []

    def text(self, text: str, where: str) -> str:
        return filled_in(PLACEHOLDER, text, lambda m: _as_text(self._value(m[1], m[2], where)))

    def body(self) -> bytes:
        if self._draft.body_file is not None:
            return self._file(self._draft.body_file)
        if self._draft.body_kept is not None:
            return self._kept(self._draft.body_kept)
        return self._template(self._draft.body)

    def _template(self, text: str) -> bytes:
        is_json = "{{" in text and is_json_template(text)
        filled = filled_in(_IN_JSON, text, self._json) if is_json else self.text(text, "body")
        return filled.encode("utf-8", "surrogatepass")

    def _kept(self, kept: KeptText) -> bytes:
        try:
            content = self._sources.read_kept(kept)
        except SmrtError as error:
            self.findings.append(kept_trouble(error))
            return b""
        return self._template(content.decode("utf-8", "surrogatepass")) if kept.placeholders else content

    def _json(self, match: re.Match[str]) -> str:
        if match["whole"]:
            return json.dumps(self._value(match[2], match[3], "body"), ensure_ascii=False)
        return json.dumps(_as_text(self._value(match[4], match[5], "body")), ensure_ascii=False)[1:-1]

    def _file(self, path: str) -> bytes:
        try:
            return self._sources.read_file(path)
        except (OSError, ValueError) as error:  # ValueError: a path with a NUL
            self.findings.append(_unreadable("body", path, error))
            return b""

    def _value(self, name: str, argument: str | None, where: str) -> JsonValue:
        try:
            return _value(name, argument, self._draft, self._sources, where)
        except _Unresolved as unresolved:
            self.findings.append(unresolved.finding)
            return ""


def filled_in(pattern: re.Pattern[str], text: str, fill: Callable[[re.Match[str]], str]) -> str:
    """As `pattern.sub(fill, text)`, for a pattern that begins at `{{` or at a quote right before it.

    Only those places are looked at: no other thread runs while `sub` goes through megabytes.
    """
    pieces: list[str] = []
    done, brace = 0, text.find("{{")
    while brace >= 0:
        quote = brace - 1 if brace > done and text[brace - 1] == '"' else brace
        match = pattern.match(text, quote) or pattern.match(text, brace)
        if match is not None:
            pieces += text[done : match.start()], fill(match)
            done = match.end()
        brace = text.find("{{", max(done, brace + 1))
    return "".join((*pieces, text[done:])) if pieces else text


def is_json_template(body: str) -> bool:
    """Whether a body is JSON as it stands (placeholders inside strings keep it so), or is meant to become JSON."""
    begin = body.lstrip()
    if begin.startswith(("{", "[")) and not PLACEHOLDER.match(begin):
        return True  # whole, half-written, or JSON lines
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _value(name: str, argument: str | None, draft: Draft, sources: Sources, where: str) -> JsonValue:
    if argument is None:
        return _variable(name, draft, sources, where)
    written = f"{{{{{name}:{argument}}}}}"
    match name:
        case "env":
            if argument not in sources.environ:
                raise _Unresolved(_missing(where, written, f"the environment has no {argument}"))
            return sources.environ[argument]
        case "file_b64":
            try:
                return sources.read_base64(argument)
            except (OSError, ValueError) as error:  # ValueError: a path with a NUL
                raise _Unresolved(_unreadable(where, argument, error)) from error
    raise _Unresolved(_missing(where, written, f"there is no function `{name}`; known are env, file_b64"))


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


def _missing(where: str, placeholder: str, why: str) -> Finding:
    return Finding(
        id="unresolved-variable",
        severity=Severity.ERROR,
        where=where,
        message=f"{placeholder} cannot be filled: {why}",
        hint="give it a value under `variables:`, with --set NAME=VALUE, or in the variables bar",
    )


def kept_trouble(error: SmrtError) -> Finding:
    """What there is to say when a text that is kept in a file cannot be had."""
    return Finding(id="kept-payload", severity=Severity.ERROR, where="body", message=error.message, hint=error.hint)


def _unreadable(where: str, path: str, error: OSError | ValueError) -> Finding:
    return Finding(
        id="unreadable-file",
        severity=Severity.ERROR,
        where=where,
        message=f"the file {path!r} cannot be read: {getattr(error, 'strerror', None) or error}",
        hint="paths are relative to the profile's folder",
    )
