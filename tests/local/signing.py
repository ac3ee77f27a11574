"""Requests as botocore signs them, for the verifier and for raw sockets."""

from __future__ import annotations

from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from smrt_tui.local.sigv4 import Credentials
from smrt_tui.local.wire import RawRequest
from tests.local.running import CREDENTIALS

URL = "http://127.0.0.1:8890/endpoints/chat/invocations"


def sign(
    body: bytes = b"{}",
    *,
    url: str = URL,
    keys: Credentials = CREDENTIALS,
    region: str = "us-east-1",
    service: str = "sagemaker",
    method: str = "POST",
    headers: dict[str, str] | None = None,
) -> RawRequest:
    """The request as botocore signs it now and a client sends it."""
    request = AWSRequest(method, url, data=body, headers={"Host": urlsplit(url).netloc, **(headers or {})})
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(BotoCredentials(keys.access_key, keys.secret_key, keys.session_token), service, region).add_auth(request)
    parts = urlsplit(request.url)
    pairs = tuple((name.encode(), value.encode()) for name, value in request.headers.items())
    return RawRequest(method, parts.path.encode(), parts.query.encode(), pairs, body, len(body))


def as_bytes(request: RawRequest) -> bytes:
    """The request as it goes through a socket."""
    target = request.path + (b"?" + request.query if request.query else b"")
    lines = [b"%b %b HTTP/1.1" % (request.method.encode(), target)]
    lines += [b"%b: %b" % pair for pair in request.headers]
    lines.append(b"Content-Length: %d" % len(request.body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.body
