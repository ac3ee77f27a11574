"""The formats of five generations of LMI, byte for byte."""

from __future__ import annotations

import json

import pytest

from smrt_tui.local.containers.language.generation import Finish
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

INPUTS = {"inputs": "Hi", "parameters": {"details": True}}
HELLO = [a_step("Hello"), a_step(" wö"), a_step(" 🙂", Finish.LENGTH)]


def test_inputs_stream_as_json_lines_and_two_empty_lines() -> None:
    assert flushed("lmi", INPUTS, HELLO) == [
        b'{"index": 0, "token": {"id": 1, "text": "Hello", "logprob": -0.1}, "generated_text": null, '
        b'"details": null}\n',
        '{"index": 0, "token": {"id": 1, "text": " wö", "logprob": -0.1}, "generated_text": null, '
        '"details": null}\n'.encode(),
        '{"index": 0, "token": {"id": 1, "text": " 🙂", "logprob": -0.1}, "generated_text": "Hello wö 🙂", '
        '"details": {"finish_reason": "length", "seed": null, "generated_tokens": 4, "input_length": 1}}\n'.encode(),
        b"\n",
        b"\n",
    ]


def test_without_details_they_are_null() -> None:
    assert flushed("lmi", {"inputs": "Hi"}, HELLO)[2].endswith(b', "details": null}\n')


def test_the_end_is_a_token_without_text() -> None:
    line = json.loads(flushed("lmi", INPUTS, [a_step("Hi"), the_end()])[1])
    assert (line["token"], line["generated_text"]) == ({"id": 0, "text": "", "logprob": -0.1}, "Hi")
    assert line["details"]["finish_reason"] == "stop"


def test_a_whole_answer_is_an_object_and_a_line_end() -> None:
    assert whole("lmi", {"inputs": "Hi"}, HELLO) == '{"generated_text": "Hello wö 🙂"}\n'.encode()
    asked = {"inputs": "Hi", "parameters": {"details": True, "return_full_text": True, "seed": 4}}
    assert whole("lmi", asked, [a_step(" you"), the_end()]) == (
        b'{"generated_text": "Hi you", "details": {"finish_reason": null, "generated_tokens": 2, "seed": 4, '
        b'"prefill": [], "tokens": [{"id": 1, "text": " you", "logprob": -0.1}, '
        b'{"id": 0, "text": "", "logprob": -0.1}]}}\n'
    )


def test_chat_is_vllms_without_the_sse() -> None:
    head = b'{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"lmi","choices":'
    assert flushed("lmi", CHAT, [a_step("Hel"), the_end()]) == [
        head + b'[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n',
        head + b'[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]}\n',
        head + b'[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"stop","stop_reason":null}]}\n',
        b"\n",
    ]


def test_the_operation_decides_where_the_body_is_silent() -> None:
    assert a_plan("lmi", INPUTS, streams=True).is_stream
    assert not a_plan("lmi", INPUTS).is_stream
    assert not a_plan("lmi", {**INPUTS, "stream": False}, streams=True).is_stream
    assert a_plan("lmi", {**CHAT, "stream": True}).is_stream


def test_the_defaults_are_lmis() -> None:
    (request,) = a_plan("lmi", {"inputs": "Hi"}).requests
    assert (request.max_tokens, request.sampling.temperature, request.continues) == (30, 1.0, True)
    (greedy,) = a_plan("lmi", {"inputs": "Hi", "parameters": {"do_sample": False, "temperature": 2}}).requests
    assert greedy.sampling.temperature == 0


def test_an_error_in_the_stream_has_no_line_end() -> None:
    assert troubled("lmi", INPUTS, HELLO[:1]) == [b'{"code":424,"error":"boom"}']


@pytest.mark.parametrize(
    ("payload", "status", "message"),
    [
        ({}, 424, "Input parsing failed: invalid payload. must contain prompt, inputs, or messages"),
        ({"inputs": ""}, 424, "Input parsing failed: inputs must be a string that is not empty"),
        ({"inputs": "a", "parameters": 3}, 424, "Input parsing failed: parameters must be an object, got 3."),
        ({**CHAT, "model": "llama"}, 404, "The model `llama` does not exist."),
        (b"{", 424, "Input parsing failed: There was an error parsing the body: Expecting property name enclosed"),
    ],
)
def test_a_wrong_request_carries_its_code(payload: object, status: int, message: str) -> None:
    response = refused("lmi", payload)
    assert isinstance(response.body, bytes)
    body = json.loads(response.body)
    assert (response.status, body["code"]) == (status, status)
    assert body["error"].startswith(message)


ROLLING = {"inputs": "Hi", "parameters": {}}


def test_rolling_batches_stream_bare_tokens_and_repeat_the_text() -> None:
    assert flushed("lmi-rolling", ROLLING, [a_step("Hel", token_id=304), a_step("lo", Finish.LENGTH)]) == [
        b'{"token": {"id": 304, "text": "Hel", "log_prob": -0.1}}\n',
        b'{"token": {"id": 1, "text": "lo", "log_prob": -0.1}, "generated_text": "Hello"}\n',
    ]


def test_rolling_details_have_the_inputs() -> None:
    assert flushed("lmi-rolling", INPUTS, [the_end()]) == [
        b'{"token": {"id": 0, "text": "", "log_prob": -0.1}, "generated_text": "", "details": '
        b'{"finish_reason": "eos_token", "generated_tokens": 1, "inputs": "Hi"}}\n'
    ]
    assert whole("lmi-rolling", INPUTS, [a_step("Hel", Finish.LENGTH)]) == (
        b'{"generated_text": "Hel", "details": {"finish_reason": "length", "generated_tokens": 1, "inputs": "Hi", '
        b'"tokens": [{"id": 1, "text": "Hel", "log_prob": -0.1}]}}'
    )
    assert whole("lmi-rolling", ROLLING, [a_step("Hel", Finish.LENGTH)]) == b'{"generated_text": "Hel"}'


def test_as_sse_it_is_tgi_compatible() -> None:
    assert flushed("lmi-sse", ROLLING, [a_step("Hel"), the_end()]) == [
        b'data: {"token": {"id": 1, "text": "Hel", "logprob": -0.1}}\n\n',
        b'data: {"token": {"id": 0, "text": "", "logprob": -0.1}, "generated_text": "Hel", "details": '
        b'{"finish_reason": "eos_token", "generated_tokens": 2, "inputs": "Hi"}}\n\n',
    ]
    assert whole("lmi-sse", ROLLING, [a_step("Hel", Finish.LENGTH)]).startswith(b'[{"generated_text": "Hel", "details"')


def test_a_rolling_error_is_a_last_token() -> None:
    assert troubled("lmi-rolling", ROLLING, [a_step("Hel")]) == [
        b'{"token": {"id": -1, "text": "", "log_prob": -1, "special_token": true, "error_msg": "boom"}, '
        b'"generated_text": "Hel", "details": {"finish_reason": "error"}}\n'
    ]


def test_rolling_chat_has_the_role_behind_the_content() -> None:
    head = b'{"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "choices": '
    assert flushed("lmi-rolling", CHAT, [a_step("Hel"), a_step("lo", Finish.LENGTH)]) == [
        head
        + b'[{"index": 0, "delta": {"content": "Hel", "role": "assistant"}, "logprobs": null, '
        + b'"finish_reason": null}]}\n',
        head + b'[{"index": 0, "delta": {"content": "lo"}, "logprobs": null, "finish_reason": "length"}]}\n',
    ]


def test_rolling_chat_as_sse_ends_in_one_write() -> None:
    last = flushed("lmi-sse", CHAT, [a_step("Hel"), a_step("lo", Finish.LENGTH)])[-1]
    assert last == (
        b'data: {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "choices": [{"index": 0, '
        b'"delta": {"content": "lo"}, "logprobs": null, "finish_reason": "length"}]}\n\ndata: [DONE]\n\n'
    )


def test_a_whole_rolling_chat_is_one_object() -> None:
    assert (
        whole("lmi-rolling", {**CHAT, "logprobs": True}, [a_step("Hé", Finish.LENGTH)])
        == (
            '{"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "choices": [{"index": 0, "message": '
            '{"role": "assistant", "content": "Hé"}, "logprobs": {"content": [{"token": "Hé", "logprob": -0.1, '
            '"bytes": [72, 233], "top_logprobs": [{"token": "Hé", "logprob": -0.1, "bytes": [72, 233]}]}]}, '
            '"finish_reason": "length"}], "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}}'
        ).encode()
    )


def test_legacy_lines_hold_one_piece_a_prompt() -> None:
    asked = {"inputs": ["a", "b"], "parameters": {}}
    steps = [a_step(" wö", choice=0), a_step(" b", choice=1), the_end(0), a_step(" c", choice=1), the_end(1)]
    assert flushed("lmi-legacy", asked, steps) == [
        '{"outputs": [" wö", " b"]}\n'.encode(),
        b'{"outputs": ["", " c"]}\n',
        b'{"outputs": ["", ""]}\n',
    ]
    assert whole("lmi-legacy", asked, steps) == '[{"generated_text": " wö"}, {"generated_text": " b c"}]'.encode()


def test_a_legacy_error_has_a_code_and_a_message() -> None:
    assert troubled("lmi-legacy", {"inputs": "a"}, []) == [
        b'{"code":424,"message":"invoke handler failure","error":"boom"}'
    ]


def test_third_party_lines_count_tokens() -> None:
    assert flushed("lmi-3p", {"prompt": "a b"}, [a_step("Hel"), a_step("lo", Finish.LENGTH)]) == [
        b'{"body":{"generation":"Hel","prompt_token_count":2,"generation_token_count":1,"stop_reason":null},'
        b'"metering":{"outputTokenCount":1,"inputTokenCount":2},"content_type":"application/jsonlines"}\n',
        b'{"body":{"generation":"lo","prompt_token_count":2,"generation_token_count":2,"stop_reason":"length"},'
        b'"metering":{"outputTokenCount":2,"inputTokenCount":2},"content_type":"application/jsonlines"}\n',
    ]
    assert whole("lmi-3p", {"prompt": "a b"}, [a_step("Hel", Finish.LENGTH)]) == (
        b'{"body":{"generation":"Hel","prompt_token_count":2,"generation_token_count":1,"stop_reason":"length"},'
        b'"metering":{"outputTokenCount":1,"inputTokenCount":2}}'
    )


def test_third_party_defaults_are_its_own() -> None:
    (request,) = a_plan("lmi-3p", {"prompt": "a", "top_p": 0.5}).requests
    assert (request.max_tokens, request.sampling.temperature, request.sampling.top_p) == (512, 0.5, 0.5)


@pytest.mark.parametrize("dialect", ["lmi", "lmi-rolling", "lmi-sse", "lmi-legacy", "lmi-3p"])
def test_every_lmi_refuses_in_the_same_form(dialect: str) -> None:
    response = refused(dialect, {"inputs": 3, "prompt": 3})
    assert isinstance(response.body, bytes)
    assert (response.status, json.loads(response.body)["code"]) == (424, 424)
