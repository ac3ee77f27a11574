"""What an error answer says: HTTP errors and in-stream exceptions as `ServiceFault`. Pure; every body is survived.

SDKs drop most of this: botocore keeps no `ErrorCode`, the JavaScript SDK v2 no exception frame at all.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from smrt_tui.core.events import FrameArrived, ServiceFault
from smrt_tui.core.redact import masked_tokens
from smrt_tui.core.request import Headers, header

_MOST_MESSAGE_CHARACTERS = 4096


def http_fault(at: float, status: int, reason: str, headers: Headers, body: bytes) -> ServiceFault:
    """The fault of an answer that is no success. Code: the `x-amzn-ErrorType` header, else the body's, else the status.

    A redirect is one too: it is never followed, since its signature would not fit.
    """
    members = _unwrapped(_json_object(body))
    code = _bare_type(header(headers, "x-amzn-ErrorType") or _text(members, "__type", "code", "Code"))
    message = _text(members, "Message", "message") if members is not None else _plain_text(body)
    if not message and (location := header(headers, "Location")):
        message = f"redirected to {location}, which is not followed"
    if not message and members is None:
        message = reason
    return _fault(at, code or str(status), message, status, members)


def frame_fault(frame: FrameArrived) -> ServiceFault | None:
    """The fault that an `exception` or `error` frame tells; None for any other frame."""
    texts = {item.name: item.value for item in frame.headers if isinstance(item.value, str)}
    if texts.get(":message-type") == "error":
        return _fault(frame.at, texts.get(":error-code", ""), texts.get(":error-message", ""), None, None)
    if texts.get(":message-type") != "exception":
        return None
    members = _json_object(frame.payload)
    message = _text(members, "Message", "message") if members is not None else _plain_text(frame.payload)
    return _fault(frame.at, _bare_type(texts.get(":exception-type", "")), message, None, members)


def _fault(at: float, code: str, message: str, status: int | None, members: Mapping[str, Any] | None) -> ServiceFault:
    return ServiceFault(
        at=at,
        code=code,
        error_code=_text(members, "ErrorCode"),
        message=masked_tokens(message)[:_MOST_MESSAGE_CHARACTERS],
        status=status,
        original_status=_whole_number(members, "OriginalStatusCode"),
        original_message=_text(members, "OriginalMessage"),
        log_stream_arn=_text(members, "LogStreamArn"),
    )


def _bare_type(name: str) -> str:
    """`ModelError` out of `com.amazon#ModelError:http://internal.amazon.com/coral/…`."""
    return name.partition(":")[0].rpartition("#")[2].strip()


def _json_object(body: bytes) -> Mapping[str, Any] | None:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


_OPENAI_CODES = {"model_error": "ModelError", "validation_error": "ValidationError"}
"""As the OpenAI-compatible path names what the other paths name by type."""


def _unwrapped(members: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The members inside an OpenAI error envelope, `{"error": {…}}`; any other object as it is."""
    inner = (members or {}).get("error")
    if not isinstance(inner, dict) or "message" not in inner:
        return members
    code = inner.get("code")
    return {**inner, "code": _OPENAI_CODES.get(code, code) if isinstance(code, str) else None}


def _text(members: Mapping[str, Any] | None, *names: str) -> str:
    found = next((members[name] for name in names if members and members.get(name) is not None), "")
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _whole_number(members: Mapping[str, Any] | None, name: str) -> int | None:
    found = (members or {}).get(name)
    if isinstance(found, str) and re.fullmatch(r"-?\d{1,9}", found):
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _plain_text(body: bytes) -> str:
    """Text as it is; a page of HTML or XML without its tags, scripts and styles."""
    text = body[: 4 * _MOST_MESSAGE_CHARACTERS].decode("utf-8", "replace").strip()
    if not text.startswith("<"):
        return text
    bare = re.sub(r"(?is)<(script|style)\b.*?(</\1>|$)|<[^>]*>", " ", text)
    return " ".join(html.unescape(bare).split()) or text
