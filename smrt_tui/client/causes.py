"""What lies behind an error: whatever a transport, a resolver or a socket raised, as a row of `client.faults`.

The only place that knows the exceptions of httpx, `ssl` and `socket`. Nothing is raised, retried or worded here.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator, Mapping

import httpx
from msgspec import Struct

from smrt_tui.client.faults import ClientTrouble, trouble
from smrt_tui.client.http1 import BadResponse


class CallFacts(Struct, frozen=True):
    """What messages name beside the error itself."""

    where: str
    """`host:port` of the endpoint."""
    connect_s: float
    read_s: float
    total_s: float | None = None
    proxy: str = ""
    """`host:port` of the proxy, where there is one."""
    note: str = ""
    """Something odd about the address, which is the likely reason when it cannot be reached."""


def fault_of(error: BaseException, facts: CallFacts) -> ClientTrouble:
    """The named trouble behind anything that a transport, a resolver or a socket raised.

    The most telling link of the chain of causes decides; the kind of the httpx error only where no cause is known.
    """
    chain = list(_chain(error))
    for link in chain:
        if isinstance(link, ClientTrouble):
            return link
    for link in chain:
        if (code := _code_of_cause(link, is_writing=isinstance(error, httpx.WriteError))) is not None:
            return _filled(code, link, facts)
    return _filled(next((c for kind, c in _CODES_BY_KIND if isinstance(error, kind)), "transport-failed"), error, facts)


def _filled(code: str, error: BaseException, facts: CallFacts) -> ClientTrouble:
    named = trouble(
        code,
        where=facts.where,
        connect_s=f"{facts.connect_s:g}",
        read_s=f"{facts.read_s:g}",
        total_s=f"{facts.total_s or 0:g}",
        proxy=facts.proxy,
        detail=_detail(error),
    )
    if not facts.note or code not in _UNREACHED:
        return named
    return ClientTrouble(
        code,
        named.message,
        f"{facts.note} Else {named.hint}" if facts.note.endswith("?") else f"{facts.note}; {named.hint}",
    )


_UNREACHED = frozenset({"dns-failed", "connect-refused", "connect-unreachable", "connect-failed", "connect-timeout"})


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _code_of_cause(error: BaseException, *, is_writing: bool) -> str | None:
    if isinstance(error, BadResponse):
        return error.condition
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CODES_BY_VERIFY_CODE.get(error.verify_code, "tls-failed")
    if isinstance(error, ssl.SSLError):
        return "tls-not-spoken" if error.reason in _NOT_TLS else "tls-failed"
    if isinstance(error, socket.gaierror):
        return "dns-failed"
    if isinstance(error, ConnectionRefusedError):
        return "connect-refused"
    if isinstance(error, OSError) and error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL):
        return "connect-unreachable"
    if isinstance(error, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return "upload-cut" if is_writing else "connection-reset"
    return None


_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "UNEXPECTED_EOF_WHILE_READING", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})

# X509_V_ERR_* of OpenSSL's x509_vfy.h.
_CODES_BY_VERIFY_CODE: Mapping[int, str] = {
    9: "tls-expired",  # not yet valid
    10: "tls-expired",
    2: "tls-unknown-ca",
    18: "tls-unknown-ca",  # self-signed
    19: "tls-unknown-ca",
    20: "tls-unknown-ca",
    21: "tls-unknown-ca",
    62: "tls-name-mismatch",  # host name
    64: "tls-name-mismatch",  # address
}

_CODES_BY_KIND: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, "connect-timeout"),
    (httpx.PoolTimeout, "connect-timeout"),
    (httpx.WriteTimeout, "write-timeout"),
    (httpx.ReadTimeout, "read-timeout"),
    (httpx.ConnectError, "connect-failed"),
    (httpx.ProxyError, "proxy-failed"),
    (httpx.WriteError, "upload-cut"),
    (httpx.ReadError, "connection-reset"),
    (httpx.UnsupportedProtocol, "url-unsupported"),
    (httpx.InvalidURL, "url-unsupported"),
    (httpx.ProtocolError, "protocol-error"),
)


def _detail(error: BaseException) -> str:
    if isinstance(error, BadResponse):
        return error.detail
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
