"""How an invocation happens: endpoint, credentials, signature, attempts, and for an async one its job.

`RuntimeClient.invoke` returns at once; the events come from the returned `Call`. Everything that touches the world is
given from outside (environment, clocks, transports). Nothing is shown, stored or decided for a person here.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakSet

import httpx
from msgspec.structs import replace

from smrt_tui.client.attempt import BodyKind, Reply, Way, transport_fault
from smrt_tui.client.attempts import Attempts, Plan
from smrt_tui.client.call import Journal, RunningCall
from smrt_tui.client.causes import CallFacts
from smrt_tui.client.credentials import CredentialResolver, Credentials
from smrt_tui.client.endpoint import Endpoint, resolve_endpoint
from smrt_tui.client.faults import ClientTrouble, trouble
from smrt_tui.client.outgoing import outgoing_request, refuse_unsendable
from smrt_tui.client.route import Route, TransportFactory, route_to, wire_transport
from smrt_tui.client.seam import Clock
from smrt_tui.client.signing import SignedRequest
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import JobState, Outcome, Phase, PhaseMarked, Started
from smrt_tui.core.placement import placed
from smrt_tui.core.redact import masked_headers, masked_url
from smrt_tui.core.request import WireRequest
from smrt_tui.core.service import Mode, Operation, packaged_service
from smrt_tui.core.target import StaticCredentials, Target

if TYPE_CHECKING:  # at run time in the methods: what only some calls need does not hold up the first
    from smrt_tui.client.account import Account
    from smrt_tui.client.jobs import Job
    from smrt_tui.client.json_service import JsonCaller
    from smrt_tui.client.logs import ContainerLogs
    from smrt_tui.client.s3 import ObjectStore

_READ_TIMEOUT_S: Mapping[Mode, float] = {"sync": 70, "async": 70, "stream": 480}
"""The service's own limits of 60 s and 8 min, with something to spare."""
_KIND: Mapping[Mode, BodyKind] = {"sync": "plain", "async": "receipt", "stream": "stream"}


class RuntimeClient:
    """Invokes endpoints. One for a sitting: it keeps connections and credential sources. Used from one event loop."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        clock: Clock = time.perf_counter,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        transport_factory: TransportFactory = wire_transport,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random.random,
    ) -> None:
        self._environ = environ
        self._clock = clock
        self._now = now
        self._transport_factory = transport_factory
        self._sleep = sleep
        self._random = random
        self._credentials = CredentialResolver(environ, now=now)
        self._attempts = Attempts(now, sleep, random, on_refused=self._credentials.forget)
        self._endpoints: dict[Target, Endpoint] = {}
        self._transports: dict[Route, httpx.AsyncBaseTransport] = {}
        self._calls: WeakSet[RunningCall] = WeakSet()

    def invoke(self, draft: ResolvedDraft, target: Target) -> RunningCall:
        """One invocation, which begins when its events are read. Never raises: every failure is an event."""

        async def story(journal: Journal) -> Outcome:
            return await self._tell(draft, target, journal)

        call = RunningCall(story, self._clock, lambda: _unplaced(draft, target))
        self._calls.add(call)
        return call

    def look_again(self, job: Job, target: Target, *, waits: bool = True) -> RunningCall:
        """A call that only follows a job accepted earlier, or with `waits` off looks once."""
        from smrt_tui.client.jobs import look_again

        call = look_again(job, self._store(target), target.async_options, self._clock, waits=waits)
        self._calls.add(call)
        return call

    async def prepare(self, draft: ResolvedDraft, target: Target) -> SignedRequest:
        """The request as `invoke` would send it first, signed; nothing is sent or uploaded. Raises `ClientTrouble`."""
        endpoint = await self._endpoint(target)
        if draft.mode == "async":
            from smrt_tui.client.placing import new_object_name

            draft, _ = placed(draft, target.async_options.input, new_object_name)
        request = outgoing_request(_operation(draft), draft, endpoint.url, target.client)
        refuse_unsendable(request)
        return await self._attempts.sign(Plan(request, endpoint, await self._resolve(target, endpoint), target.client))

    def forget_credentials(self) -> None:
        """Look for every source of credentials again at the next call."""
        self._credentials.forget()

    def account(self, target: Target) -> Account:
        """What the target's credentials can read of the account."""
        from smrt_tui.client.account import Account

        return Account(self._caller(target))

    def container_logs(self, target: Target) -> ContainerLogs:
        """The logs that the target's credentials can read."""
        from smrt_tui.client.logs import ContainerLogs

        return ContainerLogs(self._caller(target))

    def _caller(self, target: Target) -> JsonCaller:
        from smrt_tui.client.json_service import JsonCaller  # not for a call: loaded when an account is read

        return JsonCaller(
            target,
            self._environ,
            self._credentials,
            self._transport,
            now=self._now,
            sleep=self._sleep,
            random=self._random,
        )

    async def close(self) -> None:
        """Stop every running call and close every kept connection."""
        for call in list(self._calls):
            await call.stop()
        for transport in self._transports.values():
            await transport.aclose()
        self._transports.clear()

    async def _tell(self, draft: ResolvedDraft, target: Target, journal: Journal) -> Outcome:
        """The whole story of one call but its `Ended`."""
        limit = asyncio.timeout(target.client.total_timeout)
        try:
            async with limit:
                return await self._invoke(draft, target, journal)
        except TimeoutError:
            if not limit.expired():
                raise
            total = f"{target.client.total_timeout:g}"
            journal.write(transport_fault(journal, trouble("total-timeout", total_s=total)))
        except ClientTrouble as named:
            journal.write(transport_fault(journal, named))
        return "fault"

    async def _invoke(self, draft: ResolvedDraft, target: Target, journal: Journal) -> Outcome:
        opening = PhaseMarked(0.0, Phase.CREDENTIALS)
        try:
            endpoint = await self._endpoint(target)
        except ClientTrouble:
            journal.write(_unplaced(draft, target), opening)
            raise
        request = outgoing_request(_operation(draft), draft, endpoint.url, target.client)
        journal.write(_started(draft, request), opening)
        refuse_unsendable(request)
        route = route_to(request.url, target.client, self._environ)
        way = Way(self._transport(route), _facts(request, route, draft.mode, target, endpoint.note), _KIND[draft.mode])
        credentials = await self._resolve(target, endpoint)
        if draft.mode == "async":
            request = await self._place(draft, endpoint, target, journal)
        reply = await self._attempts.run(Plan(request, endpoint, credentials, target.client), way, journal)
        if reply.fault is not None:
            return "fault"
        return await self._follow(reply, target, journal) if draft.mode == "async" else "complete"

    async def _place(self, draft: ResolvedDraft, endpoint: Endpoint, target: Target, journal: Journal) -> WireRequest:
        """The request of an async call, its payload uploaded first where the profile wants that."""
        from smrt_tui.client.jobs import Watch
        from smrt_tui.client.placing import place

        watch = Watch(journal.clock, journal.at, self._sleep)
        placed, uploaded = await place(draft, target.async_options, self._store(target), watch, tell=journal.write)
        if uploaded is not None:
            journal.write(uploaded)
        return outgoing_request(_operation(placed), placed, endpoint.url, target.client)

    async def _follow(self, reply: Reply, target: Target, journal: Journal) -> Outcome:
        from smrt_tui.client.jobs import accepted_job, report

        job = accepted_job(reply.headers, reply.receipt)
        journal.write(job.moved(journal.at(), JobState.ACCEPTED, reply.receipt.decode("utf-8", "replace")))
        if not job.output_location:  # a stand-in for SageMaker may tell none, and then there is nowhere to look
            return "complete"
        return await report(job, self._store(target), target.async_options, journal, sleep=self._sleep)

    def _store(self, target: Target) -> ObjectStore:
        from smrt_tui.client.s3 import ObjectStore

        return ObjectStore(target, self._environ, self._credentials, self._transport, now=self._now)

    async def _endpoint(self, target: Target) -> Endpoint:
        """Remembered where the profile itself names region and address: no file of AWS's can change those."""
        if target in self._endpoints:
            return self._endpoints[target]
        endpoint = await asyncio.to_thread(resolve_endpoint, target, self._environ)
        if target.region and target.endpoint_url:
            self._endpoints[target] = endpoint
        return endpoint

    async def _resolve(self, target: Target, endpoint: Endpoint) -> Credentials | None:
        if isinstance(target.credentials, StaticCredentials):
            return self._credentials.resolve(target.credentials)  # in memory: no thread needed
        region = endpoint.region or None
        return await asyncio.to_thread(self._credentials.resolve, target.credentials, region=region)

    def _transport(self, route: Route) -> httpx.AsyncBaseTransport:
        if route not in self._transports:
            self._transports[route] = self._transport_factory(route, self._clock)
        return self._transports[route]


def _operation(draft: ResolvedDraft) -> Operation:
    return packaged_service().operation(draft.mode)


def _unplaced(draft: ResolvedDraft, target: Target) -> Started:
    """The opening of a call whose address is not known."""
    return _started(draft, outgoing_request(_operation(draft), draft, target.endpoint_url or "", target.client))


def _started(draft: ResolvedDraft, request: WireRequest) -> Started:
    shown = replace(request, url=masked_url(request.url), headers=masked_headers(request.headers))
    return Started(0.0, _operation(draft).name, shown)


def _facts(request: WireRequest, route: Route, mode: Mode, target: Target, note: str) -> CallFacts:
    parts = urlsplit(request.url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return CallFacts(
        where=f"{host}:{parts.port or (443 if parts.scheme == 'https' else 80)}",
        connect_s=target.client.connect_timeout,
        read_s=target.client.read_timeout or _READ_TIMEOUT_S[mode],
        proxy="" if route.proxy is None else f"{route.proxy.host}:{route.proxy.port}",
        note=note,
    )
