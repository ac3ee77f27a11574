"""The first bytes say how a body is framed."""

from __future__ import annotations

import pytest

from smrt_tui.core.decode.sniff import Sniffer


def judged(body: bytes, content_type: str = "") -> tuple[str | None, int]:
    """The framing and after how many bytes it was clear."""
    sniffer = Sniffer(content_type)
    for count in range(len(body)):
        framing = sniffer.feed(body[count : count + 1])
        if framing is not None:
            return framing, count + 1
    return None, len(body)


@pytest.mark.parametrize(
    ("body", "framing"),
    [
        (b"data:", ("sse", 5)),
        (b"data :", ("sse", 6)),
        (b"\n\n: x", ("sse", 3)),
        (b"\xef\xbb\xbfdata:", ("sse", 8)),
        (b"event: x", ("sse", 6)),
        (b"id:", ("sse", 3)),
        (b"retry:", ("sse", 6)),
        (b"data", (None, 4)),
        (b"da ta: x", ("text", 3)),
        (b"database", ("text", 5)),
        (b"i d: x", ("text", 2)),
        (b"{", ("json", 1)),
        (b" \r\n\x1e {", ("json", 6)),
        (b"[ \n {", ("json", 5)),
        (b"[", (None, 1)),
        (b"[Scene", ("text", 2)),
        (b"[-1", ("json", 2)),
        (b"Hi", ("text", 1)),
        (b"\xc3\xb6", ("text", 1)),
        (b"\x89PNG\r\n\x1a\n", ("binary", 8)),
        (b"\x89PNX", ("binary", 4)),
        (b"\xff\xd8\xff", ("binary", 3)),
        (b"RIFF\xff\xff\xff\xffWAVE", ("binary", 12)),
        (b"RIFFraffles", ("text", 9)),
        (b"PK\x03\x04", ("binary", 4)),
        (b"PKs", ("text", 3)),
        (b"\n#\xd7\xce", ("text", 2)),
        (b"\x00", ("binary", 1)),
        (b"\xff\xfe", ("binary", 2)),
        (b"", (None, 0)),
    ],
)
def test_a_body_is_judged_as_soon_as_it_can_be(body: bytes, framing: tuple[str | None, int]) -> None:
    assert judged(body) == framing


def test_a_content_type_of_pictures_or_sound_is_believed() -> None:
    assert judged(b"abc", "image/png") == ("binary", 1)
    assert judged(b"abc", "audio/wav; rate=8000") == ("binary", 1)


def test_other_content_types_only_break_ties() -> None:
    assert judged(b"\xffabc") == ("binary", 2)
    assert judged(b"\xffabc", "text/csv") == ("text", 2)
    assert judged(b"Hi", "text/event-stream") == ("text", 1)
    assert judged(b"data: x", "application/json") == ("sse", 5)


@pytest.mark.parametrize(("head", "framing"), [(b"dat", "text"), (b"", "text"), (b"RIF", "text"), (b"\x89P", "binary")])
def test_a_body_that_ends_too_early_is_settled(head: bytes, framing: str) -> None:
    sniffer = Sniffer("")
    sniffer.feed(head)
    assert sniffer.settle() == framing
