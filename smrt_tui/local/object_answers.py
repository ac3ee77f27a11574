"""The object store's answers in S3's words (Amazon S3 API reference, Error responses)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from uuid import uuid4

from smrt_tui.local.sigv4 import Flaw, SignatureFault
from smrt_tui.local.wire import Answer

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

_CODE_OF_FLAW = {
    Flaw.MISSING: (403, "AccessDenied"),
    Flaw.INCOMPLETE: (400, "AuthorizationHeaderMalformed"),
    Flaw.UNKNOWN_KEY: (403, "InvalidAccessKeyId"),
    Flaw.BAD_TOKEN: (400, "InvalidToken"),
    Flaw.SKEWED: (403, "RequestTimeTooSkewed"),
    Flaw.WRONG_SCOPE: (400, "AuthorizationHeaderMalformed"),
    Flaw.PAYLOAD_HASH: (400, "XAmzContentSHA256Mismatch"),
    Flaw.MISMATCH: (403, "SignatureDoesNotMatch"),
}


def signature_refused(fault: SignatureFault) -> Answer:
    """What S3 says of a signature that does not hold."""
    status, code = _CODE_OF_FLAW[fault.flaw]
    return error(status, code, fault.message)


def not_implemented(message: str) -> Answer:
    """For what S3 has and this store has not."""
    return error(501, "NotImplemented", message)


def error(status: int, code: str, message: str, more: Sequence[tuple[str, str]] = ()) -> Answer:
    """An error with its code, message and whatever else belongs to it, in this order."""
    ids = exchange_ids()
    fields = [("Code", code), ("Message", message), *more, ("RequestId", ids[0][1]), ("HostId", ids[1][1])]
    return Answer(status, (*ids, ("Content-Type", "application/xml")), xml("Error", fields, namespace=""))


def document(root: str, fields: Sequence[tuple[str, str]]) -> Answer:
    """A result in S3's namespace."""
    return Answer(200, (*exchange_ids(), ("Content-Type", "application/xml")), xml(root, fields, NAMESPACE))


def xml(root: str, fields: Sequence[tuple[str, str]], namespace: str) -> bytes:
    """One flat element with its fields."""
    inner = "".join(f"<{tag}>{escape(text, quote=False)}</{tag}>" for tag, text in fields)
    declared = f' xmlns="{namespace}"' if namespace else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}{declared}>{inner}</{root}>'.encode()


def exchange_ids() -> Headers:
    """The two ids that every answer of S3 has."""
    return (("x-amz-request-id", uuid4().hex[:16].upper()), ("x-amz-id-2", uuid4().hex))
