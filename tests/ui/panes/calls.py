"""Made-up calls for the panes: recorders and decoders filled as a real call fills them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.events import (
    Connected,
    Ended,
    Event,
    FrameHeader,
    HeadArrived,
    Outcome,
    PartArrived,
    Phase,
    PhaseMarked,
    RequestSent,
    Signed,
    Started,
)
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.request import Headers, WireRequest
from smrt_tui.ui.panes.frame_text import checksums, headers_bytes

STREAM_TYPE = "application/vnd.amazon.eventstream"

PART_HEADERS = (
    FrameHeader(":event-type", 7, "PayloadPart"),
    FrameHeader(":content-type", 7, "application/octet-stream"),
    FrameHeader(":message-type", 7, "event"),
)

PHASES = (
    (0.0, Phase.CREDENTIALS),
    (0.0008, Phase.SIGN),
    (0.0011, Phase.RESOLVE),
    (0.0042, Phase.CONNECT),
    (0.0193, Phase.TLS),
    (0.0475, Phase.SEND_HEAD),
    (0.0477, Phase.SEND_BODY),
    (0.0479, Phase.WAIT),
    (0.2310, Phase.RECEIVE),
)

REQUEST_HEADERS: Headers = (
    ("Host", "runtime.sagemaker.us-east-1.amazonaws.com"),
    ("Content-Type", "application/json"),
    ("X-Amzn-SageMaker-Custom-Attributes", "accept_eula=true"),
    ("X-Amz-Date", "20261122T101112Z"),
    (
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/sagemaker/aws4_request, Signature=********",
    ),
    ("Content-Length", "54"),
)


def opening(*, is_stream: bool = True, status: int = 200, content_type: str = "", reason: str = "OK") -> list[Event]:
    """Everything up to the answer's head."""
    operation = "InvokeEndpointWithResponseStream" if is_stream else "InvokeEndpoint"
    path = "/endpoints/llama/invocations" + ("-response-stream" if is_stream else "")
    request = WireRequest(
        "POST", f"https://runtime.sagemaker.us-east-1.amazonaws.com{path}", REQUEST_HEADERS, b"{}" * 27
    )
    head = "\r\n".join([f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in REQUEST_HEADERS)])
    canonical = f"POST\n{path}\n\ncontent-type:application/json\nhost:runtime…\n\ncontent-type;host;x-amz-date\n0f3c"
    return [
        Started(0.0, operation, request),
        *(PhaseMarked(at, phase) for at, phase in PHASES[:2]),
        Signed(
            0.001,
            "shared-credentials-file",
            "AKIDEXAMPLE",
            "20261122/us-east-1/sagemaker/aws4_request",
            ("content-type", "host", "x-amz-date", "x-amzn-sagemaker-custom-attributes"),
            canonical,
            "AWS4-HMAC-SHA256\n20261122T101112Z\n20261122/us-east-1/sagemaker/aws4_request\n7be5",
            "0f3c" * 16,
            True,
            "2026-11-22T11:00:00+00:00",
        ),
        *(PhaseMarked(at, phase) for at, phase in PHASES[2:]),
        Connected(0.0475, "3.90.1.2:443", False, "TLSv1.3", "TLS_AES_128_GCM_SHA256"),
        RequestSent(0.0479, head.encode(), REQUEST_HEADERS, 54),
        HeadArrived(
            0.2310,
            "1.1",
            status,
            reason,
            (
                ("x-amzn-RequestId", "5f1c5a7e-2b1d-4c59-9c3e-0123456789ab"),
                ("Content-Type", content_type or (STREAM_TYPE if is_stream else "application/json")),
                ("Transfer-Encoding", "chunked"),
                ("x-amzn-Invoked-Production-Variant", "AllTraffic"),
            ),
        ),
    ]


def parts(
    payloads: Iterable[bytes], *, first_at: float = 0.25, gap: float = 0.03, is_stream: bool = True
) -> list[PartArrived]:
    """Payloads as parts, evenly spaced."""
    made: list[PartArrived] = []
    offset = 0
    for number, payload in enumerate(payloads):
        headers = PART_HEADERS if is_stream else ()
        crcs = checksums(headers, payload) if is_stream else (0, 0)
        made.append(PartArrived(first_at + gap * number, number, payload, offset, headers, *crcs))
        offset += len(payload) + (16 + headers_bytes(headers) if is_stream else 0)
    return made


def deltas(texts: Iterable[str], key: str = "content") -> list[bytes]:
    """OpenAI chat chunks as server-sent events, then the end marker."""
    chunks = [
        "data: "
        + json.dumps({"id": "c1", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {key: text}}]})
        for text in texts
    ]
    return [f"{chunk}\n\n".encode() for chunk in [*chunks, "data: [DONE]"]]


def recorded(events: Sequence[Event], content_type: str = "") -> tuple[Recorder, Decoder]:
    """A recorder and a decoder that took everything in."""
    recorder, decoder = Recorder(), Decoder(None, content_type)
    add(recorder, decoder, events)
    return recorder, decoder


def add(recorder: Recorder, decoder: Decoder, events: Sequence[Event]) -> None:
    """More of the same call."""
    recorder.add(events)
    decoder.push_many(event for event in events if type(event) is PartArrived)
    if recorder.ended is not None:
        decoder.close()


def ended(at: float, outcome: Outcome = "complete") -> Ended:
    """The end."""
    return Ended(at, outcome)
