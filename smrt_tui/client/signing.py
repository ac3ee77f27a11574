"""Signs a wire request with Signature Version 4, and tells what the signature was made of.

The canonical request and the signature are botocore's (`SigV4Auth`, `S3SigV4Auth`), over exactly the header pairs and
body bytes given; time and credentials come in as arguments. No clock, no socket, no credential look-up, no cache: a
signature belongs to one body at one time, so every attempt signs again. Nothing in `SigningFacts` is secret.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from msgspec import Struct

from smrt_tui.client.credentials import Credentials
from smrt_tui.client.faults import trouble
from smrt_tui.core.events import Signed
from smrt_tui.core.redact import MASK
from smrt_tui.core.request import Headers, WireRequest
from smrt_tui.core.sealed import Sealed
from smrt_tui.core.service import SIGNING_NAME

_WRITTEN_HERE = frozenset({"authorization", "x-amz-date", "x-amz-security-token"})
"""Headers that signing writes; botocore replaces them too when they are there already."""


class SigningFacts(Struct, frozen=True):
    """What a signature was made of, without anything secret. All empty but the source for an anonymous call."""

    credential_source: str
    access_key_id: str = ""
    scope: str = ""
    signed_headers: tuple[str, ...] = ()
    canonical_request: str = ""
    """As signed, but for a session token, which is masked (so the hash of this text is not the one signed)."""
    string_to_sign: str = ""
    payload_sha256: str = ""
    has_session_token: bool = False
    expires_at: str | None = None

    def as_event(self, at: float) -> Signed:
        """The event that reports it."""
        return Signed(
            at=at,
            credential_source=self.credential_source,
            access_key_id=self.access_key_id,
            scope=self.scope,
            signed_headers=self.signed_headers,
            canonical_request=self.canonical_request,
            string_to_sign=self.string_to_sign,
            payload_sha256=self.payload_sha256,
            has_session_token=self.has_session_token,
            expires_at=self.expires_at,
        )


class SignedRequest(Sealed, frozen=True):
    """A request ready for the wire, and the facts of its signature."""

    request: WireRequest
    """Holds `Authorization` and, for temporary credentials, the session token: mask before showing."""
    facts: SigningFacts


def sign(
    request: WireRequest,
    credentials: Credentials | None,
    region: str,
    *,
    service: str = SIGNING_NAME,
    now: datetime,
) -> SignedRequest:
    """The request with signature headers after its own ones; unchanged when there are no credentials.

    The `Host` header that is signed is the request's own one, else the URL's host in lower case with its port unless
    that is the scheme's default; the transport must send the same. `now` is any aware time. Service `s3` also gets
    `x-amz-content-sha256`, which S3 demands. Hashing costs about 0.5 ms a megabyte.

    Raises `ClientTrouble` for a header that has no bytes on the wire.
    """
    if credentials is None:
        return SignedRequest(request, SigningFacts("anonymous"))
    _refuse_unsendable(request.headers)
    timestamp = now.astimezone(UTC).strftime(SIGV4_TIMESTAMP)
    unsigned = request.with_headers(_with_signing_headers(request, credentials, service, timestamp))
    signer = (S3SigV4Auth if service == "s3" else SigV4Auth)(credentials, service, region)
    subject = _botocore_request(unsigned, timestamp)

    canonical = signer.canonical_request(subject)
    string_to_sign = signer.string_to_sign(subject, canonical)
    names = signer.signed_headers(signer.headers_to_sign(subject))
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(subject)}, SignedHeaders={names}, "
        f"Signature={signer.signature(string_to_sign, subject)}"
    )
    facts = SigningFacts(
        credential_source=credentials.source,
        access_key_id=credentials.access_key,
        scope=signer.credential_scope(subject),
        signed_headers=tuple(names.split(";")),
        canonical_request=_without_token(canonical, credentials.session_token),
        string_to_sign=string_to_sign,
        payload_sha256=canonical.rpartition("\n")[2],
        has_session_token=bool(credentials.session_token),
        expires_at=None if credentials.expires_at is None else credentials.expires_at.isoformat(),
    )
    return SignedRequest(unsigned.with_headers((*unsigned.headers, ("Authorization", authorization))), facts)


def _with_signing_headers(request: WireRequest, credentials: Credentials, service: str, timestamp: str) -> Headers:
    """The request's headers and those that must be there before the signature is worked out, in botocore's order."""
    replaced = _WRITTEN_HERE | ({"x-amz-content-sha256"} if service == "s3" else set())
    headers = [(name, value) for name, value in request.headers if name.lower() not in replaced]
    headers.append(("X-Amz-Date", timestamp))
    if credentials.session_token:
        headers.append(("X-Amz-Security-Token", credentials.session_token))
    if service == "s3":
        headers.append(("X-Amz-Content-SHA256", sha256(request.body).hexdigest()))
    return tuple(headers)


def _botocore_request(request: WireRequest, timestamp: str) -> AWSRequest:
    """The same request in botocore's form.

    Headers go in one by one, since a mapping would lose repeated names. The timestamp goes in as `add_auth` puts it
    there; `add_auth` itself reads the system's clock and logs the session token, so its public steps are called
    instead of it.
    """
    subject = AWSRequest(method=request.method, url=request.url, data=request.body)
    for name, value in request.headers:
        subject.headers[name] = value
    subject.context["timestamp"] = timestamp
    return subject


def _refuse_unsendable(headers: Headers) -> None:
    for name, value in headers:
        if "\r" in value or "\n" in value:
            raise trouble("header-illegal", name=name, detail="it holds a line break")
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise trouble("header-illegal", name=name, detail="it holds half of a surrogate pair, no character")


def _without_token(canonical: str, token: str | None) -> str:
    if not token:
        return canonical
    # As botocore writes it: blanks folded, so that a search for the raw token could miss it.
    return canonical.replace(f"x-amz-security-token:{' '.join(token.split())}", f"x-amz-security-token:{MASK}")
