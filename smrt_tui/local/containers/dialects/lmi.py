"""LMI with vLLM's async engine (container v15): `inputs` as JSON lines in TGI's style, chat as vLLM's without `data:`.

Shapes: djl-serving, lmi_vllm/request_response_utils.py. Two quirks are kept: `generated_tokens` of a stream is one too
high, and `finish_reason` of a whole answer is vLLM's stop reason, so mostly null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer
from smrt_tui.local.containers.dialects import parameters as read
from smrt_tui.local.containers.dialects.base import (
    JSON_LINES,
    BadRequest,
    Call,
    PlainEncoder,
    Plan,
    compact,
    spaced,
)
from smrt_tui.local.containers.dialects.openai import read_payload
from smrt_tui.local.containers.language.generation import Completion, Finish, GenerationRequest, Step, Token
from smrt_tui.local.containers.language.sampling import Sampling

MODEL = "lmi"
NEW_TOKENS = 30
_FINISH_WORDS = {Finish.END: "stop", Finish.STOP: "stop", Finish.LENGTH: "length"}


class LmiEncoder(PlainEncoder):
    """A line a token, then two empty lines: where vLLM's usage and its end marker stood."""

    def __init__(self, asked: GenerationRequest, payload: Mapping[str, Any], call: Call) -> None:
        options = read.section(payload, "parameters")
        self._has_details = read.flag(options, "details")
        self._before = asked.prompt if read.flag(options, "return_full_text") else ""
        self._seed = read.seed_of(options)
        self._input_length = call.count(asked.prompt)
        self._texts: list[str] = []

    def step(self, step: Step) -> Iterable[bytes]:
        """One line."""
        self._texts.append(step.text)
        token = {"id": step.token.id, "text": step.text, "logprob": step.token.logprob}
        line: dict[str, Any] = {"index": 0, "token": token, "generated_text": None, "details": None}
        if step.finish is not None:
            line["generated_text"] = self._before + "".join(self._texts)
            line["details"] = self._stream_details(step.finish) if self._has_details else None
        yield spaced(line) + b"\n"

    def closing(self) -> Iterable[bytes]:
        """Two empty lines."""
        yield b"\n"
        yield b"\n"

    def trouble(self, message: str) -> Iterable[bytes]:
        """An error object without a line end, as the Java half of the server writes it."""
        yield compact({"code": 424, "error": message})

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """An object and a line end."""
        (completion,) = completions
        result: dict[str, Any] = {"generated_text": self._before + completion.text}
        if self._has_details:
            result["details"] = {
                "finish_reason": completion.stop,
                "generated_tokens": len(completion.tokens),
                "seed": self._seed,
                "prefill": [],
                "tokens": [_token(token) for token in completion.tokens],
            }
        return spaced(result) + b"\n"

    def _stream_details(self, finish: Finish) -> dict[str, Any]:
        return {
            "finish_reason": _FINISH_WORDS[finish],
            "seed": self._seed,
            "generated_tokens": len(self._texts) + 1,
            "input_length": self._input_length,
        }


def read_lmi(request: ContainerRequest, call: Call) -> Plan:
    """A request with `prompt`, `inputs` or `messages`; `stream` in the body decides, or else the operation."""
    payload = read.body_object(request.body)
    is_stream = read.flag(payload, "stream", default=call.is_stream_operation)
    if "prompt" in payload or ("inputs" not in payload and "messages" in payload):
        plan = read_payload(payload, call, form=JSON_LINES, model=MODEL, is_stream=is_stream)
        return plan
    if "inputs" not in payload:
        raise BadRequest("invalid payload. must contain prompt, inputs, or messages")
    asked = generation_of(payload, call)
    return Plan((asked,), LmiEncoder(asked, payload, call), is_stream)


def refuse_lmi(problem: BadRequest) -> ContainerResponse:
    """An object with the status in it: 424 for a request that cannot be parsed, else vLLM's."""
    if problem.status != 400:
        return answer(
            compact({"code": problem.status, "error": problem.message}), "application/json", status=problem.status
        )
    body = {"code": 424, "error": f"Input parsing failed: {problem.message}"}
    return answer(compact(body), "application/json", status=424)


def generation_of(payload: Mapping[str, Any], call: Call) -> GenerationRequest:
    """What `inputs` and `parameters` ask for, by LMI's names. Raises `BadRequest`."""
    prompt = payload["inputs"]
    if not isinstance(prompt, str) or not prompt:
        raise BadRequest("inputs must be a string that is not empty", parameter="inputs")
    options = read.section(payload, "parameters")
    return GenerationRequest(
        prompt=prompt,
        about=prompt,
        continues=True,
        sampling=lmi_sampling(options, call),
        max_tokens=read.integer(options, "max_new_tokens", NEW_TOKENS, 1),
        stop=read.stop_strings(options, "stop", "stop_sequences"),
        ignores_end=read.flag(options, "ignore_eos_token"),
    )


def lmi_sampling(options: Mapping[str, Any], call: Call) -> Sampling:
    """How to sample; `do_sample: false` is greedy whatever else is there."""
    chosen = read.sampling(options, call.seed)
    is_greedy = options.get("do_sample") is not None and not read.flag(options, "do_sample")
    return replace(chosen, temperature=0.0) if is_greedy else chosen


def _token(token: Token) -> dict[str, Any]:
    return {"id": token.id, "text": "" if token.is_special else token.text, "logprob": token.logprob}
