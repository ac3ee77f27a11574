"""Hand-made steps through an encoder: what a dialect writes, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from smrt_tui.local.container import ContainerResponse
from smrt_tui.local.containers.dialects import DIALECTS
from smrt_tui.local.containers.dialects.base import BadRequest, Call, Plan
from smrt_tui.local.containers.language.generation import Alternative, Channel, Finish, Step, Token, collect
from tests.local.containers.asking import a_request

CHAT = {"messages": [{"role": "user", "content": "Hi"}]}


def a_step(
    text: str,
    finish: Finish | None = None,
    *,
    token_id: int = 1,
    stop: str | None = None,
    choice: int = 0,
    channel: Channel = Channel.TEXT,
    raw: str | None = None,
    top: tuple[Alternative, ...] = (),
) -> Step:
    """One step; `raw` is the token's own text where a stop string holds some of it back."""
    token = Token(token_id, text if raw is None else raw, -0.1, top)
    return Step(choice, channel, token, text, finish, stop)


def the_end(choice: int = 0) -> Step:
    """The step with which the model ends a text."""
    return Step(choice, Channel.TEXT, Token(0, "</s>", -0.1, is_special=True), "", Finish.END)


def a_plan(dialect: str, payload: object, *headers: tuple[str, str], streams: bool = False) -> Plan:
    """The plan of a request; a token is a word."""
    call = Call(id="1", created=1, seed=7, is_stream_operation=streams, count=lambda text: len(text.split()))
    return DIALECTS[dialect].read(a_request(payload, *headers), call)


def flushed(dialect: str, payload: object, steps: Sequence[Step], *headers: tuple[str, str]) -> list[bytes]:
    """The flushes of a stream."""
    encoder = a_plan(dialect, payload, *headers, streams=True).encoder
    return [
        *encoder.opening(),
        *(flush for step in steps for flush in encoder.step(step)),
        *encoder.closing(),
    ]


def whole(dialect: str, payload: object, steps: Sequence[Step], *headers: tuple[str, str]) -> bytes:
    """The answer in one piece."""
    return a_plan(dialect, payload, *headers).encoder.whole(collect(steps))


def troubled(dialect: str, payload: object, steps: Sequence[Step], *headers: tuple[str, str]) -> list[bytes]:
    """The flushes of an error after these steps."""
    encoder = a_plan(dialect, payload, *headers, streams=True).encoder
    list(encoder.opening())
    for step in steps:
        list(encoder.step(step))
    return list(encoder.trouble("boom"))


def refused(dialect: str, payload: Any, *headers: tuple[str, str]) -> ContainerResponse:
    """The refusal of a request that must not be understood."""
    try:
        a_plan(dialect, payload, *headers)
    except BadRequest as problem:
        return DIALECTS[dialect].refuse(problem)
    raise AssertionError("the request was understood")
