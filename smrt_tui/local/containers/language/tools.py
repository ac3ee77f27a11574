"""Which of the offered tools a prompt asks for, and with which arguments: by the words they share. No sampling."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from smrt_tui.local.containers.language.generation import ToolCall

_NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_QUOTED = re.compile(r"[\"“']([^\"”']+)[\"”']")
_PLACE = re.compile(r"\b(?:in|at|for|to|of|from|about)\s+((?:[^\W\d_a-z][\w’'-]*\s?)+)")
_VAGUE = frozenset(("get", "set", "the", "current", "find", "tool", "call", "run", "use", "function", "fetch", "do"))


def choose_tool(tools: Sequence[Any], choice: Any, prompt: str) -> ToolCall | None:
    """The tool to call, None for an answer in words.

    `choice` is `tool_choice` of an OpenAI request: auto, none, required, or one tool by name.
    """
    functions = [tool["function"] for tool in tools if _is_function(tool)]
    if choice == "none" or not functions:
        return None
    if isinstance(choice, dict):
        named = choice.get("function", {}).get("name") if isinstance(choice.get("function"), dict) else None
        functions = [function for function in functions if function["name"] == named]
    best = max(functions, key=lambda function: _shared_words(function, prompt), default=None)
    is_forced = choice == "required" or isinstance(choice, dict)
    if best is None or not (is_forced or _shared_words(best, prompt)):
        return None
    return ToolCall(best["name"], json.dumps(_arguments(best.get("parameters"), prompt), ensure_ascii=False))


def _is_function(tool: Any) -> bool:
    function = tool.get("function") if isinstance(tool, dict) else None
    return isinstance(function, dict) and isinstance(function.get("name"), str)


def _shared_words(function: Mapping[str, Any], prompt: str) -> int:
    said = {word.lower() for word in re.findall(r"\w+", prompt)}
    named = {part.lower() for part in _NAME_PART.findall(function["name"])} - _VAGUE
    return len(named & said)


def _arguments(schema: Any, prompt: str) -> dict[str, Any]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict):
        return {}
    required = schema.get("required", [])
    found = {name: _argument(kind if isinstance(kind, dict) else {}, prompt) for name, kind in properties.items()}
    return {name: value for name, value in found.items() if value is not None or name in required}


def _argument(kind: Mapping[str, Any], prompt: str) -> Any:
    """What the prompt says for one parameter; None when it says nothing."""
    choices = kind.get("enum")
    if isinstance(choices, list) and choices:
        return next((value for value in choices if str(value).lower() in prompt.lower()), None)
    match kind.get("type"):
        case "integer" | "number" as wanted:
            number = _NUMBER.search(prompt)
            return None if number is None else (int(float(number[0])) if wanted == "integer" else float(number[0]))
        case "boolean":
            return True
        case "string" | None:
            return _phrase(prompt)
        case _:
            return None


def _phrase(prompt: str) -> str | None:
    for pattern in (_QUOTED, _PLACE):
        match = pattern.search(prompt)
        if match:
            return match[1].strip()
    return prompt.strip() or None
