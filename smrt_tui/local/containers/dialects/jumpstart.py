"""The JumpStart Llama 2 containers: a list of dialogs in, a list of generations out, after the licence was accepted.

A stream is the same JSON document, sent piece by piece as it grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import refusal
from smrt_tui.local.containers.dialects import parameters as read
from smrt_tui.local.containers.dialects.base import BadRequest, Call, PlainEncoder, Plan, compact
from smrt_tui.local.containers.language.generation import Completion, GenerationRequest, Step
from smrt_tui.local.containers.reading import attribute

_NEW_TOKENS = 256


class JumpStartEncoder(PlainEncoder):
    """`[{"generation":{"role":"assistant","content":"…"}}]`, or a bare string for a bare prompt."""

    stream_type: str | None = "application/json"

    def __init__(self, *, is_chat: bool) -> None:
        self._is_chat = is_chat

    def opening(self) -> Iterable[bytes]:
        """The document up to the text."""
        yield self._document("")[: -len(self._end())]

    def step(self, step: Step) -> Iterable[bytes]:
        """More of the text, as it stands inside a JSON string."""
        inner = compact(step.text)[1:-1]
        if inner:
            yield inner

    def closing(self) -> Iterable[bytes]:
        """The rest of the document."""
        yield self._end()

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """The document."""
        (completion,) = completions
        return self._document(completion.text)

    def _document(self, text: str) -> bytes:
        return compact([{"generation": {"role": "assistant", "content": text} if self._is_chat else text}])

    def _end(self) -> bytes:
        return b'"}}]' if self._is_chat else b'"}]'


def read_jumpstart(request: ContainerRequest, call: Call) -> Plan:
    """A request with `inputs`: one dialog in a list, or a string; only the operation decides about streaming."""
    if attribute(request.headers, "accept_eula") != "true":
        raise BadRequest(
            "Need to pass custom_attributes='accept_eula=true' as part of header. This means you have read and accept "
            "the end-user license agreement (EULA) of the model."
        )
    payload = read.body_object(request.body)
    inputs = payload.get("inputs")
    if isinstance(inputs, str) and inputs:
        asked = _generation(payload, call, inputs, inputs, continues=True)
        return Plan((asked,), JumpStartEncoder(is_chat=False), call.is_stream_operation)
    if not isinstance(inputs, list) or len(inputs) != 1:
        raise BadRequest("inputs must be a string or a list of one dialog: [[{role, content}, …]]")
    dialog = read.messages(inputs[0], "inputs[0]")
    asked = _generation(payload, call, read.rendered(dialog), read.question(dialog), continues=False)
    return Plan((asked,), JumpStartEncoder(is_chat=True), call.is_stream_operation)


def refuse_jumpstart(problem: BadRequest) -> ContainerResponse:
    """Plain text."""
    return refusal(problem.status, problem.message)


def _generation(
    payload: Mapping[str, Any], call: Call, prompt: str, about: str, *, continues: bool
) -> GenerationRequest:
    options = read.section(payload, "parameters")
    return GenerationRequest(
        prompt=prompt,
        about=about,
        continues=continues,
        sampling=read.sampling(options, call.seed),
        max_tokens=read.integer(options, "max_new_tokens", _NEW_TOKENS, 1),
        stop=read.stop_strings(options, "stop"),
    )
