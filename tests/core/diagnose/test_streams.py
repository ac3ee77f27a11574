"""Streams that begin well: what the frames and the bytes inside them say, as servers are known to say it."""

from __future__ import annotations

import json

import pytest

from smrt_tui.client.answers import frame_fault
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.diagnose import diagnose
from smrt_tui.core.diagnose.evidence import of_call
from smrt_tui.core.diagnose.facts import stream_facts
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import Ended, FrameArrived, FrameHeader, HeadArrived, PartArrived, ServiceFault
from smrt_tui.core.finding import Finding
from smrt_tui.core.recorder import Recorder

STRING = 7
DRAFT = ResolvedDraft("stream", "e", (("ContentType", "application/json"),), (), b'{"inputs": "hi"}')
PART = (FrameHeader(":message-type", STRING, "event"), FrameHeader(":event-type", STRING, "PayloadPart"))


def streamed(kind: str, *payloads: bytes, fault: ServiceFault | None = None) -> tuple[Finding, ...]:
    """What is found about a stream of these parts, a tenth of a second apart."""
    recorder, decoder = Recorder(), Decoder(None, kind)
    headers = (("x-amzn-RequestId", "1"), ("X-Amzn-SageMaker-Content-Type", kind))
    recorder.add((HeadArrived(0.1, "1.1", 200, "OK", headers),))
    for number, payload in enumerate(payloads):
        recorder.add((PartArrived(0.2 + number / 10, number, payload, number * 100, PART, 1, 1),))
        decoder.push(payload, number, 0.2 + number / 10)
    decoder.close()
    recorder.add((*(() if fault is None else (fault,)), Ended(9.0, "complete" if fault is None else "fault")))
    return diagnose(of_call(recorder, DRAFT, stream_facts(decoder, recorder)))


def an_exception(kind: str, payload: bytes) -> ServiceFault:
    headers = (FrameHeader(":message-type", STRING, "exception"), FrameHeader(":exception-type", STRING, kind))
    fault = frame_fault(FrameArrived(1.0, 100, headers, payload, 1, 1))
    assert fault is not None
    return fault


TOKEN = b'data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}\n\n'
SSE = "text/event-stream"

EXCEPTIONS = {
    "out of time": (
        "ModelStreamError",
        b'{"Message":"Model invocation time exceeded.","ErrorCode":"ModelInvocationTimeExceeded"}',
        "eight minutes",
    ),
    "broken": (
        "ModelStreamError",
        b'{"Message":"The TCP connection was reset.","ErrorCode":"StreamBroken"}',
        "closed its connection",
    ),
    "broken, in small letters": (
        "modelStreamError",
        b'{"message":"The TCP connection was reset.","ErrorCode":"StreamBroken"}',
        "closed its connection",
    ),
    "internal": ("InternalStreamFailure", b'{"Message":"An internal failure occurred."}', "inside the 200"),
    "without a body": ("ModelStreamError", b"", "inside the 200"),
}


@pytest.mark.parametrize(("kind", "payload", "told"), EXCEPTIONS.values(), ids=EXCEPTIONS)
def test_an_exception_inside_a_stream_is_told_with_its_code(kind: str, payload: bytes, told: str) -> None:
    [finding] = streamed(SSE, TOKEN, fault=an_exception(kind, payload))
    assert finding.id == "R36"
    assert told in finding.message


def test_an_error_frame_without_a_type_of_its_own_is_told_too() -> None:
    headers = (FrameHeader(":message-type", STRING, "error"), FrameHeader(":error-code", STRING, "InternalError"))
    [finding] = streamed(SSE, TOKEN, fault=frame_fault(FrameArrived(1.0, 100, headers, b"", 1, 1)))
    assert (finding.id, finding.evidence) == ("R36", "InternalError:")


IN_BAND = {
    "vLLM": (
        SSE,
        TOKEN,
        b'data: {"error": {"message": "EngineDeadError", "type": "InternalServerError", "code": 500}}\n\n',
    ),
    "TGI": (
        SSE,
        b'data:{"index":1,"token":{"id":1,"text":"Hi","logprob":-0.1,"special":false},"generated_text":null}\n\n',
        b'data:{"error":"Request failed during generation: Server error: CUDA error","error_type":"generation"}\n\n',
    ),
    "LMI": (
        "application/jsonlines",
        b'{"token": {"id": 1, "text": "Hi", "log_prob": -0.1}}\n',
        b'{"token": {"id": -1, "text": "", "log_prob": -1}, "generated_text": "", '
        b'"details": {"finish_reason": "error", "generated_tokens": null, "inputs": null}}\n',
    ),
}


@pytest.mark.parametrize("parts", IN_BAND.values(), ids=IN_BAND)
def test_an_error_inside_a_good_answer_comes_first(parts: tuple[str, bytes, bytes]) -> None:
    kind, *payloads = parts
    assert streamed(kind, *payloads)[0].id == "R35"


def test_a_stream_that_says_all_is_well_has_no_finding() -> None:
    end = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
    assert streamed(SSE, TOKEN, end, b"data: [DONE]\n\n") == ()


def test_a_container_that_does_not_stream_is_named() -> None:
    whole = json.dumps([{"generated_text": "Hi"}]).encode()
    assert [finding.id for finding in streamed("application/json", whole)] == ["R34"]
