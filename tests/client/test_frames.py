from __future__ import annotations

import itertools
import json
import struct
import time
import zlib

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.client.frames import MOST_FRAME_BYTES, REJECTIONS, FrameDecoder, FrameEvent
from smrt_tui.core.events import FrameArrived, FrameHeader, FrameRejected, FrameTimestamp, FrameUuid, PartArrived
from tests.client.frames_by_hand import PART, Header, exception, frame, header_block, prelude, raw_frame, text_header

PART_HEADERS = (
    FrameHeader(":message-type", 7, "event"),
    FrameHeader(":event-type", 7, "PayloadPart"),
    FrameHeader(":content-type", 7, "application/octet-stream"),
)


def decode(*feeds: bytes) -> list[FrameEvent]:
    """Every event of these feeds and of the end behind them, all at second 1."""
    decoder = FrameDecoder()
    events = [event for feed in feeds for event in decoder.push(1.0, feed)]
    return events + decoder.finish(1.0)


def rejection(*feeds: bytes) -> FrameRejected:
    last = decode(*feeds)[-1]
    assert isinstance(last, FrameRejected)
    return last


def test_a_payload_part_becomes_a_part_with_its_place_headers_and_both_crcs() -> None:
    """The bytes are those of the worked example that SDKs agree on."""
    raw = frame(b"hello", (PART[1], PART[2], PART[0]))
    assert (raw[:12].hex(), raw[-4:].hex()) == ("0000006e000000595197ff15", "29738ab4")
    headers = PART_HEADERS[1], PART_HEADERS[2], PART_HEADERS[0]
    assert decode(raw + raw) == [
        PartArrived(1.0, 0, b"hello", 0, headers, 0x5197FF15, 0x29738AB4),
        PartArrived(1.0, 1, b"hello", 110, headers, 0x5197FF15, 0x29738AB4),
    ]


def test_parts_carry_the_stamp_of_the_push_that_completed_them() -> None:
    decoder = FrameDecoder()
    raw = frame(b"one")
    assert decoder.push(1.0, raw[:-1]) == []
    assert [event.at for event in decoder.push(2.0, raw[-1:] + raw)] == [2.0, 2.0]


def test_a_frame_that_is_no_part_comes_with_everything_it_has() -> None:
    body = json.dumps({"Message": "no", "ErrorCode": "StreamBroken"}).encode()
    raw = frame(body, exception("ModelStreamError"))
    headers = (
        FrameHeader(":message-type", 7, "exception"),
        FrameHeader(":exception-type", 7, "ModelStreamError"),
        FrameHeader(":content-type", 7, "application/json"),
    )
    crcs = struct.unpack(">I", raw[8:12])[0], struct.unpack(">I", raw[-4:])[0]
    assert decode(raw) == [FrameArrived(1.0, 0, headers, body, *crcs)]


def test_all_ten_header_types_are_read() -> None:
    headers: tuple[Header, ...] = (
        ("t", 0, b""),
        ("f", 1, b""),
        ("i8", 2, b"\xff"),
        ("i16", 3, b"\x80\x00"),
        ("i32", 4, b"\x7f\xff\xff\xff"),
        ("i64", 5, b"\x80" + bytes(7)),
        ("bytes", 6, b"\x00\x02\x00\xff"),
        ("string", 7, "\x00\x02é".encode()),
        ("time", 8, b"\x7f" + b"\xff" * 7),
        ("uuid", 9, bytes(range(16))),
    )
    (event,) = decode(frame(b"", headers))
    assert isinstance(event, FrameArrived)
    assert event.headers == (
        FrameHeader("t", 0, True),
        FrameHeader("f", 1, False),
        FrameHeader("i8", 2, -1),
        FrameHeader("i16", 3, -(2**15)),
        FrameHeader("i32", 4, 2**31 - 1),
        FrameHeader("i64", 5, -(2**63)),
        FrameHeader("bytes", 6, b"\x00\xff"),
        FrameHeader("string", 7, "é"),
        FrameHeader("time", 8, FrameTimestamp(2**63 - 1)),
        FrameHeader("uuid", 9, FrameUuid(bytes(range(16)))),
    )


def test_a_frame_without_headers_or_payload_is_sound() -> None:
    raw = raw_frame(b"", b"")
    assert decode(raw) == [
        FrameArrived(1.0, 0, (), b"", zlib.crc32(raw[:8]), struct.unpack(">I", raw[12:])[0]),
    ]


BLOCK = header_block(PART)
REFUSED: dict[str, tuple[str, bytes]] = {
    "prelude crc": ("prelude-crc", frame(b"x")[:8] + b"\x00\x00\x00\x00" + frame(b"x")[12:]),
    "total of 0": ("prelude-length", prelude(0, 0) + bytes(4)),
    "total of 12": ("prelude-length", prelude(12, 0) + bytes(4)),
    "total of 15": ("prelude-length", prelude(15, 0) + bytes(4)),
    "total above the limit": ("prelude-length", prelude(MOST_FRAME_BYTES + 1, 0)),
    "total of 4 GiB": ("prelude-length", prelude(2**32 - 1, 0)),
    "headers longer than the frame": ("headers-length", prelude(20, 5) + bytes(8)),
    "headers above the limit": ("headers-length", prelude(300_000, 128 * 1024 + 1)),
    "message crc": ("message-crc", frame(b"x")[:-1] + b"\x00"),
    "payload changed": ("message-crc", frame(b"xy").replace(b"xy", b"yx")),
    "type 10": ("header-type", raw_frame(b"\x01a\x0a", b"")),
    "type 255": ("header-type", raw_frame(b"\x01a\xff", b"")),
    "name past the end": ("header-overrun", raw_frame(b"\x05a", b"")),
    "no type": ("header-overrun", raw_frame(b"\x01a", b"")),
    "integer past the end": ("header-overrun", raw_frame(b"\x01a\x05\x00", b"")),
    "text past the end": ("header-overrun", raw_frame(b"\x01a\x07\x00\x09abc", b"")),
    "length cut": ("header-overrun", raw_frame(b"\x01a\x06\x00", b"")),
    "uuid cut": ("header-overrun", raw_frame(b"\x01a\x09" + bytes(15), b"")),
    "empty name": ("header-name", raw_frame(b"\x00\x00", b"")),
    "name not UTF-8": ("header-utf8", raw_frame(b"\x01\xff\x00", b"")),
    "text not UTF-8": ("header-utf8", raw_frame(b"\x01a\x07\x00\x01\xff", b"")),
    "a name twice": ("header-duplicate", raw_frame(BLOCK + header_block(PART[:1]), b"")),
    "HTML": ("not-an-event-stream", b"<html><body>503</body></html>"),
    "JSON": ("not-an-event-stream", b'{"message": null}'),
    "short JSON": ("not-an-event-stream", b"{}"),
    "SSE": ("not-an-event-stream", b"data: hello\n\n"),
    "text": ("not-an-event-stream", b"upstream connect error"),
    "gzip": ("not-an-event-stream", b"\x1f\x8b\x08\x00" + bytes(12)),
    "a lone byte": ("truncated", b"\x00"),
    "a prelude": ("truncated", frame(b"x")[:12]),
    "all but a byte": ("truncated", frame(b"x")[:-1]),
}


@pytest.mark.parametrize(("reason", "raw"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_frame_is_refused_by_name_with_its_bytes(reason: str, raw: bytes) -> None:
    found = rejection(raw)
    assert (found.reason, found.offset, found.raw) == (reason, 0, raw[:4096])
    assert found.message.startswith(f"{REJECTIONS[reason]}: at byte 0, ")


def test_every_reason_is_shown_by_a_case() -> None:
    assert {reason for reason, _ in REFUSED.values()} == set(REJECTIONS)


@pytest.mark.parametrize(("reason", "raw"), REFUSED.values(), ids=REFUSED.keys())
def test_frames_before_a_refusal_are_kept_and_nothing_after_it_is_decoded(reason: str, raw: bytes) -> None:
    before = frame(b"one") + frame(b"two")
    events = decode(before + raw, frame(b"three"))
    if reason in ("truncated", "not-an-event-stream"):
        events = decode(before + raw)
    assert [event.payload for event in events[:2] if isinstance(event, PartArrived)] == [b"one", b"two"]
    (refused,) = events[2:]
    assert isinstance(refused, FrameRejected)
    assert refused.offset == len(before)
    assert (refused.reason == reason) or reason == "not-an-event-stream"


def test_a_prelude_is_refused_before_the_frame_is_there() -> None:
    """A length of 4 GiB is not waited for."""
    decoder = FrameDecoder()
    assert decoder.push(1.0, prelude(2**32 - 1, 0)[:11]) == []
    assert [type(event) for event in decoder.push(1.0, prelude(2**32 - 1, 0)[11:])] == [FrameRejected]


def test_only_the_first_4096_bytes_of_a_refused_frame_are_kept() -> None:
    raw = frame(b"x" * 10_000)[:-1] + b"\x00"
    assert rejection(raw).raw == raw[:4096]


def test_truncation_is_told_at_every_byte() -> None:
    whole = frame(b"one") + frame(b"two")
    for cut in range(1, len(whole)):
        events = decode(whole[:cut])
        if cut == len(frame(b"one")):
            assert [type(event) for event in events] == [PartArrived]
        else:
            assert isinstance(events[-1], FrameRejected)
            assert events[-1].reason == "truncated"
            assert events[-1].raw == whole[len(frame(b"one")) if cut > len(frame(b"one")) else 0 : cut]


def test_an_empty_body_is_an_empty_stream() -> None:
    assert decode(b"") == []


names = st.text(min_size=1, max_size=12).filter(lambda name: 0 < len(name.encode()) < 256)
values = st.one_of(
    st.sampled_from([(0, b""), (1, b"")]),
    st.binary(min_size=1, max_size=1).map(lambda raw: (2, raw)),
    st.binary(min_size=2, max_size=2).map(lambda raw: (3, raw)),
    st.binary(min_size=4, max_size=4).map(lambda raw: (4, raw)),
    st.binary(min_size=8, max_size=8).map(lambda raw: (5, raw)),
    st.binary(max_size=40).map(lambda raw: (6, struct.pack(">H", len(raw)) + raw)),
    st.text(max_size=20).map(lambda text: (7, struct.pack(">H", len(text.encode())) + text.encode())),
    st.binary(min_size=8, max_size=8).map(lambda raw: (8, raw)),
    st.binary(min_size=16, max_size=16).map(lambda raw: (9, raw)),
)
any_headers = st.dictionaries(names, values, max_size=5).map(
    lambda entries: tuple((name, kind, raw) for name, (kind, raw) in entries.items())
)
headers_of_frames = st.one_of(st.just(PART), st.just(exception("ModelStreamError")), any_headers)
frames_of_streams = st.builds(frame, st.binary(max_size=200), headers_of_frames)
streams = st.lists(frames_of_streams, max_size=8).map(b"".join)


@given(raw=streams, cuts=st.lists(st.integers(0, 2000), max_size=20))
def test_any_split_gives_the_same_events(raw: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut <= len(raw)), len(raw)]
    assert decode(*(raw[a:b] for a, b in itertools.pairwise(edges))) == decode(raw)


@given(raw=streams)
def test_botocore_agrees_on_every_sound_stream(raw: bytes) -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(raw)
    theirs = [({k: _as_botocore(v) for k, v in message.headers.items()}, message.payload) for message in buffer]
    ours = [
        ({header.name: _as_botocore(header.value) for header in event.headers}, event.payload)
        for event in decode(raw)
        if not isinstance(event, FrameRejected)
    ]
    assert ours == theirs


def _as_botocore(value: object) -> object:
    if isinstance(value, FrameTimestamp):
        return value.milliseconds
    return value.raw if isinstance(value, FrameUuid) else value


@given(raw=st.lists(frames_of_streams, min_size=1, max_size=4).map(b"".join), data=st.data())
def test_a_mutated_stream_is_refused_by_name_or_reads_the_same(raw: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(raw) - 1))
    kind = data.draw(st.sampled_from(["flip", "drop", "insert", "cut"]))
    byte = bytes([data.draw(st.integers(0, 255))])
    flipped = bytes([raw[at] ^ (1 << data.draw(st.integers(0, 7)))])
    changed = {
        "flip": raw[:at] + flipped + raw[at + 1 :],
        "drop": raw[:at] + raw[at + 1 :],
        "insert": raw[:at] + byte + raw[at:],
        "cut": raw[:at],
    }[kind]
    events = decode(changed)
    refused = [event for event in events if isinstance(event, FrameRejected)]
    sound = [event for event in events if not isinstance(event, FrameRejected)]
    original = decode(raw)
    assert sound == original[: len(sound)]
    assert [event.reason in REJECTIONS for event in refused] in ([], [True])
    assert refused or changed in (raw, b"") or len(sound) < len(original)


@given(raw=st.binary(max_size=300))
def test_noise_never_raises_and_never_passes(raw: bytes) -> None:
    events = decode(raw)
    assert events == [] if not raw else isinstance(events[-1], FrameRejected)


def test_a_16_mib_frame_in_segments_takes_linear_time() -> None:
    """The feed of a network segment must not copy what came before it: twice the frame is twice the work."""
    small, large = _seconds_to_read(2 << 20), _seconds_to_read(16 << 20)
    assert large < 8 * 5 * small + 0.2


def _seconds_to_read(size: int) -> float:
    raw = frame(bytes(size))
    best = 9.0
    for _ in range(2):
        decoder = FrameDecoder()
        started = time.perf_counter()
        found = [event for at in range(0, len(raw), 1460) for event in decoder.push(0.0, raw[at : at + 1460])]
        best = min(best, time.perf_counter() - started)
        assert len(found) == 1
    return best


def test_hundreds_of_thousands_of_different_header_blocks_are_not_all_kept() -> None:
    decoder = FrameDecoder()
    for number in range(10_000):
        decoder.push(0.0, frame(b"", (text_header("n", str(number)),)))
    assert len(decoder._prefixes) <= 4096 and len(decoder._headers) <= 4096
