"""Microseconds a part of the decoders: `python benchmarks/streams_decode.py [CASE]`; one event a part by default."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from time import process_time

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.events import PartArrived
from smrt_tui.core.profile import StreamOptions

PARTS = 20_000
BATCH = 64
"""Parts handed over at once, as one read of a socket gives them."""


def chat_event(text: str) -> bytes:
    """A chunk as short as 64 bytes allow."""
    return b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}, separators=(",", ":")).encode() + b"\n\n"


def vllm_event(text: str) -> bytes:
    """A chunk as vLLM writes it."""
    choice = {"index": 0, "delta": {"content": text}, "logprobs": None, "finish_reason": None}
    chunk = {"id": "chatcmpl-7d", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def responses_event(text: str) -> bytes:
    """A delta of the responses API."""
    event = {"type": "response.output_text.delta", "item_id": "msg_1", "delta": text}
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def tgi_event(text: str) -> bytes:
    """A token of Text Generation Inference."""
    token = {"id": 7, "text": text, "logprob": -0.1, "special": False}
    return b"data:" + json.dumps({"token": token, "generated_text": None, "details": None}).encode() + b"\n\n"


def lmi_event(text: str) -> bytes:
    """A token of LMI, as a JSON line."""
    return json.dumps({"token": {"id": 304, "text": text, "log_prob": -0.05}}).encode() + b"\n"


def parts_of(body: bytes, size: int) -> list[bytes]:
    """The body cut every `size` bytes."""
    return [body[start : start + size] for start in range(0, len(body), size)]


def seconds(payloads: Sequence[bytes], options: StreamOptions) -> float:
    """Processor time of the best of five runs, so that other programs do not count."""
    parts = [PartArrived(n * 1e-4, n, payload, 0, (), 0, 0) for n, payload in enumerate(payloads)]
    best = float("inf")
    for _ in range(5):
        decoder = Decoder(options)
        begin = process_time()
        for start in range(0, len(parts), BATCH):
            decoder.push_many(parts[start : start + BATCH])
        decoder.close()
        best = min(best, process_time() - begin)
    return best


def main() -> None:
    """Print one line a case."""
    words = [f" w{n % 97}" for n in range(PARTS)]
    auto = StreamOptions()
    cases: list[tuple[str, list[bytes], StreamOptions]] = [
        ("raw text, 64 B", [b"x" * 64] * PARTS, auto),
        ("raw text, 64 B, not ASCII", ["ö".encode() * 32] * PARTS, auto),
        ("SSE chat, 64 B", [chat_event(word) for word in words], auto),
        ("SSE chat, vLLM's own", [vllm_event(word) for word in words], auto),
        ("SSE responses", [responses_event(word) for word in words], auto),
        ("SSE TGI", [tgi_event(word) for word in words], auto),
        ("JSON lines, LMI", [lmi_event(word) for word in words], auto),
        ("SSE chat, vLLM's own, parts of 100 B", parts_of(b"".join(map(vllm_event, words)), 100), auto),
        ("JSON lines, LMI, parts of 40 B", parts_of(b"".join(map(lmi_event, words)), 40), auto),
        (
            "SSE chat, own jmespath text",
            [chat_event(w) for w in words],
            StreamOptions(text="choices[].delta.content|[0]"),
        ),
        ("binary, 64 B", [b"\x00" * 64] * PARTS, auto),
        ("one JSON value of 3 MB, parts of 1400 B", parts_of(json.dumps({"b": "A" * 3_000_000}).encode(), 1400), auto),
        ("one SSE event of 3 MB, parts of 1400 B", parts_of(chat_event("A" * 3_000_000), 1400), auto),
    ]
    for name, payloads, options in cases:
        if len(sys.argv) > 1 and sys.argv[1] not in name:
            continue
        took = seconds(payloads, options)
        size = sum(map(len, payloads))
        print(f"{name:42} {took / len(payloads) * 1e6:8.2f} us/part {size / took / 1e6:8.1f} MB/s {took * 1e3:8.1f} ms")


if __name__ == "__main__":
    main()
