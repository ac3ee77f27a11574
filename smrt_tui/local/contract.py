"""Would SageMaker accept this container? The serving contract as a list of checks against a running one, measured.

Source: Amazon SageMaker developer guide, "Use your own inference code with hosting services" and "Invoke models for
real-time inference". Sends real requests; nothing is judged that was not measured. httpx is loaded by this module only.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

from smrt_tui.core.badges import is_buffered
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.hosts import is_loopback_host

CONNECT_S = 0.25
CONNECT_GIVE_UP_S = 5.0
"""How long to try, so as to measure by how much a slow one misses."""
PING_S = 2.0
ANSWER_S = 60.0
BODY_BYTES = 6_291_456

_NO_CONNECTION = "no connection"

Verdict: TypeAlias = Literal["pass", "warn", "fail", "skip"]


class Check(Struct, frozen=True):
    """One demand of the contract."""

    name: str
    verdict: Verdict
    measured: str
    """What was seen, with figures."""
    demand: str
    """What SageMaker asks for."""
    otherwise: str
    """What SageMaker would do when it is not met."""


class _Demand(Struct, frozen=True):
    name: str
    demand: str
    otherwise: str

    def check(self, verdict: Verdict, measured: str) -> Check:
        return Check(self.name, verdict, measured, self.demand, self.otherwise)


_CONNECT = _Demand("connect", "a TCP connection within 250 ms", "The invocation fails: ModelError (424), status 0.")
_PING = _Demand(
    "ping",
    "GET /ping answers 200 within 2 s",
    "The endpoint stays Creating and fails: the container did not pass the ping health check.",
)
_VERSION = _Demand("http", "HTTP/1.1, which streaming needs", "A stream arrives in one piece, at its end.")
_INVOKE = _Demand(
    "invocations",
    "POST /invocations answers below 400 within 60 s",
    "The client gets ModelError (424) with this status, or status 0 after 60 s.",
)
_HEADERS = _Demand(
    "headers",
    "the X-Amzn-SageMaker-* headers are accepted, known or not",
    "Invocations fail as soon as a member or SageMaker itself adds a header that is refused.",
)
_STREAM = _Demand(
    "streaming",
    "the answer comes in HTTP chunks as it is made",
    "InvokeEndpointWithResponseStream works, but all text comes in one part at the end.",
)
_REQUEST_SIZE = _Demand(
    "request size",
    "a body of 6,291,456 bytes is read",
    "Large invocations get ModelError (424) with the container's own status.",
)
_RESPONSE_SIZE = _Demand("response size", "an answer of at most 6,291,456 bytes", "The answer may be refused.")

_FORWARDED = (
    ("X-Amzn-SageMaker-Custom-Attributes", "contract=check"),
    ("X-Amzn-SageMaker-Inference-Id", "contract-check"),
    ("X-Amzn-SageMaker-Forwarded-Api", "InvokeEndpoint"),
    ("X-Amzn-SageMaker-Contract-Check", "a header that nobody has heard of"),
)


class Probe(Struct, frozen=True):
    """The payload that the container understands."""

    body: bytes = b"{}"
    content_type: str = "application/json"


class ContractReport(Struct, frozen=True):
    """Every check that could be made, in order."""

    url: str
    checks: tuple[Check, ...]

    @property
    def is_kept(self) -> bool:
        """Whether no check failed; a warning is no failure."""
        return all(check.verdict != "fail" for check in self.checks)

    def text(self) -> str:
        """For a terminal: one line a check, and below a breach what is asked and what would happen."""
        lines = []
        for check in self.checks:
            lines.append(f"{check.verdict:4}  {check.name:13}  {check.measured}")
            if check.verdict in ("fail", "warn"):
                lines += [f"{'':21}asked for: {check.demand}", f"{'':21}SageMaker: {check.otherwise}"]
        failed = sum(check.verdict == "fail" for check in self.checks)
        of_all = f"{failed} of {len(self.checks)} checks failed"
        lines.append(f"{self.url}: {of_all if failed else 'the contract is kept'}")
        return "\n".join(lines) + "\n"


async def check_contract(url: str, probe: Probe | None = None, *, allow_remote: bool = False) -> ContractReport:
    """Every check in order, with what was measured. Raises `SmrtError` when the address is none that may be asked.

    A container that does not answer at all makes one failed check; a probe that it does not understand is a warning.
    """
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise SmrtError(f"{url!r} is no address of a container", "give one such as http://127.0.0.1:8080")
    if not allow_remote and not is_loopback_host(parts.hostname):
        raise SmrtError(f"{parts.hostname} is another machine", "ask it all the same with --allow-remote-containers")
    return ContractReport(url, tuple([check async for check in contract_checks(url, probe or Probe())]))


async def contract_checks(url: str, probe: Probe) -> AsyncIterator[Check]:
    """The same, one by one as they are made."""
    parts = urlsplit(url)
    connect = await _connects(parts.hostname or "", parts.port or 80)
    yield connect
    if connect.measured.startswith(_NO_CONNECTION):
        return
    base = f"http://{parts.netloc}"
    async with httpx.AsyncClient(base_url=base, timeout=ANSWER_S, trust_env=False) as client:
        yield await _try(_PING, _pings(client))
        answer = await _try_post(client, probe)
        if isinstance(answer, Check):
            yield answer
            return
        for check in _judge(answer):
            yield check
        yield await _try(_HEADERS, _takes_headers(client, probe, answer.status))
        yield await _try(_REQUEST_SIZE, _takes_large(client, probe))


class _Answer(Struct, frozen=True):
    """One answer of `/invocations`, with the moments at which its chunks came."""

    status: int
    version: str
    is_chunked: bool
    head_s: float
    chunk_times: tuple[float, ...]
    size: int


async def _connects(host: str, port: int) -> Check:
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(CONNECT_GIVE_UP_S):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError) as error:
        reason = getattr(error, "strerror", None) or str(error) or f"not within {CONNECT_GIVE_UP_S:.0f} s"
        return _CONNECT.check("fail", f"{_NO_CONNECTION} to {host}:{port}: {reason}")
    took = time.perf_counter() - begun
    writer.close()
    return _CONNECT.check("pass" if took < CONNECT_S else "fail", f"{took * 1000:.1f} ms")


async def _pings(client: httpx.AsyncClient) -> Check:
    begun = time.perf_counter()
    response = await client.get("/ping")
    took = time.perf_counter() - begun
    is_fine = response.status_code == 200 and took < PING_S
    return _PING.check("pass" if is_fine else "fail", f"{response.status_code} after {took * 1000:.1f} ms")


async def _try_post(client: httpx.AsyncClient, probe: Probe) -> _Answer | Check:
    try:
        return await _post(client, probe)
    except httpx.HTTPError as error:
        return _INVOKE.check("fail", _in_words(error))


async def _post(client: httpx.AsyncClient, probe: Probe) -> _Answer:
    begun = time.perf_counter()
    headers = {"Content-Type": probe.content_type}
    async with client.stream("POST", "/invocations", content=probe.body, headers=headers) as response:
        head_s = time.perf_counter() - begun
        times = []
        size = 0
        async for chunk in response.aiter_raw():
            times.append(time.perf_counter() - begun)
            size += len(chunk)
        return _Answer(
            status=response.status_code,
            version=response.http_version,
            is_chunked=response.headers.get("transfer-encoding", "").lower() == "chunked",
            head_s=head_s,
            chunk_times=tuple(times),
            size=size,
        )


def _judge(answer: _Answer) -> Iterator[Check]:
    total = answer.chunk_times[-1] if answer.chunk_times else answer.head_s
    yield _VERSION.check("pass" if answer.version == "HTTP/1.1" else "fail", answer.version)
    verdict: Verdict = "pass" if answer.status < 400 else "warn" if answer.status < 500 else "fail"
    hint = "; give a payload that it understands" if verdict == "warn" else ""
    yield _INVOKE.check(verdict, f"{answer.status} after {total * 1000:.1f} ms{hint}")
    yield _RESPONSE_SIZE.check("pass" if answer.size <= BODY_BYTES else "warn", f"{answer.size} bytes")
    yield _judge_streaming(answer)


def _judge_streaming(answer: _Answer) -> Check:
    count = len(answer.chunk_times)
    if answer.status >= 400:
        return _STREAM.check("skip", "the probe was not understood")
    if not answer.is_chunked:
        return _STREAM.check("warn", "the answer has a Content-Length; give a payload that asks for a stream")
    if count < 2:
        return _STREAM.check("warn", f"chunked, but {count} chunk in all")
    spread = answer.chunk_times[-1] - answer.chunk_times[0]
    if is_buffered(answer.chunk_times, 0.0):
        silence = answer.chunk_times[0]
        return _STREAM.check("warn", f"{count} chunks within {spread * 1000:.1f} ms after {silence:.1f} s of silence")
    return _STREAM.check("pass", f"{count} chunks, the last one {spread * 1000:.1f} ms after the first")


async def _takes_headers(client: httpx.AsyncClient, probe: Probe, status: int) -> Check:
    headers = {"Content-Type": probe.content_type, **dict(_FORWARDED)}
    response = await client.post("/invocations", content=probe.body, headers=headers)
    verdict: Verdict = "pass" if response.status_code == status else "fail"
    return _HEADERS.check(verdict, f"{response.status_code} with them, {status} without")


async def _takes_large(client: httpx.AsyncClient, probe: Probe) -> Check:
    """The probe padded with blanks, which JSON and most text formats ignore."""
    body = probe.body.ljust(BODY_BYTES, b" ")
    begun = time.perf_counter()
    response = await client.post("/invocations", content=body, headers={"Content-Type": probe.content_type})
    took = time.perf_counter() - begun
    verdict: Verdict = "fail" if response.status_code in (413, 431) else "pass"
    return _REQUEST_SIZE.check(verdict, f"{response.status_code} after {took * 1000:.1f} ms")


async def _try(demand: _Demand, check: Coroutine[None, None, Check]) -> Check:
    try:
        return await check
    except httpx.HTTPError as error:
        return demand.check("fail", _in_words(error))


def _in_words(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {ANSWER_S:.0f} s"
    return f"the connection broke: {str(error) or type(error).__name__}"
