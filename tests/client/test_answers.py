from __future__ import annotations

import json

import pytest

from smrt_tui.client.answers import http_fault
from smrt_tui.core.events import ServiceFault
from smrt_tui.core.request import Headers


def fault(status: int, body: bytes, headers: Headers = (), reason: str = "") -> ServiceFault:
    return http_fault(1.0, status, reason, headers, body)


def an_error_type(value: str) -> Headers:
    return (("X-AMZN-ErrorType", value),)


CASES: dict[str, tuple[ServiceFault, tuple[str, str, str]]] = {
    "header cut at the colon": (
        fault(400, b'{"Message":"m"}', an_error_type("ValidationError:http://internal.amazon.com/coral/")),
        ("ValidationError", "", "m"),
    ),
    "header cut at the hash": (fault(400, b"{}", an_error_type("aws.x#ValidationError")), ("ValidationError", "", "")),
    "__type": (fault(400, b'{"__type":"a.b#Throttled","message":"m"}'), ("Throttled", "", "m")),
    "code": (fault(400, b'{"code":"Slow","message":"m"}'), ("Slow", "", "m")),
    "lower-case message": (fault(403, b'{"message":"no"}', an_error_type("Denied")), ("Denied", "", "no")),
    "null message": (
        fault(400, b'{"message":null}', an_error_type("ThrottlingException")),
        ("ThrottlingException", "", ""),
    ),
    "error code": (
        fault(400, b'{"ErrorCode":"INFERENCE_COMPONENT_NAME_MISSING","Message":"m"}'),
        ("400", "INFERENCE_COMPONENT_NAME_MISSING", "m"),
    ),
    "plain text": (
        fault(413, b"HTTP content length exceeded 5246976 bytes."),
        ("413", "", "HTTP content length exceeded 5246976 bytes."),
    ),
    "HTML": (
        fault(503, b"<html><style>p{}</style><h1>503</h1>\n<p>Service &amp; all</p></html>"),
        ("503", "", "503 Service & all"),
    ),
    "XML": (fault(403, b"<A><Message>no token</Message></A>"), ("403", "", "no token")),
    "nothing": (fault(502, b"", reason="Bad Gateway"), ("502", "", "Bad Gateway")),
    "a list": (fault(500, b"[1]"), ("500", "", "[1]")),
    "not UTF-8": (fault(500, b"\xff"), ("500", "", "\ufffd")),
    "a message that is no text": (fault(500, b'{"Message":{"a":1}}'), ("500", "", '{"a": 1}')),
    "deep nesting": (fault(500, b'{"Message":' + b"[" * 100_000), ("500", "", ('{"Message":' + "[" * 100_000)[:4096])),
}


@pytest.mark.parametrize(("found", "wanted"), CASES.values(), ids=CASES.keys())
def test_every_error_body_has_a_code_and_its_words(found: ServiceFault, wanted: tuple[str, str, str]) -> None:
    assert (found.code, found.error_code, found.message) == wanted


@pytest.mark.parametrize(
    ("told", "status"), [(404, 404), (0, 0), ("404", 404), (None, None), ("x", None), (True, None), (4.5, None)]
)
def test_the_models_own_status_is_kept_zero_too(told: object, status: int | None) -> None:
    body = json.dumps({"OriginalStatusCode": told, "OriginalMessage": "o", "LogStreamArn": "arn"}).encode()
    found = fault(424, body)
    assert (found.original_status, found.original_message, found.log_stream_arn) == (status, "o", "arn")
