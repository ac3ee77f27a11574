"""A pasted `curl …` or `aws sagemaker-runtime …` command line as a draft, and what of it could not be taken over.

Reads text only: a file stays a path in the draft, credentials are told and never kept. Nothing is run.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from smrt_tui.core.draft import Draft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.finding import Finding, Severity
from smrt_tui.core.lint.headers import RESERVED
from smrt_tui.core.service import Mode, Service
from smrt_tui.core.shell_words import command_words

_PATH = re.compile(r"/endpoints/([^/]+)/(invocations-response-stream|async-invocations|invocations)/?")
_MODES: Mapping[str, Mode] = {
    "invocations": "sync",
    "async-invocations": "async",
    "invocations-response-stream": "stream",
}
_COMMANDS: Mapping[str, Mode] = {"invoke-endpoint": "sync", "invoke-endpoint-async": "async"}
"""The AWS CLI has no command for a stream: it removes `invoke-endpoint-with-response-stream`."""
_SETTING = re.compile(r"[A-Za-z_]\w*=")
_NAMED_IN_PROFILE = "name it in the profile: `credentials: {{profile: {}}}`"
_AWS_HOST = re.compile(r"runtime(?:-fips)?\.sagemaker(?:-fips)?\.([a-z0-9-]+)\.")


class Imported(Struct, frozen=True):
    """What a command line stands for."""

    draft: Draft
    endpoint_url: str | None
    """Where it was sent, when that is no AWS address."""
    region: str | None
    findings: tuple[Finding, ...]
    """What was not taken over."""


def import_command(text: str, service: Service) -> Imported:
    """The draft of a pasted command line. A file in it stays as it is written, relative to the shell's folder.

    Raises `SmrtError` for what is no invocation by curl or by the AWS CLI.
    """
    words = command_words(text)
    settings = [(word.partition("=")[0], word.partition("=")[2]) for word in takewhile(_SETTING.match, words)]
    command = words[len(settings) :]
    if command[:1] == ["curl"]:
        imported = _from_curl(command[1:], service)
    elif command[:1] == ["aws"]:
        imported = _from_aws(command[1:], service)
    else:
        raise SmrtError("this is neither a curl nor an aws command", "paste `curl …` or `aws sagemaker-runtime …`")
    return _with_settings(imported, dict(settings))


def _with_settings(imported: Imported, settings: Mapping[str, str]) -> Imported:
    """With the region that the environment before the command names; its other variables are told without values."""
    region = settings.get("AWS_REGION") or settings.get("AWS_DEFAULT_REGION")
    reasons = {"AWS_PROFILE": _NAMED_IN_PROFILE.format(settings.get("AWS_PROFILE"))}
    findings = [
        _left_out(name, reasons.get(name, "a draft holds no environment"))
        for name in settings
        if name not in ("AWS_REGION", "AWS_DEFAULT_REGION")
    ]
    return replace(imported, region=imported.region or region, findings=(*imported.findings, *findings))


def _left_out(what: str, why: str) -> Finding:
    return Finding("not-imported", Severity.NOTE, what, f"not taken over: {why}")


def _with_headers(draft: Draft, headers: Sequence[tuple[str, str]], service: Service, findings: list[Finding]) -> Draft:
    """Headers become the operation's members where they carry one; what the client writes itself is left out."""
    for name, value in headers:
        member = service.operation(draft.mode).input_by_header(name)
        if name.lower() in RESERVED:
            findings.append(_left_out(name, RESERVED[name.lower()]))
        elif member is not None and draft.member(member.name) is None:
            draft = draft.with_member(member.name, value)
        else:
            draft = replace(draft, headers=(*draft.headers, (name, value)))
    return draft


_CURL_LONG: Mapping[str, str] = {
    "header": "H",
    "request": "X",
    "data": "d",
    "data-ascii": "d",
    "data-raw": "raw",
    "data-binary": "binary",
    "json": "json",
    "upload-file": "T",
    "url": "url",
    "user": "u",
    "user-agent": "A",
    "aws-sigv4": "sigv4",
}
"""Options that mean something here, by their one letter or a short name."""


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CURL_LETTERS_WITH_VALUE = frozenset("AbCcdDeEFhHKmoPQrtTuUwxXyYz")
_CURL_WORDS_WITH_VALUE = _names(
    """
    cacert capath cert cert-type ciphers config connect-timeout connect-to continue-at cookie cookie-jar
    data-urlencode dump-header form form-string key key-type limit-rate max-time noproxy oauth2-bearer
    output pass proxy proxy-user range rate referer resolve retry retry-delay retry-max-time stderr tls-max
    trace trace-ascii variable write-out
    """
)


def _curl_options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option by its letter or name with its value (empty for a flag), and `url` for what is none."""
    rest = iter(words)
    for word in rest:
        if word.startswith("--") and len(word) > 2:
            name = word[2:]
            takes_value = name in _CURL_LONG or name in _CURL_WORDS_WITH_VALUE
            yield _CURL_LONG.get(name, name), next(rest, "") if takes_value else ""
        elif word.startswith("-") and len(word) > 1:
            yield from _curl_letters(word[1:], rest)
        else:
            yield "url", word


def _curl_letters(letters: str, rest: Iterator[str]) -> Iterator[tuple[str, str]]:
    """`-sSXPOST` is two flags and a letter with its value."""
    for index, letter in enumerate(letters):
        if letter in _CURL_LETTERS_WITH_VALUE:
            yield letter, letters[index + 1 :] or next(rest, "")
            return
        yield letter, ""


_SILENT = frozenset("sSiNvfLgqk#0123o") | _names(
    """
    silent show-error include no-buffer verbose fail fail-with-body location http1.1 http2 output compressed
    max-time connect-timeout no-progress-meter progress-bar
    """
)
"""Options about curl itself, which a draft has no place for and nobody misses."""


def _from_curl(words: Sequence[str], service: Service) -> Imported:
    findings: list[Finding] = []
    headers: list[tuple[str, str]] = []
    bodies: list[tuple[str, str]] = []
    url, region = "", None
    for name, value in _curl_options(words):
        match name:
            case "url":
                url = url or value
            case "H":
                headers += _curl_header(value, findings)
            case "A":
                headers.append(("User-Agent", value))
            case "d" | "raw" | "binary" | "json" | "T":
                bodies.append((name, value))
            case "X" if value != "POST":
                findings.append(_left_out(f"-X {value}", "an invocation is always a POST"))
            case "u":
                findings.append(_left_out("--user", "credentials are no part of a draft; name an AWS profile"))
            case "sigv4":
                region = value.split(":")[2] if value.count(":") >= 2 else None
            case _ if name not in _SILENT and name != "X":
                findings.append(_left_out(f"{'-' if len(name) == 1 else '--'}{name}", "a draft has no place for it"))
    draft, endpoint_url, host_region = _target_of(url)
    if any(name == "json" for name, _ in bodies):
        headers += [("Content-Type", "application/json"), ("Accept", "application/json")]
    draft = _with_headers(_with_curl_bodies(draft, bodies, findings), headers, service, findings)
    return Imported(draft, endpoint_url, region or host_region, tuple(findings))


def _curl_header(text: str, findings: list[Finding]) -> list[tuple[str, str]]:
    name, colon, value = text.partition(":")
    if not colon or name.startswith("@"):
        findings.append(_left_out(f"-H {text}"[:60], "it is no header of the form `Name: value`"))
        return []
    return [(name.strip(), value.strip())] if value.strip() else []  # curl leaves out a header without a value


def _target_of(url: str) -> tuple[Draft, str | None, str | None]:
    """The draft's mode and endpoint, the address when it is not AWS, and the region when it is."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        path = _PATH.fullmatch(parts.path)
    except ValueError:  # a bracket that is no IPv6 address
        path = None
    if path is None:
        raise SmrtError(
            f"{url[:100] or 'the command'} is no address of an invocation",
            "it ends in /endpoints/NAME/invocations, /invocations-response-stream or /async-invocations",
        )
    draft = Draft(_MODES[path[2]], unquote(path[1]))
    on_aws = _AWS_HOST.match(parts.hostname or "")
    return (draft, None, on_aws[1]) if on_aws else (draft, f"{parts.scheme}://{parts.netloc}", None)


def _with_curl_bodies(draft: Draft, bodies: Sequence[tuple[str, str]], findings: list[Finding]) -> Draft:
    files = [value.removeprefix("@") for name, value in bodies if name == "T" or (name != "raw" and value[:1] == "@")]
    texts = [value for name, value in bodies if name != "T" and (name == "raw" or value[:1] != "@")]
    if files and files[0] == "-":
        findings.append(_left_out("--data @-", "standard input is no part of a draft"))
        return draft
    if files:
        if texts or len(files) > 1:
            findings.append(_left_out("--data", f"only the file {files[0]} is sent"))
        if any(name == "d" for name, _ in bodies):
            message = "`-d @file` takes line ends out of the file, and the draft sends it as it is"
            findings.append(Finding("not-imported", Severity.NOTE, "-d", message))
        return replace(draft, body_file=files[0])
    return replace(draft, body="&".join(texts))


_AWS_WORDS_WITH_VALUE = _names(
    """
    ca-bundle cli-binary-format cli-connect-timeout cli-read-timeout color endpoint-url output profile query
    region
    """
)


def _from_aws(words: Sequence[str], service: Service) -> Imported:
    options, positional = _aws_options(words, service)
    if positional[:1] != ["sagemaker-runtime"] or len(positional) < 2 or positional[1] not in _COMMANDS:
        raise SmrtError(
            f"`aws {' '.join(positional[:2])}` is no invocation",
            f"it is `aws sagemaker-runtime` with {' or '.join(_COMMANDS)}",
        )
    findings: list[Finding] = []
    draft = Draft(_COMMANDS[positional[1]], options.get("endpoint-name", ""))
    names = {_letters(member.name): member.name for member in service.operation(draft.mode).header_members}
    for option, value in options.items():
        if _letters(option) in names:
            draft = draft.with_member(names[_letters(option)], value)
        elif option == "profile":
            findings.append(_left_out("--profile", _NAMED_IN_PROFILE.format(value)))
        elif option not in _AWS_TAKEN:
            findings.append(_left_out(f"--{option}", "a draft has no place for it"))
    if not draft.endpoint:
        findings.append(Finding("not-imported", Severity.NOTE, "--endpoint-name", "the command names no endpoint"))
    draft = _with_aws_body(draft, options.get("body", ""), options.get("cli-binary-format", ""), findings)
    return Imported(draft, options.get("endpoint-url"), options.get("region"), tuple(findings))


_AWS_TAKEN = _names(
    """
    endpoint-name body cli-binary-format endpoint-url region output query color no-cli-pager
    """
)


def _letters(name: str) -> str:
    return name.replace("-", "").lower()


def _aws_options(words: Sequence[str], service: Service) -> tuple[dict[str, str], list[str]]:
    """Options with their values (empty for a flag), and the other words."""
    members = {_letters(name) for name in service.input_names}
    options: dict[str, str] = {}
    positional: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("--"):
            positional.append(word)
            continue
        name, equals, value = word[2:].partition("=")
        takes_value = name in _AWS_WORDS_WITH_VALUE or _letters(name) in members
        options[name] = value if equals else next(rest, "") if takes_value else ""
    return options, positional


def _with_aws_body(draft: Draft, body: str, binary_format: str, findings: list[Finding]) -> Draft:
    for scheme in ("fileb://", "file://"):
        if body.startswith(scheme):
            return replace(draft, body_file=body.removeprefix(scheme))
    if binary_format == "raw-in-base64-out":
        return replace(draft, body=body)
    decoded = _base64_text(body)
    if decoded is None:
        return replace(draft, body=body)
    message = "the AWS CLI reads --body as Base64, and so it was decoded"
    findings.append(Finding("not-imported", Severity.NOTE, "--body", message))
    return replace(draft, body=decoded)


def _base64_text(text: str) -> str | None:
    """What Base64 text stands for, when it is UTF-8 and could not have been meant as it is."""
    if len(text) < 4 or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", text):
        return None
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
