"""Chat and completions of Text Generation Inference: like OpenAI's, with a role in every delta and ids left empty.

Shapes: text-generation-inference, router/src/server.rs and lib.rs. The stop word is in the text, the usage only in a
chunk of its own when it was asked for, and log-probabilities have no bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smrt_tui.local.containers.dialects import parameters as read
from smrt_tui.local.containers.dialects.base import (
    CONTEXT_TOKENS,
    MODEL_NAME,
    BadRequest,
    Call,
    LineForm,
    PlainEncoder,
    Plan,
    compact,
    output_tokens,
)
from smrt_tui.local.containers.dialects.tgi_headers import compute_headers, timing_headers
from smrt_tui.local.containers.language.generation import Channel, Completion, Finish, GenerationRequest, Step, Token
from smrt_tui.local.containers.language.tools import choose_tool

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers

_FINGERPRINT = "3.3.6-native"
_FINISH_WORDS = {Finish.END: "stop", Finish.STOP: "stop", Finish.LENGTH: "length", Finish.TOOL: "stop"}
_NEW_TOKENS = 100
_MOST_ALTERNATIVES = 5


class _TgiOpenAIEncoder(PlainEncoder):
    """What chat and completions share."""

    def __init__(self, asked: GenerationRequest, payload: Mapping[str, Any], call: Call, form: LineForm) -> None:
        self._asked = asked
        self._call = call
        self._form = form
        self._has_logprobs = payload.get("logprobs") is True
        self._includes_usage = read.flag(read.section(payload, "stream_options"), "include_usage")
        self._prompt_tokens = call.count(asked.prompt)
        self._sampled = 0
        self.stream_type = form.content_type

    def trouble(self, message: str) -> Iterable[bytes]:
        """An error object as an event, then the end marker."""
        yield self._form.line(compact({"error": {"message": message, "http_status_code": 424}}))
        yield self._form.done

    def stream_headers(self) -> Headers:
        """What SageMaker drops."""
        return (*compute_headers(self._asked.prompt), ("x-accel-buffering", "no"))

    def whole_headers(self, completions: Sequence[Completion], took_s: float) -> Headers:
        """What SageMaker drops."""
        return timing_headers(self._asked.prompt, self._prompt_tokens, output_tokens(completions), took_s)

    def _head(self, object_name: str) -> dict[str, Any]:
        return {
            "object": object_name,
            "id": "",
            "created": self._call.created,
            "model": MODEL_NAME,
            "system_fingerprint": _FINGERPRINT,
        }

    def _usage(self, generated: int) -> dict[str, int]:
        total = self._prompt_tokens + generated
        return {"prompt_tokens": self._prompt_tokens, "completion_tokens": generated, "total_tokens": total}


class TgiChatEncoder(_TgiOpenAIEncoder):
    """`chat.completion.chunk` events, a role in each."""

    def step(self, step: Step) -> Iterable[bytes]:
        """One event."""
        self._sampled += 1
        choice = {
            "index": 0,
            "delta": {"role": "assistant", **self._delta(step)},
            "logprobs": _logprobs((step.token,)) if self._has_logprobs else None,
            "finish_reason": None if step.finish is None else _FINISH_WORDS[step.finish],
        }
        yield self._chunk([choice], None)

    def closing(self) -> Iterable[bytes]:
        """The usage, when it was asked for, and the end marker."""
        if self._includes_usage:
            yield self._chunk([], self._usage(self._sampled))
        yield self._form.done

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """A `chat.completion` object."""
        (completion,) = completions
        choice = {
            "index": 0,
            "message": self._message(completion),
            "logprobs": _logprobs(completion.tokens) if self._has_logprobs else None,
            "finish_reason": _FINISH_WORDS[completion.finish],
        }
        usage = self._usage(len(completion.tokens))
        return compact({**self._head("chat.completion"), "choices": [choice], "usage": usage})

    def _chunk(self, choices: Sequence[Mapping[str, Any]], usage: Mapping[str, int] | None) -> bytes:
        return self._form.line(compact({**self._head("chat.completion.chunk"), "choices": choices, "usage": usage}))

    def _delta(self, step: Step) -> dict[str, Any]:
        tool = self._asked.tool
        if step.channel is not Channel.TOOL or tool is None:
            return {"content": "" if step.token.is_special else step.token.text}
        name = tool.name if self._sampled == 1 else None
        function = {"name": name, "arguments": step.text}
        return {"tool_calls": [{"index": 0, "id": "0", "type": "function", "function": function}]}

    def _message(self, completion: Completion) -> dict[str, Any]:
        tool = self._asked.tool
        if tool is None:
            return {"role": "assistant", "content": _text(completion.tokens)}
        function = {"name": tool.name, "arguments": completion.tool_arguments}
        return {"role": "assistant", "tool_calls": [{"id": "0", "type": "function", "function": function}]}


class TgiTextEncoder(_TgiOpenAIEncoder):
    """`text_completion` events; the last one has the finish reason and the usage."""

    def step(self, step: Step) -> Iterable[bytes]:
        """One event."""
        self._sampled += 1
        text = "" if step.token.is_special else step.token.text
        finish = "" if step.finish is None else _FINISH_WORDS[step.finish]
        chunk = {**self._head("text_completion"), "choices": [_text_choice(text, finish)]}
        if step.finish is not None:
            chunk["usage"] = self._usage(self._sampled)
        yield self._form.line(compact(chunk))

    def closing(self) -> Iterable[bytes]:
        """The end marker."""
        yield self._form.done

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """A `text_completion` object."""
        (completion,) = completions
        choice = _text_choice(_text(completion.tokens), _FINISH_WORDS[completion.finish])
        usage = self._usage(len(completion.tokens))
        return compact({**self._head("text_completion"), "choices": [choice], "usage": usage})


def read_tgi_chat(payload: Mapping[str, Any], call: Call, form: LineForm) -> Plan:
    """A chat request. Raises `BadRequest`."""
    conversation = read.messages(payload["messages"])
    tools = payload.get("tools") or []
    asked = GenerationRequest(
        prompt=read.rendered(conversation),
        about=read.question(conversation),
        sampling=read.sampling(payload, call.seed),
        max_tokens=read.integer(payload, "max_tokens", _NEW_TOKENS, 1),
        stop=read.stop_strings(payload, "stop"),
        alternatives=read.integer(payload, "top_logprobs", 0, 0, _MOST_ALTERNATIVES),
        tool=choose_tool(
            tools if isinstance(tools, list) else [], payload.get("tool_choice"), read.question(conversation)
        ),
    )
    _check_length(asked, call)
    return Plan((asked,), TgiChatEncoder(asked, payload, call, form), read.flag(payload, "stream"))


def read_tgi_text(payload: Mapping[str, Any], call: Call, form: LineForm) -> Plan:
    """A completions request. Raises `BadRequest`."""
    asked = GenerationRequest(
        prompt=payload["prompt"],
        about=payload["prompt"],
        continues=True,
        sampling=read.sampling(payload, call.seed),
        max_tokens=read.integer(payload, "max_tokens", _NEW_TOKENS, 1),
        stop=read.stop_strings(payload, "stop"),
    )
    _check_length(asked, call)
    return Plan((asked,), TgiTextEncoder(asked, payload, call, form), read.flag(payload, "stream"))


def _check_length(asked: GenerationRequest, call: Call) -> None:
    length = call.count(asked.prompt)
    if length + asked.max_tokens > CONTEXT_TOKENS:
        raise BadRequest(
            f"`inputs` tokens + `max_new_tokens` must be <= {CONTEXT_TOKENS}. Given: {length} `inputs` tokens and "
            f"{asked.max_tokens} `max_new_tokens`"
        )


def _text_choice(text: str, finish: str) -> dict[str, Any]:
    return {"index": 0, "text": text, "logprobs": None, "finish_reason": finish}


def _logprobs(tokens: Sequence[Token]) -> dict[str, Any]:
    def one(token: Token) -> dict[str, Any]:
        top = [{"token": other.text, "logprob": other.logprob} for other in token.top]
        return {"token": token.text, "logprob": token.logprob, "top_logprobs": top}

    return {"content": [one(token) for token in tokens]}


def _text(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens if not token.is_special)
