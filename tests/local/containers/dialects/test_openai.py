"""vLLM's OpenAI format, byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smrt_tui.local.container import ContainerResponse
from smrt_tui.local.containers.language.generation import Alternative, Channel, Finish
from tests.local.containers.dialects.encoding import (
    CHAT,
    a_plan,
    a_step,
    flushed,
    refused,
    the_end,
    troubled,
    whole,
)

HEAD = b'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"ngram","choices":'
TEXT_HEAD = b'data: {"id":"cmpl-1","object":"text_completion","created":1,"model":"ngram","choices":'
HI = [a_step("Hi"), a_step(" wörld 🙂"), the_end()]
TOOLS = [{"type": "function", "function": {"name": "get_weather", "parameters": {"properties": {"city": {}}}}}]


def test_a_chat_stream_is_role_tokens_end_and_done() -> None:
    assert flushed("openai", CHAT, HI) == [
        HEAD + b'[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\n',
        HEAD + b'[{"index":0,"delta":{"content":"Hi"},"logprobs":null,"finish_reason":null}]}\n\n',
        HEAD + '[{"index":0,"delta":{"content":" wörld 🙂"},"logprobs":null,"finish_reason":null}]}\n\n'.encode(),
        HEAD + b'[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"stop","stop_reason":null}]}\n\n',
        b"data: [DONE]\n\n",
    ]


def test_usage_comes_only_when_it_is_asked_for() -> None:
    asked = {**CHAT, "stream": True, "stream_options": {"include_usage": True}}
    assert flushed("openai", asked, HI)[-2:] == [
        HEAD + b'[],"usage":{"prompt_tokens":3,"total_tokens":6,"completion_tokens":3}}\n\n',
        b"data: [DONE]\n\n",
    ]


def test_continuous_usage_is_in_every_chunk() -> None:
    asked = {**CHAT, "stream": True, "stream_options": {"continuous_usage_stats": True}}
    counts = [json.loads(line[6:])["usage"]["completion_tokens"] for line in flushed("openai", asked, HI)[:-1]]
    assert counts == [0, 1, 2, 3]


def test_a_whole_chat_is_one_object() -> None:
    assert (
        whole("openai", CHAT, HI)
        == (
            '{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"ngram","choices":[{"index":0,"message":'
            '{"role":"assistant","content":"Hi wörld 🙂","tool_calls":[]},"logprobs":null,"finish_reason":"stop",'
            '"stop_reason":null}],"usage":{"prompt_tokens":3,"total_tokens":6,"completion_tokens":3}}'
        ).encode()
    )


@pytest.mark.parametrize(
    ("finish", "stop", "word"),
    [(Finish.LENGTH, None, b'"length","stop_reason":null'), (Finish.STOP, "\n", b'"stop","stop_reason":"\\n"')],
)
def test_the_last_token_tells_why_it_is_the_last(finish: Finish, stop: str | None, word: bytes) -> None:
    last = flushed("openai", CHAT, [a_step("Hi", finish, stop=stop)])[1]
    assert last == HEAD + b'[{"index":0,"delta":{"content":"Hi"},"logprobs":null,"finish_reason":' + word + b"}]}\n\n"


def test_reasoning_has_a_field_of_its_own_in_both_spellings() -> None:
    steps = [a_step("Let", channel=Channel.REASONING), a_step("Hi", Finish.LENGTH)]
    assert b'"delta":{"reasoning":"Let"}' in flushed("openai", {**CHAT, "reasoning": True}, steps)[1]
    old = flushed("openai", {**CHAT, "reasoning": "reasoning_content"}, steps)
    assert b'"delta":{"reasoning_content":"Let"}' in old[1]
    message = json.loads(whole("openai", {**CHAT, "reasoning": True}, steps))["choices"][0]["message"]
    assert message == {"role": "assistant", "content": "Hi", "reasoning": "Let", "tool_calls": []}


@pytest.mark.parametrize(
    "payload", [{"reasoning": True}, {"chat_template_kwargs": {"enable_thinking": True}}], ids=["flag", "template"]
)
def test_reasoning_is_asked_for_in_two_ways(payload: dict[str, Any]) -> None:
    assert a_plan("openai", {**CHAT, **payload}).requests[0].reasons
    assert not a_plan("openai", CHAT).requests[0].reasons


def test_a_tool_call_is_named_first_and_its_arguments_follow() -> None:
    asked = {"messages": [{"role": "user", "content": "weather in Rome"}], "tools": TOOLS}
    steps = [a_step('{"city"', channel=Channel.TOOL), a_step(': "Rome"}', Finish.TOOL, channel=Channel.TOOL)]
    assert flushed("openai", asked, steps)[1:] == [
        HEAD
        + b'[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":'
        + b'{"name":"get_weather","arguments":""}}]},"logprobs":null,"finish_reason":null}]}\n\n',
        HEAD
        + b'[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"city\\""}}]},'
        + b'"logprobs":null,"finish_reason":null}]}\n\n',
        HEAD
        + b'[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":": \\"Rome\\"}"}}]},'
        + b'"logprobs":null,"finish_reason":null}]}\n\n',
        HEAD
        + b'[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"tool_calls","stop_reason":null}]}\n\n',
        b"data: [DONE]\n\n",
    ]
    choice = json.loads(whole("openai", asked, steps))["choices"][0]
    assert (choice["finish_reason"], choice["message"]) == (
        "tool_calls",
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "get_weather", "arguments": '{"city": "Rome"}'},
                }
            ],
        },
    )


def test_after_a_tool_has_answered_the_model_answers() -> None:
    turns = [{"role": "user", "content": "weather in Rome"}, {"role": "tool", "content": "rain"}]
    assert a_plan("openai", {"messages": turns, "tools": TOOLS}).requests[0].tool is None


def test_log_probabilities_carry_bytes_and_alternatives() -> None:
    asked = {**CHAT, "logprobs": True, "top_logprobs": 1}
    step = a_step("é", Finish.LENGTH, top=(Alternative(2, "e", -0.05),))
    content = json.loads(whole("openai", asked, [step]))["choices"][0]["logprobs"]
    assert content == {
        "content": [
            {
                "token": "é",
                "logprob": -0.1,
                "bytes": [195, 169],
                "top_logprobs": [{"token": "e", "logprob": -0.05, "bytes": [101]}],
            }
        ]
    }
    assert json.loads(flushed("openai", asked, [step])[1][6:])["choices"][0]["logprobs"] == content


def test_each_choice_has_its_index() -> None:
    steps = [a_step("A", choice=0), a_step("B", choice=1), the_end(0), the_end(1)]
    lines = flushed("openai", {**CHAT, "n": 2}, steps)
    assert [json.loads(line[6:])["choices"][0]["index"] for line in lines[:-1]] == [0, 1, 0, 1, 0, 1]


def test_an_error_in_the_stream_is_an_event_and_then_done() -> None:
    assert troubled("openai", CHAT, HI[:1]) == [
        b'data: {"error":{"message":"boom","type":"InternalServerError","param":null,"code":500}}\n\n',
        b"data: [DONE]\n\n",
    ]


def test_completions_stream_text() -> None:
    assert flushed("openai", {"prompt": "The sea"}, [a_step(" is"), the_end()]) == [
        TEXT_HEAD + b'[{"index":0,"text":" is","logprobs":null,"finish_reason":null,"stop_reason":null}]}\n\n',
        TEXT_HEAD + b'[{"index":0,"text":"","logprobs":null,"finish_reason":"stop","stop_reason":null}]}\n\n',
        b"data: [DONE]\n\n",
    ]


def test_whole_completions_echo_the_prompt_when_asked() -> None:
    steps = [a_step(" is"), a_step(" grey", Finish.LENGTH)]
    assert whole("openai", {"prompt": "The sea", "echo": True, "logprobs": 0}, steps) == (
        b'{"id":"cmpl-1","object":"text_completion","created":1,"model":"ngram","choices":[{"index":0,'
        b'"text":"The sea is grey","logprobs":{"text_offset":[0,3],"token_logprobs":[-0.1,-0.1],'
        b'"tokens":[" is"," grey"],"top_logprobs":[{},{}]},"finish_reason":"length","stop_reason":null}],'
        b'"usage":{"prompt_tokens":2,"total_tokens":4,"completion_tokens":2}}'
    )


def test_several_prompts_are_several_requests() -> None:
    plan = a_plan("openai", {"prompt": ["a b", "c"], "n": 2})
    assert [(request.prompt, request.choices, request.continues) for request in plan.requests] == [
        ("a b", 2, True),
        ("c", 2, True),
    ]


def test_parameters_reach_the_model() -> None:
    asked = {
        **CHAT,
        "max_completion_tokens": 5,
        "temperature": 0,
        "top_p": 0.5,
        "top_k": -1,
        "seed": 3,
        "stop": "x",
        "frequency_penalty": 1,
        "presence_penalty": -1,
        "repetition_penalty": 1.2,
        "ignore_eos": True,
        "stream": True,
    }
    plan = a_plan("openai", asked)
    (request,) = plan.requests
    assert plan.is_stream
    assert (request.max_tokens, request.stop, request.ignores_end) == (5, ("x",), True)
    sampling = request.sampling
    assert (sampling.temperature, sampling.top_p, sampling.top_k, sampling.seed) == (0, 0.5, 0, 3)
    assert (sampling.frequency_penalty, sampling.presence_penalty, sampling.repetition_penalty) == (1, -1, 1.2)


def test_silence_means_luck_and_as_much_as_the_context_holds() -> None:
    (request,) = a_plan("openai", CHAT).requests
    assert (request.sampling.seed, request.max_tokens, request.sampling.temperature) == (7, 8192 - 3, 1.0)
    (text,) = a_plan("openai", {"prompt": "Hi"}).requests
    assert text.max_tokens == 16


def test_the_operation_alone_does_not_make_a_stream() -> None:
    assert not a_plan("openai", CHAT, streams=True).is_stream


def test_content_may_be_a_list_of_parts() -> None:
    content = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": "data:x"}}]
    (request,) = a_plan("openai", {"messages": [{"role": "user", "content": content}]}).requests
    assert request.about == "What is this?"


def error(status: int, message: str, kind: str = "BadRequestError", param: str | None = None) -> ContainerResponse:
    body = {"error": {"message": message, "type": kind, "param": param, "code": status}}
    raw = json.dumps(body, separators=(",", ":")).encode()
    return ContainerResponse(status, (("Content-Type", "application/json"),), raw)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({**CHAT, "model": "x"}, error(404, "The model `x` does not exist.", "NotFoundError")),
        ({}, error(400, "Field required: messages", param="messages")),
        ({"messages": []}, error(400, "messages must be a list of at least one message.", param="messages")),
        ({"messages": [3]}, error(400, "messages[0] must be an object with a role.", param="messages")),
        (
            {"prompt": [""]},
            error(400, "prompt must be a string or a list of strings, none of them empty.", param="prompt"),
        ),
        ({**CHAT, "temperature": -1}, error(400, "temperature must be in [0, 100], got -1.", param="temperature")),
        ({**CHAT, "temperature": "hot"}, error(400, 'temperature must be a number, got "hot".', param="temperature")),
        ({**CHAT, "top_p": 0}, error(400, "top_p must be in (0, 1], got 0.", param="top_p")),
        ({**CHAT, "max_tokens": 0}, error(400, "max_tokens must be at least 1, got 0.", param="max_tokens")),
        ({**CHAT, "n": 17}, error(400, "n must be at most 16, got 17.", param="n")),
        (
            {**CHAT, "stop": ""},
            error(400, "stop must be a string or a list of strings, none of them empty.", param="stop"),
        ),
        ({**CHAT, "stream": "yes"}, error(400, 'stream must be true or false, got "yes".', param="stream")),
        (
            {**CHAT, "stream_options": {}},
            error(400, "Stream options can only be defined when `stream=True`.", param="stream_options"),
        ),
        (
            {**CHAT, "top_logprobs": 2},
            error(400, "when using `top_logprobs`, `logprobs` must be set to true.", param="top_logprobs"),
        ),
        (
            {**CHAT, "tool_choice": "auto"},
            error(400, "When using `tool_choice`, `tools` must be set.", param="tool_choice"),
        ),
        ({**CHAT, "tools": 3}, error(400, "tools must be a list.", param="tools")),
        (
            {**CHAT, "max_tokens": 9000},
            error(
                400,
                "This model's maximum context length is 8192 tokens. However, you requested 9003 tokens (3 in the "
                "messages, 9000 in the completion). Please reduce the length of the messages or completion.",
                param="max_tokens",
            ),
        ),
    ],
)
def test_a_wrong_request_is_refused_in_vllms_form(payload: object, expected: ContainerResponse) -> None:
    assert refused("openai", payload) == expected


def test_only_json_is_taken() -> None:
    assert refused("openai", b"a", ("Content-Type", "text/plain")) == error(
        415, "Unsupported Media Type: Only 'application/json' is allowed"
    )


def test_nim_insists_on_the_models_name() -> None:
    assert refused("nim", CHAT) == error(422, "model: Field required", param="model")
    assert flushed("nim", {**CHAT, "model": "ngram"}, HI) == flushed("openai", CHAT, HI)
