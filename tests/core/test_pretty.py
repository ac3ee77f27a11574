"""JSON is laid out without being understood, and nothing of it is lost."""

from __future__ import annotations

import json
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smrt_tui.core.pretty import RAW, PrettyLine, Span, highlight, pretty_lines, text_of

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)),
    max_leaves=20,
)
DOCUMENTS = st.one_of(st.lists(VALUES), st.dictionaries(st.text(), VALUES))


def laid_out(data: bytes) -> str:
    return "\n".join(text_of(data, line) for line in pretty_lines(data))


@given(DOCUMENTS, st.booleans(), st.sampled_from([None, 1, 3]))
@settings(deadline=None)
def test_sound_json_is_laid_out_as_python_does(value: object, is_ascii: bool, indent: int | None) -> None:
    written = json.dumps(value, ensure_ascii=is_ascii, indent=indent)
    assert laid_out(written.encode()) == json.dumps(value, ensure_ascii=is_ascii, indent=2)


PIECES = st.sampled_from(
    [
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b'"',
        b'"a"',
        b"1",
        b"-2.50e3",
        b"true",
        b"nul",
        b" ",
        b"\n",
        b"\r\n",
        b"\\",
        b"x",
    ]
)


@given(st.lists(PIECES, max_size=40).map(b"".join))
@settings(max_examples=300, deadline=None)
def test_nothing_but_white_space_and_separators_changes(data: bytes) -> None:
    blanks = dict.fromkeys(map(ord, " \t\r\n,\x1e"))
    assert laid_out(data).translate(blanks) == data.decode().translate(blanks)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=3)), max_size=40).map(b"".join))
@settings(deadline=None)
def test_lines_cover_the_body_in_order(data: bytes) -> None:
    lines = list(pretty_lines(data))
    assert all(line.start <= line.end <= len(data) for line in lines)
    assert all(before.end <= after.start for before, after in pairwise(lines))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'{"b":1.50,"a":1e3,"b":007}', '{\n  "b": 1.50,\n  "a": 1e3,\n  "b": 007\n}'),
        (b'{"a":[],"b":{ },"c":[{}]}', '{\n  "a": [],\n  "b": {},\n  "c": [\n    {}\n  ]\n}'),
        (b'{"a" : "x\\"y, {z}" , "b":1}', '{\n  "a": "x\\"y, {z}",\n  "b": 1\n}'),
        (b'{"a":1}\n{"a":2}\n\n{"a":3}', '{\n  "a": 1\n}\n{\n  "a": 2\n}\n{\n  "a": 3\n}'),
        (b'\xef\xbb\xbf{"a":1}', '{\n  "a": 1\n}'),
        (b'{"a":{"b":"cut', '{\n  "a": {\n"b":"cut'),
        (b'{"a":1}\nWARN: x\n{"b":2}', '{\n  "a": 1\n}\nWARN: x\n{\n  "b": 2\n}'),
        (b'{"a":nope,\n "b":1}\n{"c":2}', '{\n"a":nope,\n "b":1}\n{\n  "c": 2\n}'),
        (b'{"a":trueish}\n5 apples', '{\n"a":trueish}\n5 apples'),
        (b'{"a":1}\n5 apples\n', '{\n  "a": 1\n}\n5 apples'),
        (b"just text\n\n  indented\r\n", "just text\n\n  indented"),
        (b'data: {"a":1}\n\ndata: [DONE]\n\n', 'data: {"a":1}\n\ndata: [DONE]\n'),
        (b"0.82,0.17", "0.82,0.17"),
        (b"{\xff", "{\n\ufffd"),
        (b'{"w\xc3\xb6":"\xff"}', '{\n  "wö": "\ufffd"\n}'),
        (b"", ""),
    ],
)
def test_what_is_no_json_is_shown_as_it_is(data: bytes, text: str) -> None:
    assert laid_out(data) == text


def test_a_line_knows_its_bytes_and_its_depth() -> None:
    data = b'{"a": [1, 2]}\nbye'
    assert list(pretty_lines(data)) == [
        PrettyLine(0, 1, 0),
        PrettyLine(1, 7, 1),
        PrettyLine(7, 10, 2),
        PrettyLine(10, 11, 2),
        PrettyLine(11, 12, 1),
        PrettyLine(12, 14, 0),
        PrettyLine(14, 17, RAW),
    ]


def test_the_first_lines_cost_nothing_of_the_rest() -> None:
    """Ten million items: laid out at once, they would take the better part of a minute."""
    data = b'{"a": [' + b"1," * 10_000_000
    assert [text_of(data, line) for line in islice(pretty_lines(data), 3)] == ["{", '  "a": [', "    1,"]


def test_deep_nesting_is_laid_out() -> None:
    assert len(list(pretty_lines(b"[" * 5000 + b"1" + b"]" * 5000))) == 10_001


@pytest.mark.parametrize(
    ("line", "spans"),
    [
        ('  "a": "b",', [Span(2, 5, "key"), Span(7, 10, "string")]),
        ('"k\\"y" : {', [Span(0, 6, "key"), Span(9, 10, "bracket")]),
        (
            "[-1.5e3, NaN, -Infinity, null]",
            [
                Span(0, 1, "bracket"),
                Span(1, 7, "number"),
                Span(9, 12, "number"),
                Span(14, 23, "number"),
                Span(25, 29, "word"),
                Span(29, 30, "bracket"),
            ],
        ),
        ('"open end', [Span(0, 9, "string")]),
        ('"open \\', [Span(0, 7, "string")]),
        ("", []),
    ],
)
def test_a_line_is_highlighted_by_kind(line: str, spans: list[Span]) -> None:
    assert highlight(line) == spans
