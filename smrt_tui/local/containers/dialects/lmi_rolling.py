"""LMI's rolling batch (containers up to v14, and TensorRT-LLM): JSON lines, or SSE in TGI's style, and their chats.

Shapes: djl-serving, output_formatter.py and request_io.py. An event holds one token; the last one repeats the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from smrt_tui.local.container import ContainerRequest
from smrt_tui.local.containers.dialects import parameters as read
from smrt_tui.local.containers.dialects.base import BadRequest, Call, PlainEncoder, Plan, spaced
from smrt_tui.local.containers.dialects.lmi import NEW_TOKENS, generation_of, lmi_sampling
from smrt_tui.local.containers.language.generation import Completion, Finish, GenerationRequest, Step, Token

FINISH_WORDS = {Finish.END: "eos_token", Finish.STOP: "eos_token", Finish.LENGTH: "length"}
_SSE_TYPE = "text/event-stream"


class RollingEncoder(PlainEncoder):
    """`{"token": …}` a token. As SSE it is TGI-compatible: `logprob`, details always, a list as the whole answer."""

    def __init__(self, asked: GenerationRequest, payload: Mapping[str, Any], *, is_sse: bool) -> None:
        options = read.section(payload, "parameters")
        self._is_sse = is_sse
        self._has_details = read.flag(options, "details", default=is_sse)
        self._inputs = asked.prompt
        self._before = asked.prompt if read.flag(options, "return_full_text") else ""
        self._texts: list[str] = []
        self.stream_type = _SSE_TYPE if is_sse else "application/jsonlines"

    def step(self, step: Step) -> Iterable[bytes]:
        """One event."""
        self._texts.append(step.text)
        event: dict[str, Any] = {"token": self._token(step.token, step.text)}
        if step.finish is not None:
            event["generated_text"] = self._before + "".join(self._texts)
            if self._has_details:
                event["details"] = self._details(step.finish, len(self._texts))
        yield self._line(event)

    def trouble(self, message: str) -> Iterable[bytes]:
        """A last event whose token is none, with the text so far, at status 200."""
        token = {"id": -1, "text": "", "log_prob": -1, "special_token": True, "error_msg": message}
        text = self._before + "".join(self._texts)
        yield self._line({"token": token, "generated_text": text, "details": {"finish_reason": "error"}})

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """An object, or a list of it."""
        (completion,) = completions
        result: dict[str, Any] = {"generated_text": self._before + completion.text}
        if self._has_details:
            tokens = [self._token(token, "" if token.is_special else token.text) for token in completion.tokens]
            result["details"] = {**self._details(completion.finish, len(tokens)), "tokens": tokens}
        return spaced([result] if self._is_sse else result)

    def _line(self, event: Mapping[str, Any]) -> bytes:
        return b"data: " + spaced(event) + b"\n\n" if self._is_sse else spaced(event) + b"\n"

    def _token(self, token: Token, text: str) -> dict[str, Any]:
        return {"id": token.id, "text": text, "logprob" if self._is_sse else "log_prob": token.logprob}

    def _details(self, finish: Finish, generated: int) -> dict[str, Any]:
        return {"finish_reason": FINISH_WORDS[finish], "generated_tokens": generated, "inputs": self._inputs}


class RollingChatEncoder(PlainEncoder):
    """Chunks without a model's name; the first delta has the role too. As SSE the end marker shares the last write."""

    def __init__(self, asked: GenerationRequest, call: Call, *, has_logprobs: bool, is_sse: bool) -> None:
        self._call = call
        self._prompt_tokens = call.count(asked.prompt)
        self._has_logprobs = has_logprobs
        self._is_sse = is_sse
        self._is_first = True
        self.stream_type = _SSE_TYPE if is_sse else "application/jsonlines"

    def step(self, step: Step) -> Iterable[bytes]:
        """One chunk, the end marker right behind the last one."""
        delta = {"content": step.text}
        if self._is_first:
            delta["role"] = "assistant"
            self._is_first = False
        choice = {
            "index": 0,
            "delta": delta,
            "logprobs": _logprobs((step.token,)) if self._has_logprobs else None,
            "finish_reason": None if step.finish is None else FINISH_WORDS[step.finish],
        }
        line = spaced({**self._head("chat.completion.chunk"), "choices": [choice]})
        if not self._is_sse:
            yield line + b"\n"
        else:
            yield b"data: " + line + b"\n\n" + (b"" if step.finish is None else b"data: [DONE]\n\n")

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """A `chat.completion` object."""
        (completion,) = completions
        generated = len(completion.tokens)
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": completion.text},
            "logprobs": _logprobs(completion.tokens) if self._has_logprobs else None,
            "finish_reason": FINISH_WORDS[completion.finish],
        }
        usage = {
            "prompt_tokens": self._prompt_tokens,
            "completion_tokens": generated,
            "total_tokens": self._prompt_tokens + generated,
        }
        return spaced({**self._head("chat.completion"), "choices": [choice], "usage": usage})

    def _head(self, object_name: str) -> dict[str, Any]:
        return {"id": f"chatcmpl-{self._call.id}", "object": object_name, "created": self._call.created}


def read_rolling(request: ContainerRequest, call: Call, *, is_sse: bool) -> Plan:
    """A request with `inputs` or `messages`."""
    payload = read.body_object(request.body)
    is_stream = read.flag(payload, "stream", default=call.is_stream_operation)
    if "messages" in payload:
        asked = _chat(payload, call)
        has_logprobs = read.flag(payload, "logprobs")
        return Plan((asked,), RollingChatEncoder(asked, call, has_logprobs=has_logprobs, is_sse=is_sse), is_stream)
    if "inputs" not in payload:
        raise BadRequest("invalid payload. must contain inputs or messages")
    asked = generation_of(payload, call)
    return Plan((asked,), RollingEncoder(asked, payload, is_sse=is_sse), is_stream)


read_rolling_lines = partial(read_rolling, is_sse=False)
read_rolling_sse = partial(read_rolling, is_sse=True)


def _chat(payload: Mapping[str, Any], call: Call) -> GenerationRequest:
    conversation = read.messages(payload["messages"])
    return GenerationRequest(
        prompt=read.rendered(conversation),
        about=read.question(conversation),
        sampling=lmi_sampling(payload, call),
        max_tokens=read.integer(payload, "max_tokens", NEW_TOKENS, 1),
        stop=read.stop_strings(payload, "stop"),
    )


def _logprobs(tokens: Sequence[Token]) -> dict[str, Any]:
    def one(token: Token) -> dict[str, Any]:
        text = "" if token.is_special else token.text
        same = {"token": text, "logprob": token.logprob, "bytes": [ord(letter) for letter in text] or None}
        return {**same, "top_logprobs": [same]}

    return {"content": [one(token) for token in tokens]}
