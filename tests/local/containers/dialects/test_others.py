"""Responses, JumpStart and the servers without a format of their own, byte for byte."""

from __future__ import annotations

import pytest

from smrt_tui.local.container import ContainerResponse
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

WORLD = [a_step(" wörld"), a_step(" 🙂", Finish.LENGTH)]
EULA = ("X-Amzn-SageMaker-Custom-Attributes", "accept_eula=true")
DIALOG = {"inputs": [[{"role": "user", "content": "Hi"}]]}


def test_responses_stream_escaped_deltas_then_the_item() -> None:
    assert flushed("responses", {"input": "Hi"}, [*WORLD, the_end()]) == [
        b'data: {"type": "response.output_text.delta", "item_id": "msg_1", "delta": " w\\u00f6rld"}\n\n',
        b'data: {"type": "response.output_text.delta", "item_id": "msg_1", "delta": " \\ud83d\\ude42"}\n\n',
        b'data: {"type": "response.output_item.done", "item": {"type": "message", "id": "msg_1", "status": "completed",'
        b' "role": "assistant", "content": [{"type": "output_text", "text": " w\\u00f6rld \\ud83d\\ude42", '
        b'"annotations": []}]}}\n\n',
        b"data: [DONE]\n\n",
    ]


def test_a_whole_response_is_one_object() -> None:
    assert whole("responses", {"input": CHAT["messages"]}, WORLD) == (
        b'{"id": "resp_1", "object": "response", "output": [{"type": "message", "id": "msg_1", "status": "completed", '
        b'"role": "assistant", "content": [{"type": "output_text", "text": " w\\u00f6rld \\ud83d\\ude42", '
        b'"annotations": []}]}], "usage": {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}}'
    )


def test_a_response_error_is_an_event_and_then_done() -> None:
    assert troubled("responses", {"input": "Hi"}, []) == [b'data: {"error": "boom"}\n\n', b"data: [DONE]\n\n"]


def test_a_wrong_response_request_is_refused() -> None:
    assert refused("responses", {}) == ContainerResponse(
        400,
        (("Content-Type", "application/json"),),
        b'{"detail": "Invalid parameters: input must be a list of at least one message."}',
    )


def test_jumpstart_streams_one_document_in_pieces() -> None:
    quoted = [a_step('"A\n'), a_step("é", Finish.LENGTH)]
    assert flushed("jumpstart-llama", DIALOG, quoted, EULA) == [
        b'[{"generation":{"role":"assistant","content":"',
        b'\\"A\\n',
        "é".encode(),
        b'"}}]',
    ]
    assert (
        whole("jumpstart-llama", DIALOG, quoted, EULA)
        == ('[{"generation":{"role":"assistant","content":"\\"A\\né"}}]').encode()
    )


def test_jumpstart_continues_a_bare_prompt() -> None:
    assert b"".join(flushed("jumpstart-llama", {"inputs": "Hi"}, WORLD, EULA)) == (
        '[{"generation":" wörld 🙂"}]'.encode()
    )
    assert a_plan("jumpstart-llama", {"inputs": "Hi"}, EULA).requests[0].continues


def test_jumpstart_needs_the_licence() -> None:
    assert refused("jumpstart-llama", DIALOG).body == (
        b"Need to pass custom_attributes='accept_eula=true' as part of header. This means you have read and accept the "
        b"end-user license agreement (EULA) of the model."
    )


@pytest.mark.parametrize("inputs", [None, "", [], [[]], [[{"role": "user"}], [{"role": "user"}]], {"a": 1}])
def test_jumpstart_refuses_other_inputs(inputs: object) -> None:
    assert refused("jumpstart-llama", {"inputs": inputs}, EULA).status == 400


@pytest.mark.parametrize(
    ("dialect", "kind"),
    [("text", "text/plain; charset=utf-8"), ("bentoml", "text/event-stream; charset=utf-8")],
)
def test_raw_text_is_just_the_text_whatever_it_claims_to_be(dialect: str, kind: str) -> None:
    assert flushed(dialect, CHAT, [*WORLD, the_end()]) == [" wörld".encode(), " 🙂".encode()]
    assert whole(dialect, CHAT, WORLD) == " wörld 🙂".encode()
    assert a_plan(dialect, CHAT).encoder.stream_type == kind
    assert a_plan(dialect, CHAT).encoder.whole_type == "text/plain; charset=utf-8"


def test_litserve_lines_have_no_content_type() -> None:
    assert flushed("litserve", CHAT, [*WORLD, the_end()]) == [
        b'{"token": {"text": " w\\u00f6rld"}}\n',
        b'{"token": {"text": " \\ud83d\\ude42"}}\n',
    ]
    assert a_plan("litserve", CHAT).encoder.stream_type is None
    assert whole("litserve", CHAT, WORLD) == b'{"output": {"text": " w\\u00f6rld \\ud83d\\ude42"}}'


def test_a_stream_of_theirs_breaks_off_without_a_word() -> None:
    assert [troubled(dialect, CHAT, WORLD[:1]) for dialect in ("text", "bentoml", "litserve")] == [[], [], []]


@pytest.mark.parametrize(
    "payload",
    [{"prompt": "Hi"}, {"inputs": "Hi"}, {"input": "Hi"}, {"text": "Hi"}, CHAT, {"input": CHAT["messages"]}],
)
def test_a_prompt_may_stand_anywhere(payload: object) -> None:
    assert a_plan("text", payload).requests[0].about == "Hi"


def test_plain_text_is_a_prompt() -> None:
    assert a_plan("text", "Grüezi".encode(), ("Content-Type", "text/plain")).requests[0].about == "Grüezi"


@pytest.mark.parametrize("dialect", ["text", "bentoml", "litserve"])
@pytest.mark.parametrize(
    ("payload", "headers"),
    [({}, ()), (b"{", ()), (b"\xff", (("Content-Type", "text/plain"),)), ({"prompt": "a", "max_tokens": -1}, ())],
)
def test_a_request_without_a_prompt_is_a_400(
    dialect: str, payload: object, headers: tuple[tuple[str, str], ...]
) -> None:
    assert refused(dialect, payload, *headers).status == 400
