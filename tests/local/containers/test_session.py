"""Sessions: opened, remembered, prolonged, closed, expired."""

from __future__ import annotations

import json

import pytest

from smrt_tui.local.container import ContainerResponse
from smrt_tui.local.containers.session import SessionContainer
from tests.local.containers.asking import PACE_0, STREAM, ask, fixed_surroundings, flushes, json_of

ID = "01234567-89ab-cdef-0123-456789abcdef"
SESSION = "X-Amzn-SageMaker-Session-Id"


async def opened(container: SessionContainer) -> ContainerResponse:
    return await ask(container, {"requestType": "NEW_SESSION"}, (SESSION, "NEW_SESSION"))


async def test_a_new_session_tells_its_id_and_its_end() -> None:
    assert await opened(SessionContainer(fixed_surroundings())) == ContainerResponse(
        200,
        (("Content-Type", "text/plain; charset=utf-8"), (SESSION, f"{ID}; Expires=2023-11-14T22:33:20Z")),
        f"Session {ID} created".encode(),
    )


async def test_turns_are_remembered() -> None:
    container = SessionContainer(fixed_surroundings())
    await opened(container)
    first = await json_of(container, {"text": "one"}, (SESSION, ID))
    second = await json_of(container, {"message": "two"}, (SESSION, ID))
    assert first == {
        "session": ID,
        "turn": 1,
        "remembered": [],
        "answer": "This is turn 1. You said: one.",
    }
    assert second == {
        "session": ID,
        "turn": 2,
        "remembered": ["one"],
        "answer": "This is turn 2. You said: two. Before that you said: one.",
    }


async def test_a_closed_session_is_gone() -> None:
    container = SessionContainer(fixed_surroundings())
    await opened(container)
    assert await ask(container, {"requestType": "CLOSE"}, (SESSION, ID)) == ContainerResponse(
        200,
        (("Content-Type", "text/plain; charset=utf-8"), ("X-Amzn-SageMaker-Closed-Session-Id", ID)),
        f"Session {ID} closed".encode(),
    )
    assert (await ask(container, {"text": "one"}, (SESSION, ID))).status == 400


async def test_a_bad_id_is_a_400() -> None:
    assert await ask(SessionContainer(), {"text": "one"}, (SESSION, "bogus")) == ContainerResponse(
        400,
        (("Content-Type", "application/json"),),
        b'{"detail": "Bad request: session not found: bogus"}',
    )


async def test_a_new_session_without_its_request_type_is_no_session() -> None:
    response = await ask(SessionContainer(), {"text": "one"}, (SESSION, "NEW_SESSION"))
    assert (response.status, response.body) == (
        400,
        b'{"detail": "Bad request: session not found: NEW_SESSION"}',
    )


async def test_a_session_expires_unless_a_turn_prolongs_it() -> None:
    times = [1_000.0]
    container = SessionContainer(fixed_surroundings(lambda: times[0]), lifetime_s=60)
    await opened(container)
    times[0] = 1_059.0
    assert (await ask(container, {"text": "one"}, (SESSION, ID))).status == 200
    times[0] = 1_118.0
    assert (await ask(container, {"text": "two"}, (SESSION, ID))).status == 200
    times[0] = 1_178.0
    assert (await ask(container, {"text": "three"}, (SESSION, ID))).status == 400


async def test_without_a_session_nothing_is_remembered() -> None:
    container = SessionContainer()
    for _ in range(2):
        assert (await json_of(container, {"text": "one"}))["remembered"] == []


async def test_a_stream_has_a_line_for_each_field() -> None:
    lines = await flushes(await ask(SessionContainer(), {"text": "hé"}, STREAM, PACE_0))
    assert [json.loads(line) for line in lines if isinstance(line, bytes)] == [
        {"session": None},
        {"turn": 1},
        {"remembered": []},
        {"answer": "This is turn 1. You said: hé."},
    ]


@pytest.mark.parametrize("body", [b"", {}, {"text": ""}, {"text": 3}, {"requestType": "OPEN"}, {"requestType": 1}])
async def test_nonsense_is_a_400(body: object) -> None:
    assert (await ask(SessionContainer(), body)).status == 400


async def test_closing_without_an_id_is_a_400() -> None:
    assert (await ask(SessionContainer(), {"requestType": "CLOSE"})).status == 400
