"""Servers without a stream format of their own: raw text (TorchServe), raw text that claims to be SSE (BentoML), and
JSON lines without a Content-Type (LitServe).

All three take a prompt in any of the usual places, or a body of plain text. Nothing marks the end of their streams.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import json_answer, refusal
from smrt_tui.local.containers.dialects import parameters as read
from smrt_tui.local.containers.dialects.base import BadRequest, Call, Encoder, PlainEncoder, Plan, escaped
from smrt_tui.local.containers.language.generation import Completion, GenerationRequest, Step
from smrt_tui.local.containers.reading import content_type

_TOKENS = 256


class TextEncoder(PlainEncoder):
    """The text itself, a token a flush."""

    whole_type = "text/plain; charset=utf-8"

    def __init__(self, stream_type: str | None) -> None:
        self.stream_type = stream_type

    def step(self, step: Step) -> Iterable[bytes]:
        """The text of the token; none for a token without text."""
        if step.text:
            yield step.text.encode()

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """The text."""
        return "".join(completion.text for completion in completions).encode()


class LitServeEncoder(PlainEncoder):
    """`{"token": {"text": …}}` a line, escaped, without any Content-Type."""

    stream_type: str | None = None

    def step(self, step: Step) -> Iterable[bytes]:
        """One line; none for a token without text."""
        if step.text:
            yield escaped({"token": {"text": step.text}}) + b"\n"

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """One object."""
        return escaped({"output": {"text": "".join(completion.text for completion in completions)}})


def read_plain(request: ContainerRequest, call: Call, *, encoder: type[LitServeEncoder] | partial[TextEncoder]) -> Plan:
    """A request with a prompt somewhere; `stream` in the body decides, or else the operation."""
    payload = _payload(request)
    prompt, about = _prompt(payload)
    options = {**payload, **read.section(payload, "parameters")}
    length = next((name for name in ("max_new_tokens", "max_tokens") if options.get(name) is not None), "max_tokens")
    asked = GenerationRequest(
        prompt=prompt,
        about=about,
        sampling=read.sampling(options, call.seed),
        max_tokens=read.integer(options, length, _TOKENS, 1),
        stop=read.stop_strings(options, "stop"),
    )
    made: Encoder = encoder()
    return Plan((asked,), made, read.flag(payload, "stream", default=call.is_stream_operation))


read_text = partial(read_plain, encoder=partial(TextEncoder, "text/plain; charset=utf-8"))
read_bentoml = partial(read_plain, encoder=partial(TextEncoder, "text/event-stream; charset=utf-8"))
read_litserve = partial(read_plain, encoder=LitServeEncoder)


def refuse_text(problem: BadRequest) -> ContainerResponse:
    """Plain text."""
    return refusal(problem.status, problem.message)


def refuse_json(problem: BadRequest) -> ContainerResponse:
    """An object with an error in it."""
    return json_answer({"error": problem.message}, status=problem.status)


def _payload(request: ContainerRequest) -> Mapping[str, Any]:
    if content_type(request.headers).type.startswith("text/"):
        try:
            return {"prompt": request.body.decode()}
        except UnicodeDecodeError as problem:
            raise BadRequest(f"the body is no UTF-8 text: {problem.reason}") from problem
    return read.body_object(request.body)


def _prompt(payload: Mapping[str, Any]) -> tuple[str, str]:
    """All of the input, and what it is about."""
    for name in ("prompt", "inputs", "input", "text"):
        if isinstance(payload.get(name), str) and payload[name]:
            return payload[name], payload[name]
    for name in ("messages", "input"):
        if payload.get(name):
            conversation = read.messages(payload[name], name)
            return read.rendered(conversation), read.question(conversation)
    raise BadRequest("there is no prompt: send prompt, inputs, input, text or messages")
