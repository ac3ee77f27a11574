from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.client.http1 import MOST_HEAD_BYTES, BadResponse, ResponseHead, ResponseReader

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def read(*feeds: bytes, method: str = "POST") -> tuple[ResponseReader, bytes]:
    """A reader after these feeds and the end of the connection, and the body it gave."""
    reader = ResponseReader(method)
    body = b"".join(reader.feed(feed) for feed in feeds)
    reader.close()
    return reader, body


def breach(*feeds: bytes) -> tuple[str, bytes]:
    """The condition that the reader names, and the body it gave before."""
    reader, body = read(*feeds)
    assert isinstance(reader.trouble, BadResponse)
    return reader.trouble.condition, body


def test_the_head_keeps_wire_order_wire_case_and_repeated_names() -> None:
    reader, body = read(
        b"HTTP/1.1 424 Failed Dependency\r\nX-b: 1\r\nx-A:2\r\nX-B:  3 \t\r\nfolded: a\r\n  b\r\nempty:\r\n"
        b"Content-Length: 2\r\n\r\nhi"
    )
    assert reader.head == ResponseHead(
        "1.1",
        424,
        b"Failed Dependency",
        (
            (b"X-b", b"1"),
            (b"x-A", b"2"),
            (b"X-B", b"3"),
            (b"folded", b"a b"),
            (b"empty", b""),
            (b"Content-Length", b"2"),
        ),
    )
    assert (body, reader.is_complete, reader.can_be_reused) == (b"hi", True, True)


def test_chunks_and_trailers_are_taken_apart() -> None:
    reader, body = read(CHUNKED + b"5;name=value\r\nhello\r\n0A \r\n, world!..\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n")
    assert body == b"hello, world!.."
    assert reader.trailers == ((b"X-Sum", b"1"), (b"x-sum", b"2"))
    assert reader.can_be_reused


def test_interim_answers_are_skipped() -> None:
    reader, body = read(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + CHUNKED + b"0\r\n\r\n")
    assert reader.head is not None
    assert (reader.head.status, body, reader.is_complete) == (200, b"", True)


@pytest.mark.parametrize("status", [204, 304, 101])
def test_answers_without_a_body_end_with_their_head(status: int) -> None:
    reader = ResponseReader("POST")
    assert reader.feed(b"HTTP/1.1 %d X\r\nContent-Length: 9\r\n\r\n" % status) == b""
    assert reader.is_complete
    assert reader.can_be_reused == (status != 101)


@pytest.mark.parametrize(
    ("method", "status", "is_over"), [("HEAD", 200, True), ("CONNECT", 200, True), ("CONNECT", 407, False)]
)
def test_the_method_decides_whether_a_body_follows(method: str, status: int, is_over: bool) -> None:
    reader = ResponseReader(method)
    reader.feed(b"HTTP/1.1 %d X\r\nContent-Length: 9\r\n\r\n" % status)
    assert reader.is_complete == is_over


def test_a_body_without_length_ends_with_the_connection() -> None:
    reader = ResponseReader("POST")
    assert reader.feed(b"HTTP/1.1 200\r\n\r\nab") + reader.feed(b"cd") == b"abcd"
    assert not reader.is_complete
    reader.close()
    assert (reader.is_complete, reader.trouble, reader.can_be_reused) == (True, None, False)


@pytest.mark.parametrize(
    ("head", "reusable"),
    [
        (b"HTTP/1.1 200 OK\r\n", True),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n", False),
        (b"HTTP/1.1 200 OK\r\nConnection: x, Close\r\n", False),
        (b"HTTP/1.0 200 OK\r\n", False),
        (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n", True),
    ],
)
def test_a_connection_is_reused_only_where_both_sides_keep_it(head: bytes, reusable: bool) -> None:
    reader = ResponseReader("POST")
    reader.feed(head + b"Content-Length: 0\r\n\r\n")
    assert reader.can_be_reused == reusable


def test_bytes_behind_an_answer_keep_the_connection_from_reuse() -> None:
    reader = ResponseReader("POST")
    assert reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab") == b"a"
    assert reader.is_complete and not reader.can_be_reused


def test_chunked_wins_over_a_length_but_ends_the_connection() -> None:
    reader = ResponseReader("POST")
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
    assert reader.feed(raw) == b"a"
    assert reader.is_complete and not reader.can_be_reused


def test_equal_lengths_are_one_length() -> None:
    assert read(b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nab")[1] == b"ab"


def test_bare_line_feeds_end_lines_too() -> None:
    reader, body = read(b"HTTP/1.1 200 OK\nA: b\nContent-Length: 1\n\nx")
    assert reader.head is not None
    assert (reader.head.headers[0], body, reader.is_complete) == ((b"A", b"b"), b"x", True)


BREACHES: dict[str, tuple[str, bytes, bytes]] = {
    "hang-up at once": ("no-answer", b"", b""),
    "hang-up in the status line": ("head-cut", b"HTTP/1.1 2", b""),
    "hang-up in the fields": ("head-cut", b"HTTP/1.1 200 OK\r\nA: b\r\n", b""),
    "hang-up after an interim answer": ("no-answer", b"HTTP/1.1 100 Continue\r\n\r\n", b""),
    "HTML": ("not-http", b"<html>", b""),
    "TLS alert": ("not-http", b"\x15\x03\x03\x00\x02\x02\x46", b""),
    "HTTP/2": ("not-http", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", b""),
    "SSH": ("not-http", b"SSH-2.0-OpenSSH_9.2\r\n", b""),
    "HTTP/2.0 in words": ("not-http", b"HTTP/2.0 200 OK\r\n\r\n", b""),
    "status of two digits": ("not-http", b"HTTP/1.1 20 OK\r\n\r\n", b""),
    "blank in a name": ("header-malformed", b"HTTP/1.1 200 OK\r\nA B: c\r\n\r\n", b""),
    "blank before the colon": ("header-malformed", b"HTTP/1.1 200 OK\r\nA : c\r\n\r\n", b""),
    "no colon": ("header-malformed", b"HTTP/1.1 200 OK\r\nabc\r\n\r\n", b""),
    "NUL in a value": ("header-malformed", b"HTTP/1.1 200 OK\r\nA: b\x00\r\n\r\n", b""),
    "fold before a field": ("header-malformed", b"HTTP/1.1 200 OK\r\n a\r\n\r\n", b""),
    "endless head": ("head-too-large", b"HTTP/1.1 200 OK\r\nA: " + b"b" * (MOST_HEAD_BYTES + 9), b""),
    "large head": ("head-too-large", b"HTTP/1.1 200 OK\r\nA: " + b"b" * MOST_HEAD_BYTES + b"\r\n\r\n", b""),
    "many fields": ("head-too-large", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 501 + b"\r\n", b""),
    "two lengths": ("lengths-conflict", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nab", b""),
    "negative length": ("length-malformed", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", b""),
    "length of words": ("length-malformed", b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", b""),
    "length of 30 digits": ("length-malformed", b"HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n" % (b"9" * 30), b""),
    "gzip coding": ("transfer-coding", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", b""),
    "short body": ("length-short", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", b"ab"),
    "half a chunk": ("chunk-cut", CHUNKED + b"5\r\nab", b"ab"),
    "half a line end": ("chunk-cut", CHUNKED + b"2\r\nab\r", b"ab"),
    "half a size": ("chunk-cut", CHUNKED + b"2\r\nab\r\n1", b"ab"),
    "no last chunk": ("chunk-cut", CHUNKED + b"2\r\nab\r\n", b"ab"),
    "half the trailers": ("chunk-cut", CHUNKED + b"2\r\nab\r\n0\r\nA: b\r\n", b"ab"),
    "size of words": ("chunk-size", CHUNKED + b"2\r\nab\r\nxyz\r\n", b"ab"),
    "size with a prefix": ("chunk-size", CHUNKED + b"0x2\r\nab\r\n", b""),
    "size with a sign": ("chunk-size", CHUNKED + b"+2\r\nab\r\n", b""),
    "size with an underscore": ("chunk-size", CHUNKED + b"1_0\r\nab\r\n", b""),
    "empty size": ("chunk-size", CHUNKED + b"\r\nab\r\n", b""),
    "size of 16 digits": ("chunk-size", CHUNKED + b"f" * 16 + b"\r\n", b""),
    "endless size": ("chunk-size", CHUNKED + b"1" * 5000, b""),
    "chunk too long": ("chunk-end", CHUNKED + b"2\r\nabc\r\n", b"ab"),
    "trailer without colon": ("header-malformed", CHUNKED + b"2\r\nab\r\n0\r\nabc\r\n\r\n", b"ab"),
    "endless trailers": ("head-too-large", CHUNKED + b"0\r\nA: " + b"b" * (MOST_HEAD_BYTES + 9), b""),
}


@pytest.mark.parametrize(("condition", "raw", "body"), BREACHES.values(), ids=BREACHES.keys())
def test_a_breach_is_named_and_the_bytes_before_it_are_kept(condition: str, raw: bytes, body: bytes) -> None:
    assert breach(raw) == (condition, body)


@pytest.mark.parametrize(("condition", "raw", "body"), BREACHES.values(), ids=BREACHES.keys())
def test_a_breach_is_named_the_same_byte_by_byte(condition: str, raw: bytes, body: bytes) -> None:
    step = 1 if len(raw) < 300 else 4000
    assert breach(*(raw[at : at + step] for at in range(0, len(raw), step))) == (condition, body)


def test_tls_on_a_plain_port_is_called_by_its_name() -> None:
    reader, _ = read(b"\x15\x03\x03\x00\x02\x02\x46")
    assert "https://" in str(reader.trouble)


bodies = st.lists(st.binary(min_size=1, max_size=60), max_size=6)


@given(pieces=bodies, cuts=st.lists(st.integers(0, 600), max_size=12), framing=st.sampled_from(["chunked", "length"]))
def test_any_split_gives_the_same_body(pieces: list[bytes], cuts: list[int], framing: str) -> None:
    body = b"".join(pieces)
    if framing == "chunked":
        raw = CHUNKED + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\nT: v\r\n\r\n"
    else:
        raw = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    edges = [0, *sorted(cut for cut in cuts if cut <= len(raw)), len(raw)]
    reader, found = read(*(raw[a:b] for a, b in itertools.pairwise(edges)))
    assert (found, reader.is_complete, reader.trouble) == (body, True, None)


@given(
    raw=st.binary(max_size=200), lead=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", CHUNKED, CHUNKED + b"1\r\na\r\n"])
)
def test_noise_never_raises(raw: bytes, lead: bytes) -> None:
    reader, _ = read(lead + raw)
    assert reader.is_complete or reader.trouble is not None
