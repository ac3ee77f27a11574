"""Attempt after attempt of one call, each signed anew, until one is good or none may follow.

What an attempt does is told in `client.attempt`, whether another follows in `client.retries`; here they are strung
together. Clock, sleep and chance come in from outside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from smrt_tui.client.attempt import Reply, Way, attempt
from smrt_tui.client.call import Journal
from smrt_tui.client.credentials import REFUSED_CODES, Credentials
from smrt_tui.client.endpoint import Endpoint
from smrt_tui.client.retries import Retry, next_retry
from smrt_tui.client.signing import SignedRequest, sign
from smrt_tui.client.skew import clock_skew
from smrt_tui.core.events import AttemptEnded, Phase, PhaseMarked, ServiceFault
from smrt_tui.core.profile import ClientOptions
from smrt_tui.core.redact import masked_canonical_request
from smrt_tui.core.request import WireRequest, header

_SIGN_IN_THREAD_BYTES = 1_000_000
"""Bodies above this are hashed off the loop: SHA-256 takes about half a millisecond a megabyte."""


class Plan(Struct, frozen=True):
    """What every attempt of a call starts from."""

    request: WireRequest
    endpoint: Endpoint
    credentials: Credentials | None
    options: ClientOptions
    skew: timedelta = timedelta(0)
    """What the server's clock is ahead of ours, once it told."""


class Attempts:
    """Signs and sends the requests of a client, as often as its profiles allow."""

    def __init__(
        self,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
        *,
        on_refused: Callable[[], None],
    ) -> None:
        """`on_refused` hears that the service did not take the credentials."""
        self._now = now
        self._sleep = sleep
        self._random = random
        self._on_refused = on_refused

    async def run(self, plan: Plan, way: Way, journal: Journal) -> Reply:
        """Attempt after attempt, each signed anew, until one is good or none may follow."""
        for number in count(1):
            journal.write(PhaseMarked(journal.at(), Phase.SIGN))
            signed = await self.sign(plan, number)
            journal.write(signed.facts.as_event(journal.at()))
            reply = await attempt(signed.request, way, journal)
            if reply.fault is None:
                break
            if isinstance(reply.fault, ServiceFault) and reply.fault.code in REFUSED_CODES:
                self._on_refused()
            corrected = self._with_corrected_clock(plan, reply)
            retry = self._next_retry(plan, number, reply) if corrected is None else Retry(0.0, "clock-corrected")
            if retry is None:
                break
            plan = corrected or plan
            journal.write(AttemptEnded(journal.at(), number, retry.reason, retry.delay_s))
            await self._sleep(retry.delay_s)
        return reply

    async def sign(self, plan: Plan, number: int = 1) -> SignedRequest:
        """The request of that attempt, signed now; a large one off the loop."""
        arguments = _numbered(plan, number), plan.credentials, plan.endpoint.region
        now = self._signing_time(plan)
        if len(plan.request.body) <= _SIGN_IN_THREAD_BYTES:
            signed = sign(*arguments, now=now)
        else:
            signed = await asyncio.to_thread(sign, *arguments, now=now)
        masked = masked_canonical_request(signed.facts.canonical_request)
        return replace(signed, facts=replace(signed.facts, canonical_request=masked))

    def _next_retry(self, plan: Plan, number: int, reply: Reply) -> Retry | None:
        assert reply.fault is not None  # a good attempt is the last
        return next_retry(
            plan.options,
            number,
            reply.fault,
            has_answer=reply.has_answer,
            retry_after_ms=header(reply.headers, "x-amz-retry-after"),
            random=self._random,
        )

    def _with_corrected_clock(self, plan: Plan, reply: Reply) -> Plan | None:
        """The plan signed by the server's clock, once, when it is asked for and ours was refused."""
        if not plan.options.correct_clock_skew or plan.skew or not isinstance(reply.fault, ServiceFault):
            return None
        skew = clock_skew(reply.fault, reply.headers, self._signing_time(plan))
        return None if skew is None else replace(plan, skew=skew)

    def _signing_time(self, plan: Plan) -> datetime:
        return self._now() + timedelta(seconds=plan.options.clock_offset) + plan.skew


def _numbered(plan: Plan, number: int) -> WireRequest:
    """Where a request may be tried again, it tells which attempt it is, as every AWS SDK does."""
    most = plan.options.max_attempts
    if most == 1 or header(plan.request.headers, "amz-sdk-request") is not None:
        return plan.request
    told = ("amz-sdk-request", f"attempt={number}; max={most}")
    return plan.request.with_headers((*plan.request.headers, told))
