"""OpenAI's Responses format, as mlflow's agent server streams it: server-sent events with everything escaped.

Shapes: captured from mlflow.genai.agent_server; items as in mlflow/types/responses.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import json_answer
from smrt_tui.local.containers.dialects import parameters as read
from smrt_tui.local.containers.dialects.base import CONTEXT_TOKENS, BadRequest, Call, PlainEncoder, Plan, escaped
from smrt_tui.local.containers.language.generation import Completion, GenerationRequest, Step


class ResponsesEncoder(PlainEncoder):
    """A delta a token, then the whole item again, then [DONE]."""

    stream_type: str | None = "text/event-stream; charset=utf-8"

    def __init__(self, call: Call, prompt_tokens: int) -> None:
        self._item_id = f"msg_{call.id}"
        self._response_id = f"resp_{call.id}"
        self._prompt_tokens = prompt_tokens
        self._texts: list[str] = []

    def step(self, step: Step) -> Iterable[bytes]:
        """One delta; none for a token without text."""
        self._texts.append(step.text)
        if step.text:
            yield _event({"type": "response.output_text.delta", "item_id": self._item_id, "delta": step.text})

    def closing(self) -> Iterable[bytes]:
        """The finished item and the end marker."""
        yield _event({"type": "response.output_item.done", "item": self._item("".join(self._texts))})
        yield b"data: [DONE]\n\n"

    def trouble(self, message: str) -> Iterable[bytes]:
        """An error event, then the end marker."""
        yield _event({"error": message})
        yield b"data: [DONE]\n\n"

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """A response with one item."""
        (completion,) = completions
        generated = len(completion.tokens)
        usage = {
            "input_tokens": self._prompt_tokens,
            "output_tokens": generated,
            "total_tokens": self._prompt_tokens + generated,
        }
        item = self._item(completion.text)
        return escaped({"id": self._response_id, "object": "response", "output": [item], "usage": usage})

    def _item(self, text: str) -> dict[str, Any]:
        content = [{"type": "output_text", "text": text, "annotations": []}]
        return {
            "type": "message",
            "id": self._item_id,
            "status": "completed",
            "role": "assistant",
            "content": content,
        }


def read_responses(request: ContainerRequest, call: Call) -> Plan:
    """A request with `input`, a string or a list of messages."""
    payload = read.body_object(request.body)
    given = payload.get("input")
    conversation = read.messages([{"role": "user", "content": given}] if isinstance(given, str) else given, "input")
    prompt = read.rendered(conversation)
    asked = GenerationRequest(
        prompt=prompt,
        about=read.question(conversation),
        sampling=read.sampling(payload, call.seed),
        max_tokens=read.integer(payload, "max_output_tokens", CONTEXT_TOKENS, 1),
    )
    return Plan((asked,), ResponsesEncoder(call, call.count(prompt)), read.flag(payload, "stream"))


def refuse_responses(problem: BadRequest) -> ContainerResponse:
    """The web framework's error object."""
    return json_answer({"detail": f"Invalid parameters: {problem.message}"}, status=problem.status)


def _event(value: Any) -> bytes:
    return b"data: " + escaped(value) + b"\n\n"
