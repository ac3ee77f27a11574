"""Calls of AWS services that speak JSON 1.1: one signed POST, its answer as a JSON object, every failure named.

For reading the account, not for invoking: throttling and passing faults are retried by themselves, since nobody
measures these calls. What an operation means is its caller's affair.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import httpx
from msgspec import Struct
from msgspec.structs import replace

from smrt_tui.client.answers import http_fault
from smrt_tui.client.causes import CallFacts, fault_of
from smrt_tui.client.credentials import CredentialResolver, Credentials
from smrt_tui.client.endpoint import AwsService, Endpoint, resolve_service
from smrt_tui.client.faults import ClientTrouble, trouble
from smrt_tui.client.retries import THROTTLING_CODES, next_retry
from smrt_tui.client.route import Route, route_to
from smrt_tui.client.signing import sign
from smrt_tui.core.events import ServiceFault, TransportFault
from smrt_tui.core.request import WireRequest, header
from smrt_tui.core.target import Target

ATTEMPTS = 4
_READ_TIMEOUT_S = 30.0
_MOST_ANSWER_BYTES = 16 * 1024 * 1024
"""A page of log events has up to 1 MB (FilterLogEvents, service model)."""

_TITLES: Mapping[AwsService, str] = {"sagemaker": "SageMaker", "logs": "CloudWatch Logs"}
_TARGETS: Mapping[AwsService, str] = {"sagemaker": "SageMaker", "logs": "Logs_20140328"}
"""The `targetPrefix` of each service model."""

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "NotAuthorized", "UnauthorizedOperation"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_NOT_ACCEPTED = frozenset(
    {
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "OptInRequired",
    }
)


class ServiceRefusal(ClientTrouble):
    """The service carried the call out to an error of its own; `fault` has its code and words."""

    def __init__(self, named: ClientTrouble, fault: ServiceFault) -> None:
        super().__init__(named.code, named.message, named.hint)
        self.fault = fault


class _Reply(Struct, frozen=True):
    """One answered attempt."""

    fault: ServiceFault | None
    body: bytes
    retry_after_ms: str | None


class JsonCaller:
    """Calls as one target would make them: its region, credentials, proxy and trust. Used from one event loop."""

    def __init__(
        self,
        target: Target,
        environ: Mapping[str, str],
        credentials: CredentialResolver,
        transport: Callable[[Route], httpx.AsyncBaseTransport],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random.random,
    ) -> None:
        self._target = target
        self._environ = environ
        self._credentials = credentials
        self._transport = transport
        self._now = now
        self._sleep = sleep
        self._random = random
        # A timed call is not repeated unless the person asks for it; this one may be.
        attempts = max(ATTEMPTS, target.client.max_attempts)
        self._options = replace(target.client, max_attempts=attempts, retry_mode="standard")

    async def region(self, service: AwsService) -> str:
        """The region that is asked. Raises `ClientTrouble` when none is known."""
        return (await self._endpoint(service)).region

    async def call(self, service: AwsService, operation: str, members: Mapping[str, object]) -> Mapping[str, Any]:
        """The members of the answer.

        Raises `ClientTrouble`: a missing right, credentials that are missing, over or not accepted, throttling that
        does not end, no connection, an answer that is none; `ServiceRefusal` for any other error of the service.
        """
        endpoint = await self._endpoint(service)
        credentials = await asyncio.to_thread(
            self._credentials.resolve, self._target.credentials, region=endpoint.region or None
        )
        request = _request(service, operation, members, endpoint)
        for attempt in count(1):
            try:
                reply = await self._exchange(request, service, endpoint, credentials)
            except ClientTrouble as broken:
                if not await self._may_go_on(attempt, TransportFault(0.0, broken.code, broken.message, broken.hint)):
                    raise
                continue
            if reply.fault is None:
                break
            if not await self._may_go_on(attempt, reply.fault, reply.retry_after_ms):
                raise self._named(service, operation, reply.fault)
        return _members(reply.body, service, operation)

    async def _endpoint(self, service: AwsService) -> Endpoint:
        return await asyncio.to_thread(resolve_service, self._target, self._environ, service)

    async def _exchange(
        self, request: WireRequest, service: AwsService, endpoint: Endpoint, credentials: Credentials | None
    ) -> _Reply:
        now = self._now() + timedelta(seconds=self._options.clock_offset)
        signed = sign(request, credentials, endpoint.region, service=service, now=now).request
        facts = _facts(request, self._options.connect_timeout, self._options.read_timeout or _READ_TIMEOUT_S)
        try:
            transport = self._transport(route_to(request.url, self._options, self._environ))
            response = await transport.handle_async_request(_httpx_request(signed, facts))
            try:
                return await _read(response)
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            raise fault_of(error, facts) from error

    async def _may_go_on(
        self, attempt: int, fault: ServiceFault | TransportFault, retry_after_ms: str | None = None
    ) -> bool:
        """Whether another attempt follows; waits until it is due."""
        retry = next_retry(self._options, attempt, fault, retry_after_ms=retry_after_ms, random=self._random)
        if retry is not None:
            await self._sleep(retry.delay_s)
        return retry is not None

    def _named(self, service: AwsService, operation: str, fault: ServiceFault) -> ClientTrouble:
        detail = fault.message or fault.code
        title = _TITLES[service]
        if fault.code in _DENIED:
            return trouble("right-missing", action=f"{service}:{operation}", detail=detail)
        if fault.code in _EXPIRED:
            self._credentials.forget()
            return trouble("credentials-expired", detail=f"{title} says: {detail}")
        if fault.code in _NOT_ACCEPTED:
            self._credentials.forget()
            return trouble("credentials-refused", service=title, detail=detail)
        if fault.code in THROTTLING_CODES:
            return trouble("throttled", service=title, detail=detail)
        told = detail if fault.code in detail else f"{fault.code}: {detail}"
        return ServiceRefusal(trouble("service-refused", service=title, operation=operation, detail=told), fault)


def unreadable(service: AwsService, operation: str, detail: str) -> ClientTrouble:
    """The trouble of an answer that is not what the service model promises."""
    return trouble("answer-unreadable", service=_TITLES[service], operation=operation, detail=detail)


def _request(service: AwsService, operation: str, members: Mapping[str, object], endpoint: Endpoint) -> WireRequest:
    headers = (
        ("X-Amz-Target", f"{_TARGETS[service]}.{operation}"),
        ("Content-Type", "application/x-amz-json-1.1"),
    )
    body = json.dumps(members, separators=(",", ":")).encode()
    return WireRequest("POST", f"{endpoint.url.rstrip('/')}/", headers, body)


def _facts(request: WireRequest, connect_s: float, read_s: float) -> CallFacts:
    return CallFacts(urlsplit(request.url).netloc, connect_s, read_s)


def _httpx_request(request: WireRequest, facts: CallFacts) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url,
        headers=[(name.encode("ascii"), value.encode("utf-8")) for name, value in request.headers],
        content=request.body,
        extensions={"timeout": {"connect": facts.connect_s, "read": facts.read_s, "write": facts.read_s, "pool": None}},
    )


async def _read(response: httpx.Response) -> _Reply:
    assert isinstance(response.stream, httpx.AsyncByteStream)  # an async transport gives no other
    body = bytearray()
    async for chunk in response.stream:
        body += chunk
        if len(body) > _MOST_ANSWER_BYTES:
            raise httpx.RemoteProtocolError(f"the answer has more than {_MOST_ANSWER_BYTES:,} bytes")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
    fault = None
    if not response.is_success:
        fault = http_fault(0.0, response.status_code, response.reason_phrase, headers, bytes(body))
    return _Reply(fault, bytes(body), header(headers, "x-amz-retry-after"))


def _members(body: bytes, service: AwsService, operation: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise unreadable(service, operation, "it is no JSON") from error
    if not isinstance(parsed, dict):
        raise unreadable(service, operation, "it is no JSON object")
    return parsed
