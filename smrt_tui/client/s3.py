"""Single S3 objects for async invocations: one signed GET, HEAD or PUT of an `s3://` location, answered as a stream.

Addresses are `client.endpoint`'s, signatures `client.signing`'s, sockets the transport's. Nothing is retried, listed or
kept, no redirect is followed, and an object is never held in memory as a whole.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Literal
from urllib.parse import quote, urlsplit

import httpx
from msgspec import Struct

from smrt_tui.client.causes import CallFacts, fault_of
from smrt_tui.client.credentials import CredentialResolver, Credentials
from smrt_tui.client.endpoint import Endpoint, resolve_bucket
from smrt_tui.client.faults import ClientTrouble, trouble
from smrt_tui.client.route import Route, route_to
from smrt_tui.client.seam import ON_SENT
from smrt_tui.client.signing import sign
from smrt_tui.core.placement import MOST_UPLOADED_BYTES
from smrt_tui.core.request import Headers, WireRequest
from smrt_tui.core.target import StaticCredentials, Target

_SIGN_IN_THREAD_BYTES = 1_000_000
"""Bodies above this are hashed off the loop: SHA-256 takes about half a millisecond a megabyte."""
_READ_TIMEOUT_S = 70.0
_MOST_REFUSAL_BYTES = 64 * 1024
_UNESCAPED = "/~"
"""Of the characters that S3's canonical URI leaves alone, those that `quote` would not."""


class ObjectName(Struct, frozen=True):
    """Bucket and key of one object."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


def parse_location(location: str) -> ObjectName:
    """The object that `s3://bucket/key` names. Raises `ClientTrouble`."""
    bucket, _, key = location.removeprefix("s3://").partition("/")
    if not location.startswith("s3://"):
        raise trouble("location-malformed", location=location or "(nothing)", detail="it does not begin with s3://")
    if not bucket or not key:
        raise trouble("location-malformed", location=location, detail=f"it has no {'key' if bucket else 'bucket'}")
    return ObjectName(bucket, key)


class Refusal(Struct, frozen=True):
    """What S3 said instead of an object."""

    status: int
    code: str
    """Such as NoSuchKey or AccessDenied; empty when there was no XML (as after HEAD)."""
    message: str
    region: str
    """The region that the bucket is really in, when S3 tells."""

    def as_trouble(self, what: str, name: ObjectName) -> ClientTrouble:
        """The same as a fault for a person; `what` as in "reading s3://…"."""
        if self.status in (301, 307, 400) and self.region:
            return trouble("s3-region", bucket=name.bucket, region=self.region)
        code = "s3-denied" if self.status in (401, 403) else "s3-failed"
        return trouble(code, what=f"{what} {name}", detail=self.told)

    @property
    def told(self) -> str:
        """Status, code and message in one line."""
        return f"{self.status} {self.code}{': ' if self.code and self.message else ''}{self.message}".strip()


class ObjectStore:
    """The objects that one target can reach. Used from one event loop."""

    def __init__(
        self,
        target: Target,
        environ: Mapping[str, str],
        credentials: CredentialResolver,
        transport: Callable[[Route], httpx.AsyncBaseTransport],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._target = target
        self._environ = environ
        self._credentials = credentials
        self._transport = transport
        self._now = now
        self._endpoints: dict[str, Endpoint] = {}

    @asynccontextmanager
    async def open(
        self,
        method: Literal["GET", "HEAD", "PUT"],
        name: ObjectName,
        *,
        headers: Headers = (),
        body: bytes = b"",
        on_sent: Callable[[int], None] | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """The answer to one request, whatever its status, its body still to be read inside the block.

        Raises `ClientTrouble` when there is none, and for whatever breaks inside the block.
        """
        client = self._target.client
        facts = CallFacts("S3", client.connect_timeout, client.read_timeout or _READ_TIMEOUT_S)
        try:
            endpoint = await self._endpoint(name.bucket)
            url = f"{endpoint.url.rstrip('/')}/{quote(name.key, safe=_UNESCAPED)}"
            facts = CallFacts(urlsplit(url).netloc, facts.connect_s, facts.read_s)
            request = await self._signed(WireRequest(method, url, headers, body), endpoint)
            transport = self._transport(route_to(url, client, self._environ))
            response = await transport.handle_async_request(_httpx_request(request, facts, on_sent))
            try:
                yield response
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            raise fault_of(error, facts) from error

    async def put(
        self, name: ObjectName, body: bytes, content_type: str | None, *, on_sent: Callable[[int], None] | None = None
    ) -> None:
        """Write an object in one request; `on_sent` hears on the way how many bytes of it have left.

        Raises `ClientTrouble` when S3 does not take it, and before anything is sent when it could not.
        """
        if len(body) > MOST_UPLOADED_BYTES:
            raise trouble("upload-too-large", bytes=f"{len(body):,}", most=f"{MOST_UPLOADED_BYTES:,}")
        headers: Headers = () if content_type is None else (("Content-Type", content_type),)
        async with self.open("PUT", name, headers=headers, body=body, on_sent=on_sent) as response:
            if not response.is_success:
                raise (await read_refusal(response)).as_trouble("writing", name)

    async def _endpoint(self, bucket: str) -> Endpoint:
        """Where a bucket is: worked out by botocore's rules once, since a job is looked for again and again."""
        if bucket not in self._endpoints:
            self._endpoints[bucket] = await asyncio.to_thread(resolve_bucket, self._target, self._environ, bucket)
        return self._endpoints[bucket]

    def forget_credentials(self) -> None:
        """Look for every source of credentials again at the next request."""
        self._credentials.forget()

    async def _signed(self, request: WireRequest, endpoint: Endpoint) -> WireRequest:
        credentials = await self._resolve(endpoint)
        now = self._now() + timedelta(seconds=self._target.client.clock_offset)
        if len(request.body) < _SIGN_IN_THREAD_BYTES:
            return sign(request, credentials, endpoint.region, service="s3", now=now).request
        signed = await asyncio.to_thread(sign, request, credentials, endpoint.region, service="s3", now=now)
        return signed.request

    async def _resolve(self, endpoint: Endpoint) -> Credentials | None:
        spec = self._target.credentials
        if isinstance(spec, StaticCredentials):
            return self._credentials.resolve(spec)
        return await asyncio.to_thread(self._credentials.resolve, spec, region=endpoint.region or None)


async def read_refusal(response: httpx.Response) -> Refusal:
    """What an answer that is no success says, from the first 64 KB of its body."""
    assert isinstance(response.stream, httpx.AsyncByteStream)  # an async transport gives no other
    body = b""
    async for chunk in response.stream:
        body += chunk
        if len(body) >= _MOST_REFUSAL_BYTES:
            break
    text = body.decode("utf-8", "replace")
    return Refusal(
        status=response.status_code,
        code=_element(text, "Code"),
        message=_element(text, "Message"),
        region=response.headers.get("x-amz-bucket-region", "") or _element(text, "Region"),
    )


def _element(xml: str, name: str) -> str:
    """The text of the first such element: all that is wanted of S3's flat error documents."""
    found = re.search(rf"<{name}>([^<]*)</{name}>", xml)
    return unescape(found[1]).strip() if found else ""


def _httpx_request(
    request: WireRequest, facts: CallFacts, on_sent: Callable[[int], None] | None = None
) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url,
        headers=[(name.encode("ascii"), value.encode("utf-8")) for name, value in request.headers],
        content=request.body,
        extensions={
            "timeout": {"connect": facts.connect_s, "read": facts.read_s, "write": facts.read_s, "pool": None},
            # As signed: httpx would resolve a key's dot segments, which S3 takes as they are.
            "target": urlsplit(request.url).path.encode("ascii"),
            **({} if on_sent is None else {ON_SENT: on_sent}),
        },
    )
