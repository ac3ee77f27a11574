"""Text Generation Inference's formats, byte for byte."""

from __future__ import annotations

import json

import pytest

from smrt_tui.local.container import ContainerResponse
from smrt_tui.local.containers.dialects import DIALECTS
from smrt_tui.local.containers.language.generation import Alternative, Channel, Finish, collect
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

INPUTS = {"inputs": "Hi", "parameters": {"details": True}, "stream": True}
HI = [a_step(" Hi"), the_end()]
CHAT_HEAD = (
    b'data: {"object":"chat.completion.chunk","id":"","created":1,"model":"ngram",'
    b'"system_fingerprint":"3.3.6-native","choices":'
)


def test_generate_streams_a_token_an_event_and_no_done() -> None:
    assert flushed("tgi", INPUTS, HI) == [
        b'data: {"index":1,"token":{"id":1,"text":" Hi","logprob":-0.1,"special":false},"generated_text":null,'
        b'"details":null}\n\n',
        b'data: {"index":2,"token":{"id":0,"text":"</s>","logprob":-0.1,"special":true},"generated_text":" Hi",'
        b'"details":{"finish_reason":"eos_token","generated_tokens":2,"seed":null,"input_length":1}}\n\n',
    ]


def test_the_older_tgi_has_no_blank_after_the_colon() -> None:
    assert flushed("tgi-old", INPUTS, HI)[0] == (
        b'data:{"index":1,"token":{"id":1,"text":" Hi","logprob":-0.1,"special":false},"generated_text":null,'
        b'"details":null}\n\n'
    )


def test_details_come_only_when_they_are_asked_for() -> None:
    last = flushed("tgi", {"inputs": "Hi", "stream": True}, HI)[-1]
    assert last.endswith(b'"generated_text":" Hi","details":null}\n\n')


def test_generate_answers_a_list() -> None:
    assert whole("tgi", {"inputs": "Hi", "parameters": {"return_full_text": True}}, HI) == (
        b'[{"generated_text":"Hi Hi"}]'
    )
    assert whole("tgi", {"inputs": "Hi", "parameters": {"details": True, "seed": 5, "do_sample": True}}, HI) == (
        b'[{"generated_text":" Hi","details":{"finish_reason":"eos_token","generated_tokens":2,"seed":5,"prefill":[],'
        b'"tokens":[{"id":1,"text":" Hi","logprob":-0.1,"special":false},'
        b'{"id":0,"text":"</s>","logprob":-0.1,"special":true}]}}]'
    )


def test_a_stop_string_stays_in_the_text() -> None:
    steps = [a_step("a", raw="a STOP", finish=Finish.STOP, stop="STOP")]
    asked = {"inputs": "Hi", "parameters": {"stop": ["STOP"], "details": True}}
    assert b'"generated_text":"a STOP","details":{"finish_reason":"stop_sequence"' in flushed("tgi", asked, steps)[0]
    assert whole("tgi", {"inputs": "Hi"}, steps) == b'[{"generated_text":"a STOP"}]'


def test_top_tokens_stand_between_the_token_and_the_text() -> None:
    asked = {"inputs": "Hi", "parameters": {"top_n_tokens": 1}}
    step = a_step(" Hi", Finish.LENGTH, top=(Alternative(3, " Ho", -0.2),))
    assert flushed("tgi", asked, [step]) == [
        b'data: {"index":1,"token":{"id":1,"text":" Hi","logprob":-0.1,"special":false},'
        b'"top_tokens":[{"id":3,"text":" Ho","logprob":-0.2,"special":false}],"generated_text":" Hi",'
        b'"details":null}\n\n'
    ]


def test_sampling_is_greedy_unless_it_is_asked_for() -> None:
    def temperature(**parameters: object) -> float:
        return a_plan("tgi", {"inputs": "Hi", "parameters": parameters}).requests[0].sampling.temperature

    assert (temperature(), temperature(seed=3), temperature(max_new_tokens=5)) == (0, 0, 0)
    assert (temperature(do_sample=True), temperature(top_k=5), temperature(temperature=0.5)) == (1, 1, 0.5)


def test_an_error_in_the_stream_ends_it() -> None:
    assert troubled("tgi", INPUTS, HI[:1]) == [b'data: {"error":"boom","error_type":"generation"}\n\n']
    assert troubled("tgi", CHAT, HI[:1]) == [
        b'data: {"error":{"message":"boom","http_status_code":424}}\n\n',
        b"data: [DONE]\n\n",
    ]


def test_chat_has_a_role_in_every_delta_and_ends_with_done() -> None:
    assert flushed("tgi", CHAT, HI) == [
        CHAT_HEAD
        + b'[{"index":0,"delta":{"role":"assistant","content":" Hi"},"logprobs":null,"finish_reason":null}],'
        + b'"usage":null}\n\n',
        CHAT_HEAD
        + b'[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":"stop"}],'
        + b'"usage":null}\n\n',
        b"data: [DONE]\n\n",
    ]


def test_chat_usage_is_a_chunk_of_its_own() -> None:
    asked = {**CHAT, "stream_options": {"include_usage": True}}
    assert flushed("tgi", asked, HI)[-2] == (
        CHAT_HEAD + b'[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\n'
    )


def test_a_whole_chat_is_one_object() -> None:
    assert whole("tgi", {**CHAT, "logprobs": True}, [a_step("Hi", Finish.LENGTH)]) == (
        b'{"object":"chat.completion","id":"","created":1,"model":"ngram","system_fingerprint":"3.3.6-native",'
        b'"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"logprobs":{"content":[{"token":"Hi",'
        b'"logprob":-0.1,"top_logprobs":[]}]},"finish_reason":"length"}],'
        b'"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}'
    )


def test_a_tool_call_is_named_in_its_first_delta() -> None:
    asked = {
        "messages": [{"role": "user", "content": "weather"}],
        "tools": [{"type": "function", "function": {"name": "get_weather"}}],
    }
    steps = [a_step("{", channel=Channel.TOOL), a_step("}", Finish.TOOL, channel=Channel.TOOL)]
    deltas = [json.loads(line[6:])["choices"][0]["delta"] for line in flushed("tgi", asked, steps)[:-1]]
    assert [delta["tool_calls"][0]["function"] for delta in deltas] == [
        {"name": "get_weather", "arguments": "{"},
        {"name": None, "arguments": "}"},
    ]
    assert json.loads(whole("tgi", asked, steps))["choices"][0]["message"]["tool_calls"] == [
        {"id": "0", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    ]


def test_completions_have_the_usage_in_the_last_event() -> None:
    head = (
        b'data: {"object":"text_completion","id":"","created":1,"model":"ngram",'
        b'"system_fingerprint":"3.3.6-native","choices":'
    )
    assert flushed("tgi", {"prompt": "Hi", "stream": True}, HI) == [
        head + b'[{"index":0,"text":" Hi","logprobs":null,"finish_reason":""}]}\n\n',
        head
        + b'[{"index":0,"text":"","logprobs":null,"finish_reason":"stop"}],'
        + b'"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\n\n',
        b"data: [DONE]\n\n",
    ]
    assert json.loads(whole("tgi", {"prompt": "Hi"}, HI))["choices"][0]["text"] == " Hi"


def test_headers_tell_what_sagemaker_drops() -> None:
    encoder = a_plan("tgi", {"inputs": "Hi you"}).encoder
    assert encoder.stream_headers() == (
        ("x-compute-type", "cpu"),
        ("x-compute-characters", "6"),
        ("x-accel-buffering", "no"),
    )
    assert encoder.whole_headers(collect(HI), 0.25) == (
        ("x-compute-type", "cpu"),
        ("x-compute-time", "0.25"),
        ("x-compute-characters", "6"),
        ("x-total-time", "250"),
        ("x-validation-time", "0"),
        ("x-queue-time", "0"),
        ("x-inference-time", "250"),
        ("x-time-per-token", "125"),
        ("x-prompt-tokens", "2"),
        ("x-generated-tokens", "2"),
    )


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({"inputs": ""}, "`inputs` cannot be empty"),
        ({"inputs": "a", "parameters": {"max_new_tokens": 0}}, "`max_new_tokens` must be strictly positive"),
        ({"inputs": "a", "parameters": {"temperature": 0}}, "`temperature` must be strictly positive"),
        ({"inputs": "a", "parameters": {"top_p": 1.0}}, "`top_p` must be > 0.0 and < 1.0"),
        ({"inputs": "a", "parameters": {"top_k": 0}}, "`top_k` must be strictly positive"),
        (
            {"inputs": "a", "parameters": {"stop": ["a", "b", "c", "d", "e"]}},
            "`stop` supports up to 4 stop sequences. Given: 5",
        ),
        (
            {"inputs": "a", "parameters": {"max_new_tokens": 9000}},
            "`inputs` tokens + `max_new_tokens` must be <= 8192. Given: 1 `inputs` tokens and 9000 `max_new_tokens`",
        ),
    ],
)
def test_wrong_parameters_are_a_422_or_an_event(payload: dict[str, object], message: str) -> None:
    body = json.dumps(
        {"error": f"Input validation error: {message}", "error_type": "validation"}, separators=(",", ":")
    ).encode()
    assert refused("tgi", payload) == ContainerResponse(422, (("Content-Type", "application/json"),), body)
    plan = a_plan("tgi", {**payload, "stream": True})
    assert (plan.is_stream, plan.requests, list(plan.encoder.opening())) == (True, (), [b"data: " + body + b"\n\n"])


@pytest.mark.parametrize(
    ("payload", "headers", "status", "message"),
    [
        (
            {"input": "a"},
            (),
            422,
            "Failed to deserialize the JSON body into the target type: data did not match any variant of untagged "
            "enum SagemakerRequest",
        ),
        (b"a", (), 415, "Expected request with `Content-Type: application/json`"),
        (
            b"[]",
            (("Content-Type", "application/json"),),
            400,
            "Failed to parse the request body as JSON: The body must be a JSON object.",
        ),
    ],
)
def test_what_the_web_framework_refuses_is_plain_text(
    payload: object, headers: tuple[tuple[str, str], ...], status: int, message: str
) -> None:
    assert refused("tgi", payload, *headers) == ContainerResponse(
        status, (("Content-Type", "text/plain; charset=utf-8"),), message.encode()
    )


def test_both_dialects_refuse_alike() -> None:
    assert DIALECTS["tgi"].refuse is DIALECTS["tgi-old"].refuse
