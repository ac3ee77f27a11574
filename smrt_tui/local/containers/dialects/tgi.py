"""Text Generation Inference: `inputs`, `messages` or `prompt` at one address, in Rust's compact JSON.

Shapes: text-generation-inference, router/src/{sagemaker,server,validation,lib}.rs. One token an event, the end of the
text among them; `generate` has no end marker, chat and completions end with [DONE]. Until axum 0.6 there was no blank
after `data:`. A stop string stays in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer
from smrt_tui.local.containers.dialects import parameters as read
from smrt_tui.local.containers.dialects.base import (
    CONTEXT_TOKENS,
    SSE,
    BadRequest,
    Call,
    LineForm,
    PlainEncoder,
    Plan,
    compact,
    output_tokens,
)
from smrt_tui.local.containers.dialects.tgi_chat import read_tgi_chat, read_tgi_text
from smrt_tui.local.containers.dialects.tgi_headers import compute_headers, timing_headers
from smrt_tui.local.containers.language.generation import (
    Alternative,
    Completion,
    Finish,
    GenerationRequest,
    Step,
    Token,
)
from smrt_tui.local.containers.language.sampling import Sampling
from smrt_tui.local.containers.reading import content_type

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers

OLD_SSE = LineForm("text/event-stream", b"data:", b"\n\n", b"data:[DONE]\n\n")
"""Server-sent events as axum wrote them before 0.7: nothing between the colon and the value."""

FINISH_WORDS = {Finish.END: "eos_token", Finish.STOP: "stop_sequence", Finish.LENGTH: "length"}
_NEW_TOKENS = 100
_MOST_STOPS = 4
_MOST_ALTERNATIVES = 5


class TgiEncoder(PlainEncoder):
    """`generate`: one object a token; the last one has the whole text, and the details when they were asked for."""

    def __init__(self, asked: GenerationRequest, payload: Mapping[str, Any], call: Call, form: LineForm) -> None:
        options = read.section(payload, "parameters")
        self._asked = asked
        self._form = form
        self._has_details = read.flag(options, "details")
        self._before = asked.prompt if read.flag(options, "return_full_text") else ""
        self._seed = asked.sampling.seed if asked.sampling.temperature else None
        self._input_length = call.count(asked.prompt)
        self._tokens: list[Token] = []
        self.stream_type = form.content_type

    def step(self, step: Step) -> Iterable[bytes]:
        """One event."""
        self._tokens.append(step.token)
        event: dict[str, Any] = {"index": len(self._tokens), "token": _token(step.token)}
        if step.token.top:
            event["top_tokens"] = [_alternative(other) for other in step.token.top]
        event |= {"generated_text": None, "details": None}
        if step.finish is not None:
            event["generated_text"] = self._before + _text(self._tokens)
            event["details"] = self._stream_details(step.finish) if self._has_details else None
        yield self._form.line(compact(event))

    def trouble(self, message: str) -> Iterable[bytes]:
        """An error object as an event; nothing follows."""
        yield self._form.line(compact({"error": message, "error_type": "generation"}))

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """A list of one text."""
        (completion,) = completions
        result: dict[str, Any] = {"generated_text": self._before + _text(completion.tokens)}
        if self._has_details:
            result["details"] = {
                "finish_reason": FINISH_WORDS[completion.finish],
                "generated_tokens": len(completion.tokens),
                "seed": self._seed,
                "prefill": [],
                "tokens": [_token(token) for token in completion.tokens],
            }
            if self._asked.alternatives:
                tops = [[_alternative(other) for other in token.top] for token in completion.tokens]
                result["details"]["top_tokens"] = tops
        return compact([result])

    def stream_headers(self) -> Headers:
        """What SageMaker drops: the kind of machine and the size of the prompt."""
        return (*compute_headers(self._asked.prompt), ("x-accel-buffering", "no"))

    def whole_headers(self, completions: Sequence[Completion], took_s: float) -> Headers:
        """What SageMaker drops: times in milliseconds and token counts."""
        generated = output_tokens(completions)
        return timing_headers(self._asked.prompt, self._input_length, generated, took_s)

    def _stream_details(self, finish: Finish) -> dict[str, Any]:
        return {
            "finish_reason": FINISH_WORDS[finish],
            "generated_tokens": len(self._tokens),
            "seed": self._seed,
            "input_length": self._input_length,
        }


class _RefusedStream(PlainEncoder):
    """A stream of one event: TGI answers 200 before it validates the parameters of a stream."""

    def __init__(self, problem: BadRequest, form: LineForm) -> None:
        self._problem = problem
        self._form = form
        self.stream_type = form.content_type

    def opening(self) -> Iterable[bytes]:
        """The error."""
        yield self._form.line(compact(_error(self._problem)))

    def step(self, step: Step) -> Iterable[bytes]:
        """Nothing: there is no token."""
        return ()

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """Never asked for: such a plan is a stream."""
        return b""


def read_tgi(request: ContainerRequest, call: Call, *, form: LineForm) -> Plan:
    """A request to `/invocations`: generate, chat or completions, whichever its keys fit."""
    if content_type(request.headers).type != "application/json":
        message = "Expected request with `Content-Type: application/json`"
        raise BadRequest(message, status=415, kind="text")
    try:
        payload = read.body_object(request.body)
    except BadRequest as problem:
        raise BadRequest(f"Failed to parse the request body as JSON: {problem.message}", kind="text") from problem
    if isinstance(payload.get("inputs"), str):
        return _read_generate(payload, call, form)
    if "messages" in payload:
        return read_tgi_chat(payload, call, form)
    if isinstance(payload.get("prompt"), str):
        return read_tgi_text(payload, call, form)
    raise BadRequest(
        "Failed to deserialize the JSON body into the target type: data did not match any variant of untagged enum "
        "SagemakerRequest",
        status=422,
        kind="text",
    )


def refuse_tgi(problem: BadRequest) -> ContainerResponse:
    """TGI's error object; what the web framework refuses by itself is plain text."""
    if problem.kind == "text":
        return answer(problem.message.encode(), "text/plain; charset=utf-8", status=problem.status)
    return answer(compact(_error(problem)), "application/json", status=422)


read_tgi_now = partial(read_tgi, form=SSE)
read_tgi_old = partial(read_tgi, form=OLD_SSE)


def _read_generate(payload: Mapping[str, Any], call: Call, form: LineForm) -> Plan:
    is_stream = read.flag(payload, "stream")
    try:
        asked = _generation(payload, call)
    except BadRequest as problem:
        if not is_stream:
            raise
        return Plan((), _RefusedStream(problem, form), is_stream=True)
    return Plan((asked,), TgiEncoder(asked, payload, call, form), is_stream)


def _generation(payload: Mapping[str, Any], call: Call) -> GenerationRequest:
    options = read.section(payload, "parameters")
    if not payload["inputs"]:
        raise BadRequest("`inputs` cannot be empty")
    new_tokens = read.integer(options, "max_new_tokens", _NEW_TOKENS, 0, 1 << 31)
    length = call.count(payload["inputs"])
    if new_tokens == 0:
        raise BadRequest("`max_new_tokens` must be strictly positive")
    if length + new_tokens > CONTEXT_TOKENS:
        raise BadRequest(
            f"`inputs` tokens + `max_new_tokens` must be <= {CONTEXT_TOKENS}. Given: {length} `inputs` tokens and "
            f"{new_tokens} `max_new_tokens`"
        )
    stops = read.stop_strings(options, "stop", "stop_sequences")
    if len(stops) > _MOST_STOPS:
        raise BadRequest(f"`stop` supports up to {_MOST_STOPS} stop sequences. Given: {len(stops)}")
    return GenerationRequest(
        prompt=payload["inputs"],
        about=payload["inputs"],
        continues=True,
        sampling=_sampling(options, call),
        max_tokens=new_tokens,
        stop=stops,
        alternatives=read.integer(options, "top_n_tokens", 0, 0, _MOST_ALTERNATIVES),
    )


def _sampling(options: Mapping[str, Any], call: Call) -> Sampling:
    """Greedy, unless `do_sample` or any parameter of sampling is there."""
    for name, is_right, rule in _RULES:
        value = options.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and not is_right(value):
            raise BadRequest(f"`{name}` must be {rule}")
    chosen = read.sampling(options, call.seed)
    if read.flag(options, "do_sample") or any(options.get(name) is not None for name in _SAMPLING_PARAMETERS):
        return chosen
    return Sampling(0.0, repetition_penalty=chosen.repetition_penalty, frequency_penalty=chosen.frequency_penalty)


_SAMPLING_PARAMETERS = ("temperature", "top_k", "top_p", "typical_p")
_RULES: tuple[tuple[str, Callable[[float], bool], str], ...] = (
    ("temperature", lambda value: value > 0, "strictly positive"),
    ("repetition_penalty", lambda value: value > 0, "strictly positive"),
    ("top_k", lambda value: value > 0, "strictly positive"),
    ("top_p", lambda value: 0 < value < 1, "> 0.0 and < 1.0"),
)


def _error(problem: BadRequest) -> dict[str, str]:
    return {"error": f"Input validation error: {problem.message}", "error_type": "validation"}


def _token(token: Token) -> dict[str, Any]:
    return {"id": token.id, "text": token.text, "logprob": token.logprob, "special": token.is_special}


def _alternative(other: Alternative) -> dict[str, Any]:
    return {"id": other.id, "text": other.text, "logprob": other.logprob, "special": False}


def _text(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens if not token.is_special)
