"""OpenAI's chat completions and completions as requests, read with vLLM's rules and refused in its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer
from smrt_tui.local.containers.dialects import parameters as read
from smrt_tui.local.containers.dialects.base import (
    CONTEXT_TOKENS,
    MODEL_NAME,
    SSE,
    BadRequest,
    Call,
    LineForm,
    Plan,
    compact,
)
from smrt_tui.local.containers.dialects.openai_answers import ChatEncoder, OpenAIOptions, TextEncoder, error_object
from smrt_tui.local.containers.language.generation import GenerationRequest, ToolCall
from smrt_tui.local.containers.language.tools import choose_tool
from smrt_tui.local.containers.reading import content_type

_COMPLETION_TOKENS = 16  # vLLM's default for completions; for chat it is whatever the context leaves
_MOST_CHOICES = 16
_MOST_ALTERNATIVES = 20


def read_openai(request: ContainerRequest, call: Call) -> Plan:
    """A chat or completions request to vLLM: `messages` or `prompt`; `stream` in the body decides."""
    kind = content_type(request.headers).type
    if kind != "application/json":
        raise BadRequest("Unsupported Media Type: Only 'application/json' is allowed", status=415)
    payload = read.body_object(request.body)
    return read_payload(payload, call, form=SSE, model=MODEL_NAME, is_stream=read.flag(payload, "stream"))


def read_nim(request: ContainerRequest, call: Call) -> Plan:
    """The same to NIM, which takes chat only and insists on the model's name."""
    payload = read.body_object(request.body)
    for name in ("model", "messages"):
        if not payload.get(name):
            raise BadRequest(f"{name}: Field required", status=422, parameter=name)
    return read_payload(payload, call, form=SSE, model=MODEL_NAME, is_stream=read.flag(payload, "stream"))


def read_payload(payload: Mapping[str, Any], call: Call, *, form: LineForm, model: str, is_stream: bool) -> Plan:
    """The plan of an OpenAI payload, its answers set into `form`."""
    asked = payload.get("model")
    if asked not in (None, "", model):
        raise BadRequest(f"The model `{asked}` does not exist.", status=404, kind="NotFoundError")
    if payload.get("stream_options") is not None and not is_stream:
        raise BadRequest("Stream options can only be defined when `stream=True`.", parameter="stream_options")
    if "messages" in payload:
        return _read_chat(payload, call, form, model, is_stream)
    if "prompt" in payload:
        return _read_text(payload, call, form, model, is_stream)
    raise BadRequest("Field required: messages", parameter="messages")


def _read_chat(payload: Mapping[str, Any], call: Call, form: LineForm, model: str, is_stream: bool) -> Plan:
    conversation = read.messages(payload.get("messages"))
    prompt = read.rendered(conversation)
    tool = None if conversation[-1]["role"] == "tool" else _tool(payload, read.question(conversation))
    alternatives = _chat_alternatives(payload)
    length = "max_completion_tokens" if payload.get("max_completion_tokens") is not None else "max_tokens"
    generation = GenerationRequest(
        prompt=prompt,
        about=read.question(conversation),
        sampling=read.sampling(payload, call.seed),
        max_tokens=_max_tokens(payload, length, call.count(prompt), default=None),
        stop=read.stop_strings(payload, "stop"),
        choices=read.integer(payload, "n", 1, 1, _MOST_CHOICES),
        alternatives=alternatives or 0,
        ignores_end=read.flag(payload, "ignore_eos"),
        reasons=_reasons(payload),
        tool=tool,
    )
    options = _options(payload, call, form, model, (generation,), alternatives)
    return Plan((generation,), ChatEncoder(replace(options, tool=tool)), is_stream)


def _read_text(payload: Mapping[str, Any], call: Call, form: LineForm, model: str, is_stream: bool) -> Plan:
    prompts = payload["prompt"] if isinstance(payload["prompt"], list) else [payload["prompt"]]
    if not prompts or not all(isinstance(prompt, str) and prompt for prompt in prompts):
        raise BadRequest("prompt must be a string or a list of strings, none of them empty.", parameter="prompt")
    alternatives = payload.get("logprobs")
    if alternatives is not None:
        alternatives = read.integer(payload, "logprobs", 0, 0, _MOST_ALTERNATIVES)
    requests = tuple(
        GenerationRequest(
            prompt=prompt,
            about=prompt,
            continues=True,
            sampling=read.sampling(payload, call.seed),
            max_tokens=_max_tokens(payload, "max_tokens", call.count(prompt), default=_COMPLETION_TOKENS),
            stop=read.stop_strings(payload, "stop"),
            choices=read.integer(payload, "n", 1, 1, _MOST_CHOICES),
            alternatives=alternatives or 0,
            ignores_end=read.flag(payload, "ignore_eos"),
        )
        for prompt in prompts
    )
    echoed = tuple(r.prompt for r in requests for _ in range(r.choices)) if read.flag(payload, "echo") else ()
    options = _options(payload, call, form, model, requests, alternatives)
    return Plan(requests, TextEncoder(replace(options, echoed=echoed)), is_stream)


def _options(
    payload: Mapping[str, Any],
    call: Call,
    form: LineForm,
    model: str,
    requests: Sequence[GenerationRequest],
    alternatives: int | None,
) -> OpenAIOptions:
    stream_options = read.section(payload, "stream_options")
    return OpenAIOptions(
        call=call,
        model=model,
        form=form,
        prompt_tokens=sum(call.count(request.prompt) for request in requests),
        includes_usage=read.flag(stream_options, "include_usage"),
        repeats_usage=read.flag(stream_options, "continuous_usage_stats"),
        alternatives=alternatives,
        choices=sum(request.choices for request in requests),
        reasoning_key="reasoning_content" if payload.get("reasoning") == "reasoning_content" else "reasoning",
    )


def _max_tokens(payload: Mapping[str, Any], name: str, prompt_tokens: int, default: int | None) -> int:
    left = CONTEXT_TOKENS - prompt_tokens
    wanted = read.integer(payload, name, left if default is None else default, 1, 1 << 31)
    if wanted > left or left < 1:
        raise BadRequest(
            f"This model's maximum context length is {CONTEXT_TOKENS} tokens. However, you requested "
            f"{prompt_tokens + max(wanted, 1)} tokens ({prompt_tokens} in the messages, {max(wanted, 1)} in the "
            "completion). Please reduce the length of the messages or completion.",
            parameter=name,
        )
    return wanted


def _chat_alternatives(payload: Mapping[str, Any]) -> int | None:
    wanted = read.integer(payload, "top_logprobs", 0, 0, _MOST_ALTERNATIVES)
    if read.flag(payload, "logprobs"):
        return wanted
    if wanted:
        raise BadRequest("when using `top_logprobs`, `logprobs` must be set to true.", parameter="top_logprobs")
    return None


def _reasons(payload: Mapping[str, Any]) -> bool:
    template = read.section(payload, "chat_template_kwargs")
    asked = payload.get("reasoning")
    return asked in (True, "reasoning", "reasoning_content") or read.flag(template, "enable_thinking")


def _tool(payload: Mapping[str, Any], asked: str) -> ToolCall | None:
    tools = payload.get("tools") or []
    if not isinstance(tools, list):
        raise BadRequest("tools must be a list.", parameter="tools")
    choice = payload.get("tool_choice")
    if not tools and choice not in (None, "none"):
        raise BadRequest("When using `tool_choice`, `tools` must be set.", parameter="tool_choice")
    return choose_tool(tools, choice, asked)


def refuse_openai(problem: BadRequest) -> ContainerResponse:
    """vLLM's error object."""
    body = error_object(problem.message, problem.kind or "BadRequestError", problem.parameter, problem.status)
    return answer(compact(body), "application/json", status=problem.status)
