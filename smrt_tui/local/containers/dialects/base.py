"""What every dialect of the chat container is made of: a reader of requests, an encoder of steps. No model, no clock.

A dialect is the request format and the exact bytes of one serving stack. Its reader turns a container request into a
`Plan` or raises `BadRequest`; its encoder turns steps into flushes, and finished completions into a whole body.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.language.generation import Completion, GenerationRequest, Step

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers

CONTEXT_TOKENS = 8192
"""The longest prompt and answer together, as servers have such a limit."""
MODEL_NAME = "ngram"
"""What the OpenAI-like servers call the model that they serve."""


class Call(Struct, frozen=True):
    """What is particular to one invocation."""

    id: str
    """32 hexadecimal digits."""
    created: int
    """Seconds since the epoch."""
    seed: int
    """Luck for a request that names no seed."""
    is_stream_operation: bool
    """Whether the caller used InvokeEndpointWithResponseStream."""
    count: Callable[[str], int]
    """The number of tokens of a text."""


class BadRequest(Exception):
    """A request that the server refuses; the dialect gives it the server's form."""

    def __init__(self, message: str, *, status: int = 400, kind: str = "", parameter: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        """The server's word for this sort of error; empty: its usual one."""
        self.parameter = parameter


class Encoder(Protocol):
    """Writes the answer to one request. It is used once: for a stream, or for a whole body."""

    stream_type: str | None
    """The Content-Type of a stream; None: the server sends none."""
    whole_type: str
    """The Content-Type of a whole answer."""

    def opening(self) -> Iterable[bytes]:
        """What comes before the first token."""
        ...

    def step(self, step: Step) -> Iterable[bytes]:
        """The flushes of one token."""
        ...

    def closing(self) -> Iterable[bytes]:
        """What comes after the last token."""
        ...

    def trouble(self, message: str) -> Iterable[bytes]:
        """How this server tells of an error once its stream is under way, at status 200."""
        ...

    def whole(self, completions: Sequence[Completion]) -> bytes:
        """The answer in one piece."""
        ...

    def stream_headers(self) -> Headers:
        """Headers of a stream beside its Content-Type."""
        ...

    def whole_headers(self, completions: Sequence[Completion], took_s: float) -> Headers:
        """Headers of a whole answer beside its Content-Type."""
        ...


class PlainEncoder:
    """What most encoders have in common: nothing before the first token, nothing after the last, no more headers."""

    stream_type: str | None = "application/jsonlines"
    whole_type = "application/json"

    def opening(self) -> Iterable[bytes]:
        """Nothing."""
        return ()

    def closing(self) -> Iterable[bytes]:
        """Nothing."""
        return ()

    def trouble(self, message: str) -> Iterable[bytes]:
        """Nothing: the stream just ends, as servers without an error format do."""
        return ()

    def stream_headers(self) -> Headers:
        """None."""
        return ()

    def whole_headers(self, completions: Sequence[Completion], took_s: float) -> Headers:
        """None."""
        return ()


class Plan(Struct, frozen=True):
    """A request that was understood."""

    requests: tuple[GenerationRequest, ...]
    """One for each prompt of a batch."""
    encoder: Encoder
    is_stream: bool


class Dialect(Struct, frozen=True):
    """One row of the table of dialects."""

    name: str
    read: Callable[[ContainerRequest, Call], Plan]
    """Raises `BadRequest`."""
    refuse: Callable[[BadRequest], ContainerResponse]


class LineForm(Struct, frozen=True):
    """How JSON values are set into a stream."""

    content_type: str
    before: bytes
    after: bytes
    done: bytes
    """The end of the stream."""

    def line(self, value: bytes) -> bytes:
        """One value."""
        return self.before + value + self.after


SSE = LineForm("text/event-stream", b"data: ", b"\n\n", b"data: [DONE]\n\n")
JSON_LINES = LineForm("application/jsonlines", b"", b"\n", b"\n")


def compact(value: Any) -> bytes:
    """JSON without blanks, as Rust's serde and pydantic write it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def spaced(value: Any) -> bytes:
    """JSON with Python's blanks, text unescaped. A lone surrogate becomes a question mark."""
    return json.dumps(value, ensure_ascii=False).encode(errors="replace")


def escaped(value: Any) -> bytes:
    """JSON with Python's blanks, everything beyond ASCII escaped."""
    return json.dumps(value).encode()


def output_tokens(completions: Iterable[Completion]) -> int:
    """The number of tokens that were sampled, the end of the text included."""
    return sum(len(completion.tokens) for completion in completions)
