"""Builders for calls in tests: a draft, a target, a client, and the whole story of a call as a list."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

from msgspec import convert

from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import Call, Event, PartArrived, ServiceFault, TransportFault
from smrt_tui.core.profile import ClientOptions, CredentialsSpec
from smrt_tui.core.service import Mode
from smrt_tui.core.target import StaticCredentials, Target

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANONYMOUS = CredentialsSpec(anonymous=True)
KEYS = StaticCredentials("AKIDEXAMPLE", "the-secret-key", "the-session-token")

Kind = TypeVar("Kind")


def a_draft(
    mode: Mode = "sync",
    body: bytes = b"{}",
    *,
    members: tuple[tuple[str, str], ...] = (),
    headers: tuple[tuple[str, str], ...] = (),
) -> ResolvedDraft:
    """A request to an endpoint named `ep`."""
    return ResolvedDraft(mode, "ep", members, headers, body)


def a_target(
    port: int, *, scheme: str = "http", credentials: CredentialsSpec | StaticCredentials = ANONYMOUS, **options: object
) -> Target:
    """A target on loopback; `options` are those of the profile's `client:`, with time-outs that suit a test."""
    return Target(
        region="us-east-1",
        endpoint_url=f"{scheme}://localhost:{port}" if scheme == "https" else f"{scheme}://127.0.0.1:{port}",
        credentials=credentials,
        client=convert({"read_timeout": 10, **options}, ClientOptions),
    )


@asynccontextmanager
async def a_client(environ: Mapping[str, str] | None = None) -> AsyncIterator[RuntimeClient]:
    """A client with a fixed calendar, closed afterwards."""
    client = RuntimeClient(environ or {}, now=lambda: NOW)
    try:
        yield client
    finally:
        await client.close()


async def story(call: Call) -> list[Event]:
    """Every event of a call."""
    return [event async for event in call]


async def story_of(draft: ResolvedDraft, target: Target, environ: Mapping[str, str] | None = None) -> list[Event]:
    """Every event of one call by a client of its own."""
    async with a_client(environ) as client:
        return await story(client.invoke(draft, target))


def only(kind: type[Kind], events: list[Event]) -> list[Kind]:
    """The events of one class."""
    return [event for event in events if isinstance(event, kind)]


def body_of(events: list[Event]) -> bytes:
    """The joined parts."""
    return b"".join(part.payload for part in only(PartArrived, events))


def fault_codes(events: list[Event]) -> list[str]:
    """The codes of the faults, in order."""
    return [event.code for event in events if isinstance(event, ServiceFault | TransportFault)]
