"""Older LMI: dynamic batches as `{"outputs": […]}` lines, and the format for third-party models.

Shapes: djl-serving, deepspeed.py and output_formatter.py, three_p/three_p_utils.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from smrt_tui.local.container import ContainerRequest
from smrt_tui.local.containers.dialects import parameters as read
from smrt_tui.local.containers.dialects.base import BadRequest, Call, PlainEncoder, Plan, compact, spaced
from smrt_tui.local.containers.dialects.lmi import generation_of
from smrt_tui.local.containers.dialects.lmi_rolling import FINISH_WORDS
from smrt_tui.local.containers.language.generation import Completion, GenerationRequest, Step
from smrt_tui.local.containers.language.sampling import Sampling

_MOST_PROMPTS = 32
_GENERATED_TOKENS = 512


class LegacyEncoder(PlainEncoder):
    """A line each time that every text of the batch has one more token; a finished text adds an empty string."""

    def __init__(self, prompts: int) -> None:
        self._writing = set(range(prompts))
        self._turn = [""] * prompts
        self._missing = set(self._writing)

    def step(self, step: Step) -> Iterable[bytes]:
        """One line when the turn is complete, else nothing."""
        self._turn[step.choice] = step.text
        self._missing.discard(step.choice)
        if step.finish is not None:
            self._writing.discard(step.choice)
        if self._missing:
            return
        yield spaced({"outputs": self._turn}) + b"\n"
        self._turn = [""] * len(self._turn)
        self._missing = set(self._writing)

    def trouble(self, message: str) -> Iterable[bytes]:
        """An error object with a code."""
        yield compact({"code": 424, "message": "invoke handler failure", "error": message})

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """A list with one object a prompt."""
        return spaced([{"generated_text": completion.text} for completion in completions])


class ThirdPartyEncoder(PlainEncoder):
    """A line a token, with the counts so far."""

    def __init__(self, prompt_tokens: int) -> None:
        self._prompt_tokens = prompt_tokens
        self._sampled = 0

    def step(self, step: Step) -> Iterable[bytes]:
        """One line."""
        self._sampled += 1
        stop_reason = None if step.finish is None else FINISH_WORDS[step.finish]
        line = self._object(step.text, self._sampled, stop_reason)
        yield compact({**line, "content_type": "application/jsonlines"}) + b"\n"

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """The same, once."""
        (completion,) = completions
        return compact(self._object(completion.text, len(completion.tokens), FINISH_WORDS[completion.finish]))

    def _object(self, text: str, generated: int, stop_reason: str | None) -> dict[str, Any]:
        body = {
            "generation": text,
            "prompt_token_count": self._prompt_tokens,
            "generation_token_count": generated,
            "stop_reason": stop_reason,
        }
        return {"body": body, "metering": {"outputTokenCount": generated, "inputTokenCount": self._prompt_tokens}}


def read_legacy(request: ContainerRequest, call: Call) -> Plan:
    """A request with `inputs`, one string or a list of them."""
    payload = read.body_object(request.body)
    inputs = payload.get("inputs")
    prompts = inputs if isinstance(inputs, list) else [inputs]
    if not prompts or len(prompts) > _MOST_PROMPTS:
        raise BadRequest(f"inputs must be a string or a list of 1 to {_MOST_PROMPTS} strings", parameter="inputs")
    asked = tuple(generation_of({**payload, "inputs": prompt}, call) for prompt in prompts)
    return Plan(asked, LegacyEncoder(len(asked)), read.flag(payload, "stream", default=call.is_stream_operation))


def read_third_party(request: ContainerRequest, call: Call) -> Plan:
    """A request with `prompt` and `max_gen_len`; only the operation decides about streaming."""
    payload = read.body_object(request.body)
    prompt = payload.get("prompt")
    if not isinstance(prompt, str) or not prompt:
        raise BadRequest("prompt must be a string that is not empty", parameter="prompt")
    asked = GenerationRequest(
        prompt=prompt,
        about=prompt,
        continues=True,
        sampling=_third_party_sampling(payload, call),
        max_tokens=read.integer(payload, "max_gen_len", _GENERATED_TOKENS, 1),
    )
    return Plan((asked,), ThirdPartyEncoder(call.count(prompt)), call.is_stream_operation)


def _third_party_sampling(payload: dict[str, Any], call: Call) -> Sampling:
    return read.sampling({"temperature": 0.5, "top_p": 0.9, **payload}, call.seed)
