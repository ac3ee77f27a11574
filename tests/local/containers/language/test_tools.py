"""Tool calls: chosen and filled in from the prompt's words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smrt_tui.local.containers.language.generation import ToolCall
from smrt_tui.local.containers.language.tools import choose_tool


def a_tool(name: str, **properties: dict[str, Any]) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


WEATHER = a_tool("get_weather", city={"type": "string"})
SUM = a_tool("addNumbers", first={"type": "number"})


def test_a_prompt_that_names_the_thing_calls_the_tool() -> None:
    assert choose_tool([SUM, WEATHER], None, "What is the weather in New York today?") == ToolCall(
        "get_weather", '{"city": "New York"}'
    )


def test_a_prompt_about_something_else_is_answered_in_words() -> None:
    assert choose_tool([WEATHER], "auto", "Write a haiku about terminals.") is None


def test_none_forbids_and_required_forces() -> None:
    assert choose_tool([WEATHER], "none", "weather in Rome") is None
    assert choose_tool([WEATHER], "required", "hello") == ToolCall("get_weather", '{"city": "hello"}')


def test_a_named_choice_wins() -> None:
    choice = {"type": "function", "function": {"name": "addNumbers"}}
    assert choose_tool([WEATHER, SUM], choice, "weather, and add 2.5") == ToolCall("addNumbers", '{"first": 2.5}')


def test_a_named_choice_that_is_not_offered_calls_nothing() -> None:
    assert choose_tool([WEATHER], {"function": {"name": "other"}}, "weather") is None


@pytest.mark.parametrize(
    ("kind", "prompt", "value"),
    [
        ({"type": "string"}, 'set the alarm to "early morning"', "early morning"),
        ({"type": "string", "enum": ["celsius", "fahrenheit"]}, "alarm in Fahrenheit", "fahrenheit"),
        ({"type": "integer"}, "alarm at 7", 7),
        ({"type": "boolean"}, "alarm", True),
        ({"type": "array"}, "alarm", None),
    ],
)
def test_arguments_are_taken_from_the_prompt(kind: dict[str, Any], prompt: str, value: object) -> None:
    call = choose_tool([a_tool("set_alarm", value=kind)], None, prompt)
    assert call is not None
    assert json.loads(call.arguments) == {"value": value}


def test_a_parameter_that_is_not_required_and_not_said_is_left_out() -> None:
    tool = {"type": "function", "function": {"name": "alarm", "parameters": {"properties": {"at": {"type": "number"}}}}}
    assert choose_tool([tool], None, "alarm") == ToolCall("alarm", "{}")


@settings(max_examples=40)
@given(st.recursive(st.none() | st.text(max_size=4), lambda i: st.lists(i) | st.dictionaries(st.text(max_size=4), i)))
def test_any_nonsense_offers_no_tool_or_a_json_object(value: Any) -> None:
    tools = [value, {"function": value}, {"function": {"name": "alarm", "parameters": value}}]
    call = choose_tool(tools, None, "alarm at Noon")
    assert call is not None
    assert isinstance(json.loads(call.arguments), dict)
