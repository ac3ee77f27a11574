"""An answer as the bytes of a file: its body as it came, the text that was read out of it, or its parts, a line each.

Nothing is written here.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from smrt_tui.core.request import header, media_type

if TYPE_CHECKING:
    from smrt_tui.core.decode.decoder import Decoder
    from smrt_tui.core.recorder import PartColumns, Recorder

What: TypeAlias = Literal["body", "text", "parts"]
WHATS: tuple[What, ...] = get_args(What)

SUFFIXES = {
    "application/json": ".json",
    "application/jsonlines": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "text/event-stream": ".sse",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/mpeg": ".mp3",
}


def kept_bytes(what: What, recorder: Recorder, decoder: Decoder | None) -> bytes:
    """What a file would hold; empty when there is nothing of it."""
    match what:
        case "body":
            return bytes(recorder.parts.body)
        case "text":
            return _text(decoder).encode()
        case "parts":
            return _part_lines(recorder.parts)


def kept_suffix(what: What, recorder: Recorder) -> str:
    """The suffix of that file; `.bin` for a body of a content type that is not known."""
    if what == "text":
        return ".txt"
    if what == "parts":
        return ".parts.jsonl"
    headers = recorder.head.headers if recorder.head else ()
    inner = header(headers, "X-Amzn-SageMaker-Content-Type")
    return SUFFIXES.get(media_type(inner or header(headers, "Content-Type")), ".bin")


def _text(decoder: Decoder | None) -> str:
    """The text of every choice, reasoning and tool calls left out."""
    choices = {} if decoder is None else decoder.answer.choices
    return "\n\n".join(text for _, choice in sorted(choices.items()) if (text := choice.text.text))


def _part_lines(parts: PartColumns) -> bytes:
    """One JSON object a part, with the keys of a `part` line of `invoke --events`; none for a part that was cut."""
    kept = zip(range(parts.kept), parts.times, parts.payloads(), strict=False)
    lines = (
        {"index": index, "at": at, "bytes": len(payload), "data_b64": base64.b64encode(payload).decode()}
        for index, at, payload in kept
    )
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)
