"""Parameters of a request, read with their limits. Each reader raises `BadRequest` that names the parameter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from smrt_tui.local.containers.dialects.base import CONTEXT_TOKENS, BadRequest
from smrt_tui.local.containers.language.sampling import Sampling

_LARGEST_SEED = (1 << 63) - 1


class Limits(Struct, frozen=True):
    """Which numbers a parameter takes."""

    least: float
    most: float
    excludes_least: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value is within."""
        return (self.least < value if self.excludes_least else self.least <= value) and value <= self.most

    def __str__(self) -> str:
        left = "(" if self.excludes_least else "["
        return f"{left}{self.least:g}, {self.most:g}]"


def body_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise BadRequest(f"There was an error parsing the body: {problem}") from problem
    if not isinstance(payload, dict):
        raise BadRequest("The body must be a JSON object.")
    return payload


def number(payload: Mapping[str, Any], name: str, default: float, limits: Limits) -> float:
    """A number; the default when it is missing or null."""
    value = payload.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRequest(f"{name} must be a number, got {_shown(value)}.", parameter=name)
    if not limits.holds(value):
        raise BadRequest(f"{name} must be in {limits}, got {_shown(value)}.", parameter=name)
    return float(value)


def integer(payload: Mapping[str, Any], name: str, default: int, least: int, most: int = CONTEXT_TOKENS) -> int:
    """A whole number; the default when it is missing or null."""
    value = payload.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadRequest(f"{name} must be an integer, got {_shown(value)}.", parameter=name)
    if value < least:
        raise BadRequest(f"{name} must be at least {least}, got {value}.", parameter=name)
    if value > most:
        raise BadRequest(f"{name} must be at most {most}, got {value}.", parameter=name)
    return value


def flag(payload: Mapping[str, Any], name: str, *, default: bool = False) -> bool:
    """A truth value; the default when it is missing or null."""
    value = payload.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise BadRequest(f"{name} must be true or false, got {_shown(value)}.", parameter=name)
    return value


def section(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside the payload; empty when it is missing or null."""
    value = payload.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequest(f"{name} must be an object, got {_shown(value)}.", parameter=name)
    return value


def stop_strings(payload: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    """The stop strings under the first of these names that is there: one string or a list of them."""
    name = next((name for name in names if payload.get(name) is not None), names[0])
    value = payload.get(name)
    stops = [value] if isinstance(value, str) else value or []
    if not isinstance(stops, list) or not all(isinstance(stop, str) and stop for stop in stops):
        raise BadRequest(f"{name} must be a string or a list of strings, none of them empty.", parameter=name)
    return tuple(stops)


def seed_of(payload: Mapping[str, Any]) -> int | None:
    """The seed, None when the request names none."""
    return None if payload.get("seed") is None else integer(payload, "seed", 0, -_LARGEST_SEED - 1, _LARGEST_SEED)


def sampling(payload: Mapping[str, Any], luck: int) -> Sampling:
    """How to sample, by the names that all these servers share."""
    seed = seed_of(payload)
    top_k = integer(payload, "top_k", 0, -1, 1_000_000)
    return Sampling(
        temperature=number(payload, "temperature", 1.0, Limits(0, 100)),
        top_p=number(payload, "top_p", 1.0, Limits(0, 1, excludes_least=True)),
        top_k=max(0, top_k),  # -1 is vLLM's word for all
        frequency_penalty=number(payload, "frequency_penalty", 0.0, Limits(-2, 2)),
        presence_penalty=number(payload, "presence_penalty", 0.0, Limits(-2, 2)),
        repetition_penalty=number(payload, "repetition_penalty", 1.0, Limits(0, 10, excludes_least=True)),
        seed=luck if seed is None else seed,
    )


def messages(value: Any, name: str = "messages") -> Sequence[Mapping[str, Any]]:
    """Chat messages: at least one, each an object with a role."""
    if not isinstance(value, list) or not value:
        raise BadRequest(f"{name} must be a list of at least one message.", parameter=name)
    for index, message in enumerate(value):
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise BadRequest(f"{name}[{index}] must be an object with a role.", parameter=name)
    return value


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a message, also when its content is a list of parts; images and sounds have none."""
    content = message.get("content")
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        return "\n".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def rendered(conversation: Sequence[Mapping[str, Any]]) -> str:
    """The conversation as the model reads it, with the turn of the assistant opened."""
    turns = (f"{message['role']}: {text_of(message)}\n" for message in conversation)
    return "".join(turns) + "assistant:"


def question(conversation: Sequence[Mapping[str, Any]]) -> str:
    """What the user said last."""
    said = [text_of(message) for message in conversation if message["role"] == "user"]
    return said[-1] if said else text_of(conversation[-1])


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:60]
