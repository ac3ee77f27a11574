from __future__ import annotations

import pytest

from smrt_tui.core.redact import (
    MASK,
    masked_body,
    masked_canonical_request,
    masked_head,
    masked_headers,
    masked_tokens,
    masked_url,
)

AWS = "AWS4-HMAC-SHA256 Credential=AKID/20260301/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature="


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", f"{AWS}abc123", f"{AWS}{MASK}"),
        ("authorization", f"{AWS}abc123", f"{AWS}{MASK}"),
        ("Authorization", "Bearer abc", f"Bearer {MASK}"),
        ("Authorization", "basic YTpi", f"basic {MASK}"),
        ("Authorization", "abc123", MASK),
        ("Proxy-Authorization", "Basic YTpi", f"Basic {MASK}"),
        ("X-Amz-Security-Token", "FwoG", MASK),
        ("COOKIE", "session=abc", MASK),
        ("x-api-key", "k", MASK),
        ("X-Whatever", "Bearer abc def", f"Bearer {MASK}"),
        ("X-Whatever", "bearer of news", f"bearer {MASK}"),
        ("Content-Type", "application/json", "application/json"),
        ("X-Trace", "Signature=abc", "Signature=abc"),
        ("X-Empty", "", ""),
    ],
)
def test_secret_values_are_masked_and_others_are_not(name: str, value: str, shown: str) -> None:
    assert masked_headers(((name, value),)) == ((name, shown),)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://user:hunter2@host:1/a", f"http://{MASK}@host:1/a"),
        ("http://host/a@b", "http://host/a@b"),
        ("", ""),
    ],
)
def test_a_password_in_a_url_is_masked(url: str, shown: str) -> None:
    assert masked_url(url) == shown


def test_a_mask_does_not_tell_how_long_the_secret_is() -> None:
    short, long = masked_headers((("Cookie", "a"), ("Cookie", "a" * 500)))
    assert short == long


def test_a_head_is_masked_line_by_line() -> None:
    head = (
        b"POST /endpoints/ep/invocations HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-Amz-Security-Token: secret\r\n"
        b"Authorization: " + AWS.encode() + b"secret\r\nX-Odd: \xff\r\nContent-Length: 2\r\n\r\n"
    )
    assert masked_head(head) == (
        b"POST /endpoints/ep/invocations HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-Amz-Security-Token: "
        + MASK.encode()
        + b"\r\n"
        b"Authorization: " + AWS.encode() + MASK.encode() + b"\r\nX-Odd: \xff\r\nContent-Length: 2"
    )


def test_a_canonical_request_is_masked_in_its_header_lines_only() -> None:
    canonical = (
        "POST\n/path\n\ncookie:secret\nhost:h\nx-amz-security-token:secret\n\ncookie;host;x-amz-security-token\nhash"
    )
    assert masked_canonical_request(canonical) == canonical.replace("secret", MASK)
    assert masked_canonical_request("") == ""


@pytest.mark.parametrize("end", ["\n", "\\n", "'", "</CanonicalRequest>", '"'])
def test_a_session_token_that_an_answer_quotes_is_masked_and_nothing_else(end: str) -> None:
    text = f"host:h{end}x-amz-security-token:FwoGZX+secret/=={end}x-amz-target:a"
    assert masked_tokens(text) == f"host:h{end}x-amz-security-token:{MASK}{end}x-amz-target:a"


def test_a_masked_body_keeps_its_length() -> None:
    body = rb'{"message":"x-amz-security-token:Fwo\/secret==\n\n\u00e4"}'
    masked = masked_body(body)
    assert masked == rb'{"message":"x-amz-security-token:*************\n\n\u00e4"}'
    assert len(masked) == len(body)
