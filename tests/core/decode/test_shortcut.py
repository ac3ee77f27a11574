"""Events that are recognised without parsing say what parsing would say."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert

from smrt_tui.core.decode import reader as reader_module
from smrt_tui.core.decode.decoded import Decoded
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.decode.shortcut import Shortcut
from smrt_tui.core.profile import StreamOptions

FEW_TEXTS = st.sampled_from(["a", "b"])
TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(['"', "\\", "\n", "\u2028", "a\ud83d", "\ude42b", "é", "</s>"]))
NUMBERS = st.one_of(st.integers(-9, 99), st.floats(allow_nan=False, allow_infinity=False))
OTHERS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, st.just({}), st.just([]), st.just(["x"]))


def chat(text: object, other: object, number: object, reason: object) -> object:
    choice = {
        "index": number if number in (0, 1) else 0,
        "delta": {"content": text, "x": other},
        "finish_reason": reason,
    }
    return {"id": other, "choices": [choice], "created": number}


def reasoning(text: object, other: object, number: object, reason: object) -> object:
    delta = (
        {"reasoning_content": text} if reason else {"reasoning": text, "content": other if other in (None, "") else "y"}
    )
    return {"id": other, "n": number, "choices": [{"delta": delta}]}


def tgi(text: object, other: object, number: object, reason: object) -> object:
    token = {"id": number, "text": text, "special": reason is True, "logprob": number}
    return {"token": token, "generated_text": other if isinstance(other, str) else None, "details": None}


def responses(text: object, other: object, number: object, reason: object) -> object:
    kind = "response.output_text.delta" if reason is None else "response.completed" if reason else other
    return {"type": kind, "item_id": other, "delta": text, "n": number}


def legacy(text: object, other: object, number: object, reason: object) -> object:
    return {"outputs": [text] if reason is None else [text, "b"], "other": other, "n": number}


MAKERS: list[Callable[[object, object, object, object], object]] = [chat, reasoning, tgi, responses, legacy]
REASONS = st.sampled_from([None, None, None, True, "stop", ""])
ALIKE = st.tuples(TEXTS, FEW_TEXTS, st.integers(0, 2), st.sampled_from([None, None, "stop"]))
EVENTS = st.lists(st.one_of(ALIKE, ALIKE, st.tuples(st.one_of(TEXTS, OTHERS), OTHERS, NUMBERS, REASONS)), max_size=16)


class NoShortcut(Shortcut):
    """Never knows an event."""

    def match(self, raw: bytes) -> None:
        return None


def events_of(body: bytes, options: StreamOptions) -> tuple[list[Decoded], object]:
    """Line by line: what was learned from one part helps with the next."""
    decoder = Decoder(options)
    events = [event for number, line in enumerate(body.splitlines(True)) for event in decoder.push(line, number, 0.0)]
    return events + decoder.close(), decoder.answer.counts


@given(st.sampled_from(MAKERS), EVENTS, st.booleans(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_shortcut_changes_nothing(
    make: Callable[[object, object, object, object], object],
    rows: list[tuple[object, object, object, object]],
    is_sse: bool,
    is_ascii: bool,
) -> None:
    texts = [json.dumps(make(*row), ensure_ascii=is_ascii).encode("utf-8", "replace") for row in rows]
    body = b"".join(b"data: " + text + b"\n\n" if is_sse else text + b"\n" for text in texts)
    options = StreamOptions(decoder="sse" if is_sse else "json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader_module, "Shortcut", NoShortcut)
        slow = events_of(body, options)
    assert events_of(body, options) == slow


@pytest.mark.parametrize(
    "options",
    [
        StreamOptions(text="choices[-1].delta.content"),
        StreamOptions(skip_when="contains(choices[0].delta.content, 'b')"),
        StreamOptions(text="choices[].delta.content | [0]"),
        StreamOptions(text="id", skip_when="created"),
    ],
    ids=["from the end", "a function of the text", "a projection", "other places"],
)
def test_own_paths_are_never_shortcut_wrongly(options: StreamOptions) -> None:
    rows = [("a", "x", 1, None), ("b", "x", 2, None), ("b", "y", 2, None), ("a", "x", 0, None)] * 4
    body = b"".join(json.dumps(chat(*row)).encode() + b"\n" for row in rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader_module, "Shortcut", NoShortcut)
        slow = events_of(body, options)
    assert events_of(body, options) == slow


def test_most_events_of_a_stream_are_known_without_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[object] = []
    read = reader_module.Reader.read

    def counting(self: reader_module.Reader, raw: bytes, value: object) -> list[reader_module.Fields]:
        parsed.append(value)
        return read(self, raw, value)

    monkeypatch.setattr(reader_module.Reader, "read", counting)
    body = b"".join(json.dumps(tgi(f"w{n}", None, n, None)).encode() + b"\n" for n in range(100))
    decoder = Decoder()
    decoder.push(body[:1000], 0, 0.0)
    decoder.push(body[1000:], 1, 0.5)
    assert decoder.text == "".join(f"w{n}" for n in range(100))
    assert len(parsed) < 25


def test_a_known_event_begins_with_its_name() -> None:
    event = b'event: token\ndata: {"text":"a"}\n\n'
    events, _ = events_of(event * 5, StreamOptions())
    assert [(one.start, one.end) for one in events] == [(n * len(event), (n + 1) * len(event) - 2) for n in range(5)]


def test_a_key_that_stands_twice_makes_no_pattern() -> None:
    """The last of two values counts, so bytes that are known around the first one say nothing."""
    lines = [b'{"text":"a","text":"x"}\n'] * 3 + [b'{"text":"b","text":"y"}\n', b'{"text":"c","text":"x"}\n']
    events, _ = events_of(b"".join(lines), StreamOptions())
    assert [event.text for event in events] == ["x", "x", "x", "y", "x"]


KNOWN_TEXTS = st.sampled_from(
    ["a", "b", "", "c\nd", "e\rf", "long " * 6, "\\n", '\\"', "\\ud83d", "\\ude42", "ö", "{", "}"]
)
SSE_LOOKS = st.sampled_from(
    [
        "data: {%s}\n\n",
        "data:{%s}\n\n",
        "data: {%s}\r\n\r\n",
        "data: {%s}\r\r",
        "data: {%s}\n",
        "data: {%s}\r",
        "data: {%s",
        "event: x\ndata: {%s}\n\n",
        "data: {%s}\n: note\n\n",
        "data: x\ndata: {%s}\n\n",
        "data: {\ndata: %s}\n\n",
        "{%s}\n",
    ]
)
JSON_LOOKS = st.sampled_from(
    ["{%s}\n", "{%s}\n", "{%s}", "{%s},\n", " {%s}\r\n", "{%s}{%s}\n", "x {%s}\n", "{%s", "%s}\n", '{"a":\n{%s}\n}\n']
)
PLAIN_LOOK = {"sse": "data: {%s}\n\n", "json": "{%s}\n"}


@given(st.data(), st.sampled_from(["sse", "json"]), st.sampled_from([45, 1 << 20]))
@settings(max_examples=200, deadline=None)
def test_known_events_may_be_cut_and_mixed_anyhow(data: st.DataObject, framing: str, limit: int) -> None:
    """Once a look is known, whatever comes next reads as it would have read before."""
    looks = data.draw(st.lists(st.one_of(st.just(PLAIN_LOOK[framing]), SSE_LOOKS if framing == "sse" else JSON_LOOKS)))
    member = st.builds('"text":"{}"'.format, KNOWN_TEXTS)
    events = [PLAIN_LOOK[framing]] * 3 + looks
    payloads = [look.replace("%s", data.draw(member)).encode() for look in events]
    cuts = data.draw(st.lists(st.integers(0, sum(map(len, payloads))), max_size=4))
    options = convert({"decoder": framing}, StreamOptions)
    body = b"".join(payloads)
    ends = sorted({*accumulate(map(len, payloads)), *cuts})
    parts = [body[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert read(parts, options, limit) == read([body], options, limit)


def read(parts: list[bytes], options: StreamOptions, limit: int) -> list[tuple[object, ...]]:
    decoder = Decoder(options, limit=limit)
    events = [event for number, part in enumerate(parts) for event in decoder.push(part, number, 0.0)] + decoder.close()
    return [(e.kind, e.number, e.start, e.end, e.text, e.error, e.note) for e in events]
