"""The chat container: one small text model behind the request and answer formats of many serving stacks.

The endpoint's name or `dialect=tgi` in the custom attributes chooses the dialect; `pace=30ms` is the time per token;
`fault=in-band@3` breaks off after three flushes with an error inside the stream. Formats belong to the dialects and
words to the model: here they only meet.
"""

from __future__ import annotations

import difflib
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import refusal
from smrt_tui.local.containers.dialects import DIALECTS
from smrt_tui.local.containers.dialects.base import BadRequest, Call, Dialect, Plan
from smrt_tui.local.containers.language.generation import Step, collect, generate
from smrt_tui.local.containers.language.ngram import NgramModel
from smrt_tui.local.containers.reading import attribute, attributes, is_streaming, pace_s
from smrt_tui.local.containers.surroundings import Surroundings
from smrt_tui.local.containers.trained import Trained

_PACE_S = 0.03
_IN_BAND = "in-band"
_IN_BAND_AFTER = 3
_TROUBLE = "the model was asked to fail inside its stream"


class ChatContainer:
    """A chat model that speaks one dialect, or another when a request asks for it."""

    def __init__(
        self, name: str, dialect: str, model: Trained[NgramModel], surroundings: Surroundings | None = None
    ) -> None:
        self.name = name
        self._dialect = dialect
        self._model = model
        self._surroundings = surroundings or Surroundings()

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """The model's answer in the dialect of the request, or a refusal in the same dialect."""
        name = attribute(request.headers, "dialect") or self._dialect
        dialect = DIALECTS.get(name)
        if dialect is None:
            return refusal(400, _unknown_dialect(name))
        try:
            pace = pace_s(request.headers, _PACE_S)
            break_after = _break_after(request)
        except ValueError as problem:
            return refusal(400, str(problem))
        return await self._answer(dialect, request, pace, break_after)

    async def ping(self) -> bool:
        """Whether the model is there; the first ping trains it."""
        await self._model.get()
        return True

    async def _answer(
        self, dialect: Dialect, request: ContainerRequest, pace: float, break_after: int | None
    ) -> ContainerResponse:
        model = await self._model.get()
        try:
            plan = dialect.read(request, self._call(request, model))
        except BadRequest as problem:
            return dialect.refuse(problem)
        choices = max(1, sum(asked.choices for asked in plan.requests))
        steps = self._paced(generate(model, plan.requests), pace / choices)
        return self._streamed(plan, steps, break_after) if plan.is_stream else await self._whole(plan, steps)

    def _call(self, request: ContainerRequest, model: NgramModel) -> Call:
        return Call(
            id=self._surroundings.new_id(),
            created=int(self._surroundings.now()),
            seed=self._surroundings.new_seed(),
            is_stream_operation=is_streaming(request.headers),
            count=lambda text: len(model.vocabulary.encode(text)),
        )

    async def _paced(self, steps: Iterator[Step], pace: float) -> AsyncGenerator[Step, None]:
        """Each step when it is due. A late one does not delay the next, so that the rate holds."""
        due = self._surroundings.monotonic()
        for step in steps:
            due += pace
            await self._surroundings.sleep(max(0.0, due - self._surroundings.monotonic()))
            yield step

    def _streamed(self, plan: Plan, steps: AsyncGenerator[Step, None], break_after: int | None) -> ContainerResponse:
        kind = plan.encoder.stream_type
        headers = (
            plan.encoder.stream_headers() if kind is None else (("Content-Type", kind), *plan.encoder.stream_headers())
        )
        flushes = _flushes(plan, steps)
        return ContainerResponse(200, headers, flushes if break_after is None else _broken(plan, flushes, break_after))

    async def _whole(self, plan: Plan, steps: AsyncGenerator[Step, None]) -> ContainerResponse:
        started = self._surroundings.monotonic()
        completions = collect([step async for step in steps])
        took_s = self._surroundings.monotonic() - started
        headers = (("Content-Type", plan.encoder.whole_type), *plan.encoder.whole_headers(completions, took_s))
        return ContainerResponse(200, headers, plan.encoder.whole(completions))


async def _flushes(plan: Plan, steps: AsyncGenerator[Step, None]) -> AsyncGenerator[bytes, None]:
    for flush in plan.encoder.opening():
        yield flush
    async with aclosing(steps):
        async for step in steps:
            for flush in plan.encoder.step(step):
                yield flush
    for flush in plan.encoder.closing():
        yield flush


async def _broken(plan: Plan, flushes: AsyncGenerator[bytes, None], after: int) -> AsyncGenerator[bytes, None]:
    """So many flushes, then the error; a stream that ends before stays whole."""
    left = after
    async with aclosing(flushes):
        async for flush in flushes:
            if left == 0:
                break
            left -= 1
            yield flush
        else:
            return
    for flush in plan.encoder.trouble(_TROUBLE):
        yield flush


def _break_after(request: ContainerRequest) -> int | None:
    """After how many flushes the stream shall break off with an error; None: not at all."""
    for name, value in attributes(request.headers):
        fault, _, count = value.partition("@")
        if name == "fault" and fault == _IN_BAND:
            if count and not (count.isascii() and count.isdigit()):
                raise ValueError(f"fault={value}: after @ comes the number of parts before the error")
            return int(count[:9]) if count else _IN_BAND_AFTER
    return None


def _unknown_dialect(name: str) -> str:
    near = difflib.get_close_matches(name, DIALECTS, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"There is no dialect named '{name}'.{hint} Known: {', '.join(DIALECTS)}."
