"""Rules about the body: its size, its content type, and whether it says what the operation expects of it.

SageMaker passes a body on unread, so what is wrong in it is the container's to refuse: warnings, but for the limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from smrt_tui.core.decode.magic import LONGEST_SIGNATURE, signature_of
from smrt_tui.core.finding import DropMember, Finding, ReplaceBody, SetMember, Severity
from smrt_tui.core.lint.json_text import Break, first_break, read_json, with_flag, without_options
from smrt_tui.core.lint.members import MODEL
from smrt_tui.core.lint.subject import Subject

JSON = "application/json"
CSV = "text/csv"
JSON_LINES = frozenset(
    {"application/jsonlines", "application/x-jsonlines", "application/x-ndjson", "application/jsonl"}
)
MOST_READ = 512 * 1024
"""Bytes above which a body's content is not judged: no other thread runs while JSON is read, and a screen waits."""


def size(subject: Subject) -> Iterator[Finding]:
    """Bodies over the operation's limit."""
    member = subject.operation.input("Body")
    if subject.body_size is None or member is None or member.maximum is None or subject.uploads_body:
        return
    if subject.body_size > member.maximum:
        yield Finding(
            id="body-too-large",
            severity=Severity.ERROR,
            where="body",
            message=f"{subject.body_size:,} bytes; {subject.operation.name} takes {member.maximum:,}",
            hint="put the payload into S3: `async: {input: s3://bucket/prefix/}` in the profile"
            if subject.mode == "async"
            else "send it in mode async from S3, or make it smaller",
            source=MODEL,
        )


def presence(subject: Subject) -> Iterator[Finding]:
    """A body where one is needed, and exactly one input of an async invocation."""
    has_location = "InputLocation" in subject.members
    if subject.mode != "async":
        if not subject.has_body:
            yield Finding(
                id="body-missing",
                severity=Severity.WARNING,
                where="body",
                message=f"the body is empty, and {subject.operation.name} requires one",
                source=MODEL,
            )
    elif subject.has_body and has_location:
        yield Finding(
            id="async-two-inputs",
            severity=Severity.ERROR,
            where="InputLocation",
            message="an async invocation takes a body or an InputLocation, and here are both",
            hint="take one of them away",
            source=MODEL,
            fix=DropMember("InputLocation"),
        )
    elif not subject.has_body and not has_location:
        yield Finding(
            id="async-no-input",
            severity=Severity.ERROR,
            where="body",
            message="an async invocation takes a body or an InputLocation, and here is neither",
            hint="write a body, or name an object: InputLocation=s3://bucket/key",
            source=MODEL,
        )


def missing_content_type(subject: Subject) -> Iterator[Finding]:
    """No content type: the container guesses, or refuses."""
    header = subject.sent_as("ContentType")
    if not subject.has_body or header is None or subject.is_set("ContentType"):
        return
    if subject.has_header("Content-Type"):
        return  # under the wrong name, and told as R26
    sniffed = _sniffed(subject.body)
    yield Finding(
        id="R08",
        severity=Severity.WARNING,
        where="ContentType",
        message=f"no {header} is sent, so the container has to guess what the body is",
        hint=f"it looks like {sniffed}" if sniffed else "name what the container takes, such as application/json",
        source="github.com/aws/sagemaker-python-sdk/issues/2046",
        fix=SetMember("ContentType", sniffed) if sniffed else None,
    )


def _sniffed(body: bytes | None) -> str | None:
    """The content type that the bytes suggest; None when they could be anything."""
    if not body:
        return None
    signature = signature_of(body[:LONGEST_SIGNATURE])
    if signature is not None:
        return signature.media_type
    text = _text(body) if len(body) <= MOST_READ else None
    if text is None:
        return None
    if _is_json_structure(text):
        return JSON
    return CSV if _looks_like_csv(text) else None


def _text(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_json_structure(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    return first_break(text) is None


def _looks_like_csv(text: str) -> bool:
    """Lines with the same number of commas, at least one, and nothing that begins like JSON."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or text.lstrip()[:1] in ("{", "[", '"'):
        return False
    counts = {line.count(",") for line in lines[:100]}
    return len(counts) == 1 and counts != {0}


def body_and_content_type(subject: Subject) -> Iterator[Finding]:
    """A body that is not what its content type says."""
    if not subject.body or len(subject.body) > MOST_READ:
        return
    content_type = subject.content_type
    text = _text(subject.body)
    if content_type == JSON or content_type.endswith("+json"):
        yield from _not_json(subject, content_type, text)
    elif content_type in JSON_LINES:
        yield from _not_json_lines(content_type, text)
    elif content_type == CSV and text is not None and _is_json_structure(text):
        yield Finding(
            id="R46",
            severity=Severity.WARNING,
            where="body",
            message="the content type says text/csv, and the body is JSON",
            hint=f"send it as {JSON}",
            source="github.com/aws/amazon-sagemaker-examples/issues/785",
            fix=SetMember("ContentType", JSON),
        )


def _not_json(subject: Subject, content_type: str, text: str | None) -> Iterator[Finding]:
    if text is None:
        yield _mismatch("body", f"the content type says {content_type}, and the body is no UTF-8 text")
        return
    broken = first_break(text)
    if broken is None:
        return
    if _looks_like_csv(text):
        message = f"the content type says {content_type}, and the body looks like csv"
        yield _mismatch("body", message, f"send it as {CSV}", SetMember("ContentType", CSV))
        return
    place = _place_in_template(subject, broken)
    yield _mismatch(
        f"body, line {place.line}, column {place.column}",
        f"the content type says {content_type}, and the body is no JSON: {place.message[0].lower()}{place.message[1:]}",
    )


def _place_in_template(subject: Subject, broken: Break) -> Break:
    """Where a person has to look: in the text that was typed, when that is broken as well."""
    return (first_break(subject.template) if subject.template is not None else None) or broken


def _not_json_lines(content_type: str, text: str | None) -> Iterator[Finding]:
    if text is None:
        yield _mismatch("body", f"the content type says {content_type}, and the body is no UTF-8 text")
        return
    for number, line in enumerate(text.split("\n"), 1):
        broken = first_break(line) if line.strip() else None
        if broken is not None:
            message = f"the content type says {content_type}, and this line is no JSON: {broken.message}"
            yield _mismatch(f"body, line {number}, column {broken.column}", message)
            return


def _mismatch(where: str, message: str, hint: str = "", fix: SetMember | None = None) -> Finding:
    return Finding(
        id="R46",
        severity=Severity.WARNING,
        where=where,
        message=message,
        hint=hint or "correct the body or the content type",
        source="github.com/aws/amazon-sagemaker-examples/issues/785",
        fix=fix,
    )


def doubly_encoded(subject: Subject) -> Iterator[Finding]:
    """A JSON string that holds JSON: a body that was encoded twice."""
    value = json_value(subject)
    if isinstance(value, str) and _is_json_structure(value):
        yield Finding(
            id="R58",
            severity=Severity.WARNING,
            where="body",
            message="the body is a JSON string with JSON inside it, as encoding it twice makes it",
            hint="send the inner JSON",
            source="github.com/aws/sagemaker-python-sdk/issues/3341",
            fix=ReplaceBody(value) if subject.template is not None else None,
        )


def json_value(subject: Subject) -> Any:
    """The body's JSON value; None when it has none."""
    text = _text(subject.body) if subject.body and len(subject.body) <= MOST_READ else None
    try:
        return None if text is None else read_json(text)
    except (ValueError, RecursionError):
        return None


_ASKING = frozenset({"messages", "inputs", "input", "prompt"})
"""Keys of a body that asks a language model."""


def stream_flag(subject: Subject) -> Iterator[Finding]:
    """A chat body that asks for the other kind of answer than the operation gives."""
    value = json_value(subject)
    if not isinstance(value, dict) or not _ASKING.intersection(value):
        return
    flag = value.get("stream")
    if subject.mode == "stream" and flag is not True and isinstance(value.get("messages"), list):
        missing = "says `stream: false`" if flag is False else "does not say `stream: true`"
        yield _flag_finding(subject, True, "R34", f"the body {missing}, so the container will answer in one piece")
    elif subject.mode != "stream" and flag is True:
        message = f"the body says `stream: true`, and {subject.operation.name} answers in one piece"
        yield _flag_finding(subject, False, "stream-flag", message)


def _flag_finding(subject: Subject, wanted: bool, rule: str, message: str) -> Finding:
    body = None if subject.template is None else with_flag(subject.template, "stream", wanted)
    if body is not None and not wanted:
        body = without_options(body, "stream_options") or body  # vLLM refuses them where nothing is streamed
    return Finding(
        id=rule,
        severity=Severity.WARNING,
        where="body",
        message=message,
        hint=f'"stream": {str(wanted).lower()}',
        source="OpenAI chat completions, as vLLM, TGI and LMI serve them",
        fix=None if body is None else ReplaceBody(body),
    )
