"""The answers of OpenAI-like servers: chunks and whole objects, as vLLM writes them.

Shapes: vllm/entrypoints/openai (serving_chat.py, serving_completion.py, protocol.py). A chunk holds one token.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from msgspec import Struct

from smrt_tui.local.containers.dialects.base import Call, LineForm, PlainEncoder, compact, output_tokens
from smrt_tui.local.containers.language.generation import Channel, Completion, Finish, Step, Token, ToolCall

_FINISH_WORDS = {Finish.END: "stop", Finish.STOP: "stop", Finish.LENGTH: "length", Finish.TOOL: "tool_calls"}


class OpenAIOptions(Struct, frozen=True):
    """What of a request only the encoder needs."""

    call: Call
    model: str
    form: LineForm
    prompt_tokens: int
    includes_usage: bool
    repeats_usage: bool
    """Usage so far in every chunk (`continuous_usage_stats`)."""
    alternatives: int | None
    """How many per token; None: no log-probabilities at all."""
    choices: int
    reasoning_key: str = "reasoning"
    tool: ToolCall | None = None
    echoed: tuple[str, ...] = ()
    """The prompts, to stand before each completion (`echo`)."""


class _OpenAIEncoder(PlainEncoder):
    """What chat and completions share."""

    object_name = ""
    id_prefix = ""

    def __init__(self, options: OpenAIOptions) -> None:
        self._options = options
        self._sampled = 0
        self.stream_type = options.form.content_type

    def closing(self) -> Iterable[bytes]:
        """The usage, when it was asked for, and the end marker."""
        if self._options.includes_usage:
            yield self._chunk([], self._usage(self._sampled))
        yield self._options.form.done

    def trouble(self, message: str) -> Iterable[bytes]:
        """An error object as an event of its own, then the end marker."""
        yield self._options.form.line(compact(error_object(message, "InternalServerError", None, 500)))
        yield self._options.form.done

    def _chunk(self, choices: Sequence[Mapping[str, Any]], usage: Mapping[str, int] | None = None) -> bytes:
        chunk = {**self._head(self.object_name), "choices": choices}
        if usage is None and self._options.repeats_usage:
            usage = self._usage(self._sampled)
        if usage is not None:
            chunk["usage"] = usage
        return self._options.form.line(compact(chunk))

    def _head(self, object_name: str) -> dict[str, Any]:
        options = self._options
        return {
            "id": f"{self.id_prefix}-{options.call.id}",
            "object": object_name,
            "created": options.call.created,
            "model": options.model,
        }

    def _usage(self, sampled: int) -> dict[str, int]:
        prompt = self._options.prompt_tokens
        return {"prompt_tokens": prompt, "total_tokens": prompt + sampled, "completion_tokens": sampled}


class ChatEncoder(_OpenAIEncoder):
    """`chat.completion.chunk` events: first the role alone, then a token each, then usage if asked, then the end."""

    object_name = "chat.completion.chunk"
    id_prefix = "chatcmpl"

    def opening(self) -> Iterable[bytes]:
        """A chunk with the role and no text, for each choice."""
        for choice in range(self._options.choices):
            yield self._chunk([_choice(choice, {"role": "assistant", "content": ""}, None)])
            if self._options.tool is not None:
                yield self._chunk([_choice(choice, {"tool_calls": [self._tool_head(self._options.tool)]}, None)])

    def step(self, step: Step) -> Iterable[bytes]:
        """One chunk; the last one of a tool call is followed by one that only tells why it ended."""
        self._sampled += 1
        choice = _choice(step.choice, self._delta(step), self._logprobs((step.token,)))
        if step.finish is Finish.TOOL:
            yield self._chunk([choice])
            choice = _choice(step.choice, {"content": ""}, None)
        if step.finish is not None:
            choice |= {"finish_reason": _FINISH_WORDS[step.finish], "stop_reason": step.stop}
        yield self._chunk([choice])

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """A `chat.completion` object."""
        choices = [self._whole_choice(completion) for completion in completions]
        usage = self._usage(output_tokens(completions))
        return compact({**self._head("chat.completion"), "choices": choices, "usage": usage})

    def _delta(self, step: Step) -> dict[str, Any]:
        match step.channel:
            case Channel.TEXT:
                return {"content": step.text}
            case Channel.REASONING:
                return {self._options.reasoning_key: step.text}
            case Channel.TOOL:
                return {"tool_calls": [{"index": 0, "function": {"arguments": step.text}}]}

    def _tool_head(self, tool: ToolCall) -> dict[str, Any]:
        function = {"name": tool.name, "arguments": ""}
        return {"index": 0, "id": self._tool_id, "type": "function", "function": function}

    @property
    def _tool_id(self) -> str:
        return f"call_{self._options.call.id[:24]}"

    def _logprobs(self, tokens: Sequence[Token]) -> dict[str, Any] | None:
        if self._options.alternatives is None:
            return None
        return {"content": [_chat_logprob(token) for token in tokens]}

    def _whole_choice(self, completion: Completion) -> dict[str, Any]:
        tool = self._options.tool
        message: dict[str, Any] = {"role": "assistant", "content": completion.text if tool is None else None}
        if completion.reasoning:
            message[self._options.reasoning_key] = completion.reasoning
        calls: list[dict[str, Any]] = []
        if tool is not None:
            function = {"name": tool.name, "arguments": completion.tool_arguments}
            calls = [{"id": self._tool_id, "type": "function", "function": function}]
        message["tool_calls"] = calls
        return {
            "index": completion.choice,
            "message": message,
            "logprobs": self._logprobs(completion.tokens),
            "finish_reason": _FINISH_WORDS[completion.finish],
            "stop_reason": completion.stop,
        }


class TextEncoder(_OpenAIEncoder):
    """`text_completion` events: a token each, then usage if asked, then the end."""

    object_name = "text_completion"
    id_prefix = "cmpl"

    def opening(self) -> Iterable[bytes]:
        """The prompt, when it is to be echoed."""
        for choice, prompt in enumerate(self._options.echoed):
            yield self._chunk([self._choice(choice, prompt, None)])

    def step(self, step: Step) -> Iterable[bytes]:
        """One chunk."""
        self._sampled += 1
        choice = self._choice(step.choice, step.text, self._logprobs((step.token,)))
        if step.finish is not None:
            choice |= {"finish_reason": _FINISH_WORDS[step.finish], "stop_reason": step.stop}
        yield self._chunk([choice])

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """A `text_completion` object."""
        choices = [self._whole_choice(completion) for completion in completions]
        usage = self._usage(output_tokens(completions))
        return compact({**self._head("text_completion"), "choices": choices, "usage": usage})

    def _whole_choice(self, completion: Completion) -> dict[str, Any]:
        before = self._options.echoed[completion.choice] if self._options.echoed else ""
        choice = self._choice(completion.choice, before + completion.text, self._logprobs(completion.tokens))
        return choice | {"finish_reason": _FINISH_WORDS[completion.finish], "stop_reason": completion.stop}

    def _choice(self, choice: int, text: str, logprobs: dict[str, Any] | None) -> dict[str, Any]:
        return {"index": choice, "text": text, "logprobs": logprobs, "finish_reason": None, "stop_reason": None}

    def _logprobs(self, tokens: Sequence[Token]) -> dict[str, Any] | None:
        if self._options.alternatives is None:
            return None
        offsets = list(accumulate((len(token.text) for token in tokens[:-1]), initial=0))
        return {
            "text_offset": offsets,
            "token_logprobs": [token.logprob for token in tokens],
            "tokens": [token.text for token in tokens],
            "top_logprobs": [{other.text: other.logprob for other in token.top} for token in tokens],
        }


def _choice(choice: int, delta: Mapping[str, Any], logprobs: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"index": choice, "delta": delta, "logprobs": logprobs, "finish_reason": None}


def _chat_logprob(token: Token) -> dict[str, Any]:
    top = [{"token": o.text, "logprob": o.logprob, "bytes": list(o.text.encode())} for o in token.top]
    return {"token": token.text, "logprob": token.logprob, "bytes": list(token.text.encode()), "top_logprobs": top}


def error_object(message: str, kind: str, parameter: str | None, code: int) -> dict[str, Any]:
    """An error as vLLM words it, as a body and inside a stream."""
    return {"error": {"message": message, "type": kind, "param": parameter, "code": code}}
