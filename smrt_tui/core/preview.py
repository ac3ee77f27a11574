"""The preview of a signed request as text: what would go out, and what its signature is made of. Secrets are masked."""

from __future__ import annotations

from urllib.parse import urlsplit

from smrt_tui.core.events import Signed
from smrt_tui.core.plain import plain
from smrt_tui.core.redact import masked_headers
from smrt_tui.core.request import WireRequest, header

BODY_LIMIT = 100_000
"""Body bytes shown; the rest is counted."""


def preview_text(request: WireRequest, signed: Signed, placement: str = "") -> str:
    """Request line, headers and body as they would leave, then the anatomy of the signature.

    `placement` says where the payload of an async invocation goes; empty for the other operations.
    """
    payload = [f"Payload: {plain(placement)}", ""] if placement else []
    lines = [*_head_lines(request, signed), "", *_body_lines(request.body), "", *payload, *signature_lines(signed), ""]
    return "\n".join(lines)


def _head_lines(request: WireRequest, signed: Signed) -> list[str]:
    url = urlsplit(request.url)
    path = url.path + (f"?{url.query}" if url.query else "")
    lines = [f"{request.method} {path} HTTP/1.1"]
    if header(request.headers, "Host") is None:
        lines.append(_header_line("Host", url.netloc, signed))
    if header(request.headers, "Accept-Encoding") is None:
        lines.append(_header_line("Accept-Encoding", "identity", signed))
    lines += [_header_line(name, value, signed) for name, value in masked_headers(request.headers)]
    if header(request.headers, "Content-Length") is None:
        lines.append(_header_line("Content-Length", str(len(request.body)), signed))
    return lines


def _header_line(name: str, value: str, signed: Signed) -> str:
    is_signed = name.lower() in signed.signed_headers
    return f"{plain(name)}: {plain(value)}{'' if is_signed or not signed.scope else '    (not signed)'}"


def _body_lines(body: bytes) -> list[str]:
    if not body:
        return ["(no body)"]
    try:
        text = body[:BODY_LIMIT].decode("utf-8")
    except UnicodeDecodeError:
        return [f"({len(body):,} bytes that are not text)"]
    rest = len(body) - BODY_LIMIT
    return [plain(text), *([f"({rest:,} more bytes)"] if rest > 0 else [])]


def signature_lines(signed: Signed) -> list[str]:
    """What a signature was made of, one fact a line, then the canonical request and the string to sign."""
    if not signed.scope:
        return [f"Not signed (credentials: {signed.credential_source})."]
    return [
        f"Credentials        {signed.credential_source}, key {signed.access_key_id}",
        f"Expires            {signed.expires_at or 'not told'}",
        f"Session token      {'present' if signed.has_session_token else 'none'}",
        f"Scope              {signed.scope}",
        f"Signed headers     {', '.join(signed.signed_headers)}",
        f"Payload SHA-256    {signed.payload_sha256}",
        "",
        "Canonical request",
        *(f"  {plain(line)}" for line in signed.canonical_request.split("\n")),
        "",
        "String to sign",
        *(f"  {plain(line)}" for line in signed.string_to_sign.split("\n")),
    ]
