"""A caller whose service answers what a test says, and which never waits."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from smrt_tui.client.credentials import CredentialResolver
from smrt_tui.client.endpoint import AwsService
from smrt_tui.client.json_service import JsonCaller
from smrt_tui.core.profile import CredentialsSpec
from smrt_tui.core.target import StaticCredentials, Target

KEYS = StaticCredentials("ASIAEXAMPLE", "secret", "token")
Answer = Callable[[str, Mapping[str, Any]], httpx.Response]


def answered(members: object) -> httpx.Response:
    """A good answer."""
    return httpx.Response(200, json=members)


def refused(code: str, message: str = "why", status: int = 400) -> httpx.Response:
    """An error as JSON 1.1 services tell it."""
    return httpx.Response(status, json={"__type": f"com.amazonaws#{code}", "message": message})


@dataclass
class Service:
    """What was asked, and how long the caller would have waited."""

    answer: Answer
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    def caller(
        self,
        *,
        environ: Mapping[str, str] | None = None,
        credentials: CredentialsSpec | StaticCredentials | None = KEYS,
        region: str | None = "us-east-1",
    ) -> JsonCaller:
        """A caller of this service."""
        transport = httpx.MockTransport(self._respond)
        environ = environ or {}
        return JsonCaller(
            Target(region=region, credentials=credentials),
            environ,
            CredentialResolver(environ),
            lambda _: transport,
            now=lambda: datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
            sleep=self._wait,
            random=lambda: 1.0,
        )

    async def _wait(self, seconds: float) -> None:
        self.waited.append(seconds)

    async def _respond(self, request: httpx.Request) -> httpx.Response:
        operation = request.headers["X-Amz-Target"].rpartition(".")[2]
        members = json.loads(request.content)
        self.asked.append((operation, members))
        self.requests.append(request)
        return self.answer(operation, members)


def always(response: Callable[[], httpx.Response]) -> Answer:
    """The same answer to everything."""
    return lambda operation, members: response()


def in_turn(*responses: httpx.Response) -> Answer:
    """One answer after the other, the last one over and over."""
    left = list(responses)
    return lambda operation, members: left.pop(0) if len(left) > 1 else left[0]


class SameAnswer(JsonCaller):
    """A caller that has the same answer to everything, with nothing signed or sent."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._answer = json.loads(json.dumps(answer))

    async def region(self, service: AwsService) -> str:
        return "us-east-1"

    async def call(self, service: AwsService, operation: str, members: Mapping[str, object]) -> Mapping[str, Any]:
        return dict(self._answer)


def at_once(work: Coroutine[Any, Any, object]) -> None:
    """Carry out what waits for nothing; cheaper than a turn of an event loop for each of many examples."""
    with pytest.raises(StopIteration):
        work.send(None)
