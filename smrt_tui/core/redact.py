"""Masks secrets in request heads before anything shows, keeps or exports them.

`Authorization` of AWS keeps its credential scope and its signed header names, which are no secret and tell most; the
signature is masked. Every mask has the same width, so that not even a secret's length is told.
"""

from __future__ import annotations

import re

from smrt_tui.core.request import Headers

MASK = "********"

_SECRET_NAMES = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "x-amz-security-token",
        "cookie",
        "set-cookie",
        "x-api-key",
        "api-key",
        "x-auth-token",
        "x-amz-sso_bearer_token",
    }
)
_AWS_SIGNATURE = re.compile(r"Signature=[^,\s]*")
_USERINFO = re.compile(r"^(\w+://)[^/@]*@")
_TOKEN_LINE = r"(?i)(x-amz-security-token:)((?:[^\s'\"\\<]|\\/)+)"
_SCHEME = re.compile(r"(Bearer|Basic|Digest|Negotiate|Token|ApiKey)\s+\S.*", re.IGNORECASE | re.DOTALL)


def masked_headers(headers: Headers) -> Headers:
    """The same headers, in the same order and case, with every secret value masked."""
    return tuple((name, _masked_value(name, value)) for name, value in headers)


def masked_url(url: str) -> str:
    """The same URL with a user's name and password in it masked."""
    return _USERINFO.sub(rf"\g<1>{MASK}@", url)


def masked_head(head: bytes) -> bytes:
    """The same request head with every secret value masked, line for line, any final blank line taken away."""
    request_line, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    return b"\r\n".join([request_line, *(_masked_line(line) for line in lines)])


def masked_canonical_request(canonical: str) -> str:
    """The same canonical request of a SigV4 signature with the secret values among its header lines masked."""
    lines = canonical.split("\n")
    end = lines.index("", 3) if "" in lines[3:] else 3  # method, path, query, header lines, a blank line, the rest
    masked = [
        f"{name}:{_masked_value(name, value)}" for name, _, value in (line.partition(":") for line in lines[3:end])
    ]
    return "\n".join([*lines[:3], *masked, *lines[end:]])


def masked_tokens(text: str) -> str:
    """The same text with the session token masked wherever it stands as a canonical header line.

    The answer to a refused signature quotes the canonical request, and with it the token.
    """
    return re.sub(_TOKEN_LINE, rf"\g<1>{MASK}", text)


def masked_body(body: bytes) -> bytes:
    """The same for the bytes of an error's body, as many as they were, so that every offset stays true."""
    return re.sub(_TOKEN_LINE.encode("ascii"), lambda found: found[1] + b"*" * len(found[2]), body)


def _masked_line(line: bytes) -> bytes:
    name, colon, value = line.partition(b":")
    text = value.decode("latin-1")
    stripped = text.strip()
    if not colon or not stripped:
        return line
    masked = _masked_value(name.decode("latin-1"), stripped)
    return line if masked == stripped else name + b": " + masked.encode("latin-1")


def _masked_value(name: str, value: str) -> str:
    if name.lower().strip() not in _SECRET_NAMES:
        return _SCHEME.sub(rf"\1 {MASK}", value) if _SCHEME.fullmatch(value) and _is_bearer(value) else value
    if value.startswith("AWS4-") and "Signature=" in value:
        return _AWS_SIGNATURE.sub(f"Signature={MASK}", value)
    scheme = _SCHEME.fullmatch(value)
    return f"{scheme[1]} {MASK}" if scheme else MASK


def _is_bearer(value: str) -> bool:
    return value[:7].lower() == "bearer "
