"""Signature Version 4 as the receiving side checks it, with hmac and hashlib only.

Works on the raw bytes of the request and on the client's own list of signed headers, and shares no code with the
signer, so that each is the other's judge. Source: "Signature Version 4 signing process", AWS General Reference.
No secret and no session token ever goes into a message.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, unquote_to_bytes

from msgspec import Struct

from smrt_tui.core.sealed import Sealed
from smrt_tui.local.wire import RawRequest

ALGORITHM = "AWS4-HMAC-SHA256"
ALLOWED_SKEW = timedelta(minutes=5)
"""What AWS allows about, to either side; the SDKs take 300 s for skew too."""
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_TIME_FORMAT = "%Y%m%dT%H%M%SZ"


class Credentials(Sealed, frozen=True):
    """The one key pair the door knows."""

    access_key: str
    secret_key: str
    session_token: str | None = None


def made_up_credentials() -> Credentials:
    """A key pair that no one else has, for one run."""
    return Credentials("LOCAL" + secrets.token_hex(8).upper()[:15], secrets.token_urlsafe(30))


class Flaw(StrEnum):
    """What can be wrong with a signature; each service has its own error for each."""

    MISSING = "missing"
    INCOMPLETE = "incomplete"
    UNKNOWN_KEY = "unknown-key"
    BAD_TOKEN = "bad-token"
    SKEWED = "skewed"
    WRONG_SCOPE = "wrong-scope"
    PAYLOAD_HASH = "payload-hash"
    MISMATCH = "mismatch"


class SignatureFault(Struct, frozen=True):
    """Why a request is not accepted."""

    flaw: Flaw
    message: str


class _Claim(Struct, frozen=True):
    """The parts of an Authorization header."""

    access_key: str
    scope: tuple[str, ...]
    """date, region, service, `aws4_request`."""
    signed_headers: tuple[str, ...]
    signature: str


def verify(
    request: RawRequest, credentials: Credentials, region: str, service: str, now: datetime
) -> SignatureFault | None:
    """What is wrong with the request's signature for this region and service; None when nothing is."""
    authorization = request.header("Authorization")
    if authorization is None:
        return SignatureFault(Flaw.MISSING, "Missing Authentication Token")
    claim = _read_claim(request, authorization)
    if isinstance(claim, SignatureFault):
        return claim
    stamp = request.header("X-Amz-Date") or ""
    return (
        _check_key(request, claim, credentials)
        or _check_scope(claim, region, service, stamp)
        or _check_time(stamp, now)
        or _check_payload_hash(request)
        or _check_signature(request, claim, credentials, stamp)
    )


def _read_claim(request: RawRequest, authorization: str) -> _Claim | SignatureFault:
    algorithm, _, rest = authorization.strip().partition(" ")
    fields = dict(re.findall(r"(\w+)=([^,\s]*)", rest)) if algorithm == ALGORITHM else {}
    problems = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if not fields.get(name)
    ]
    if request.header("X-Amz-Date") is None:
        # A bare Date header would be legal too; no SDK of this service sends it, so it is not read here.
        problems.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    signed = tuple(fields.get("SignedHeaders", "").split(";"))
    if not problems and "host" not in signed:
        problems.append("'Host' must be a 'SignedHeader' in the AWS Authorization.")
    access_key, *scope = fields.get("Credential", "").split("/")
    if not problems and len(scope) != 4:
        problems.append(f"Credential must have exactly 5 slash-delimited elements, it has {len(scope) + 1}.")
    if problems:
        return SignatureFault(Flaw.INCOMPLETE, " ".join(problems))
    return _Claim(access_key, tuple(scope), signed, fields["Signature"])


def _check_key(request: RawRequest, claim: _Claim, credentials: Credentials) -> SignatureFault | None:
    token = request.header("X-Amz-Security-Token")
    expected = credentials.session_token
    if claim.access_key != credentials.access_key:
        return SignatureFault(Flaw.UNKNOWN_KEY, "The security token included in the request is invalid.")
    if (token or "") != (expected or ""):
        return SignatureFault(Flaw.BAD_TOKEN, "The security token included in the request is invalid.")
    return None


def _check_scope(claim: _Claim, region: str, service: str, stamp: str) -> SignatureFault | None:
    date, its_region, its_service, terminator = claim.scope
    problems = []
    if its_region != region:
        problems.append(f"Credential should be scoped to a valid region: '{region}', not '{its_region}'.")
    if its_service != service:
        problems.append(f"Credential should be scoped to correct service: '{service}', not '{its_service}'.")
    if terminator != "aws4_request":
        problems.append(f"Credential should be scoped with a valid terminator: 'aws4_request', not '{terminator}'.")
    if date != stamp[:8]:
        problems.append(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{date}' != '{stamp[:8]}', from '{stamp}'."
        )
    return SignatureFault(Flaw.WRONG_SCOPE, " ".join(problems)) if problems else None


def _check_time(stamp: str, now: datetime) -> SignatureFault | None:
    try:
        signed_at = datetime.strptime(stamp, _TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return SignatureFault(Flaw.INCOMPLETE, f"Date must be in ISO-8601 'basic format'. Got '{stamp}'.")
    clock = f"{now:{_TIME_FORMAT}}"
    if signed_at < now - ALLOWED_SKEW:
        bound = f"{now - ALLOWED_SKEW:{_TIME_FORMAT}}"
        return SignatureFault(Flaw.SKEWED, f"Signature expired: {stamp} is now earlier than {bound} ({clock} - 5 min.)")
    if signed_at > now + ALLOWED_SKEW:
        bound = f"{now + ALLOWED_SKEW:{_TIME_FORMAT}}"
        return SignatureFault(
            Flaw.SKEWED, f"Signature not yet current: {stamp} is still later than {bound} ({clock} + 5 min.)"
        )
    return None


def _check_payload_hash(request: RawRequest) -> SignatureFault | None:
    declared = request.header("X-Amz-Content-Sha256")
    if declared in (None, UNSIGNED_PAYLOAD) or declared == _sha256(request.body):
        return None
    return SignatureFault(
        Flaw.PAYLOAD_HASH, "The provided 'x-amz-content-sha256' header does not match what was computed."
    )


def _check_signature(request: RawRequest, claim: _Claim, credentials: Credentials, stamp: str) -> SignatureFault | None:
    canonical = canonical_request(request, claim.signed_headers, is_s3=claim.scope[2] == "s3")
    to_sign = "\n".join((ALGORITHM, stamp, "/".join(claim.scope), hashlib.sha256(canonical).hexdigest()))
    key = ("AWS4" + credentials.secret_key).encode()
    for step in claim.scope:
        key = hmac.digest(key, step.encode(), "sha256")
    expected = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
    if hmac.compare_digest(expected.encode(), claim.signature.encode("utf-8", "replace")):
        return None
    return SignatureFault(Flaw.MISMATCH, _mismatch_message(canonical, to_sign))


def canonical_request(request: RawRequest, signed_headers: tuple[str, ...], *, is_s3: bool) -> bytes:
    """The canonical request of what came through the socket, for these signed headers in this order.

    S3 signs the path as it is; every other service signs it normalised and percent-encoded once more.
    """
    path = request.path if is_s3 else quote(_normalised(request.path), safe="/~").encode("ascii")
    declared = request.header("X-Amz-Content-Sha256")
    return b"\n".join(
        (
            request.method.encode("ascii"),
            path or b"/",
            _canonical_query(request.query),
            *(_canonical_header(request, name) for name in signed_headers),
            b"",
            ";".join(signed_headers).encode("latin-1"),
            (declared or _sha256(request.body)).encode("latin-1"),
        )
    )


def _canonical_header(request: RawRequest, name: str) -> bytes:
    wanted = name.lower().encode("latin-1")
    values = (re.sub(rb"[ \t]+", b" ", value).strip() for key, value in request.headers if key.lower() == wanted)
    return wanted + b":" + b",".join(values)


def _canonical_query(query: bytes) -> bytes:
    pairs = (pair.partition(b"=")[::2] for pair in query.split(b"&") if pair)
    encoded = sorted(tuple(quote(unquote_to_bytes(side), safe="~") for side in pair) for pair in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded).encode("ascii")


def _normalised(path: bytes) -> bytes:
    """The path without `.`, `..` and empty segments (RFC 3986, 5.2.4)."""
    kept: list[bytes] = []
    for segment in path.split(b"/"):
        if segment == b"..":
            del kept[-1:]
        elif segment not in (b"", b"."):
            kept.append(segment)
    slash = b"/" if kept and path.endswith((b"/", b"/.", b"/..")) else b""
    return b"/" + b"/".join(kept) + slash


def _mismatch_message(canonical: bytes, to_sign: str) -> str:
    shown = re.sub(r"(?m)^(x-amz-security-token:).*$", r"\1(masked)", canonical.decode("latin-1"))
    return (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details.\n\n"
        f"The Canonical String for this request should have been\n'{shown}'\n\n"
        f"The String-to-Sign should have been\n'{to_sign}'\n"
    )


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
