"""What is said about a payload while it is typed, and that formatting and colouring change nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.ui.payload_check import PayloadState, Span, byte_size, check_payload, formatted, json_spans, minified

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "content_type", "state"),
    [
        ('{"a": 1}', "application/json", PayloadState("JSON")),
        ('{"a": 1}', None, PayloadState("JSON")),
        ('{"a": "{{x}}"}', "application/json; charset=utf-8", PayloadState("JSON")),
        ('{\n  "a" 1}', "application/json", PayloadState("line 2, column 7: expecting ':' delimiter", True, 2, 7)),
        ("", "application/json", PayloadState("empty")),
        ("1,2\n3,4\n", "text/csv", PayloadState("text/csv, 2 lines")),
        ("1,2", "text/csv", PayloadState("text/csv, 1 line")),
        ('{"a": 1}\n{"a": 2}\n', "application/jsonlines", PayloadState("JSON lines, 2")),
        ('{"a": 1}\n{"a":}\n', "application/jsonlines", PayloadState("line 2, column 6: expecting value", True, 2, 6)),
        ("hello", None, PayloadState("no content type, 1 line")),
    ],
)
def test_a_payload_is_read_as_its_content_type(text: str, content_type: str | None, state: PayloadState) -> None:
    assert check_payload(text, content_type) == state


def test_deep_nesting_is_told_and_no_crash() -> None:
    assert check_payload("[" * 100_000, "application/json").text == "nested too deeply to check"


@given(JSON_VALUES)
def test_formatting_keeps_the_value(value: object) -> None:
    text = formatted(json.dumps(value))
    assert text is not None
    assert json.loads(text) == value
    assert formatted(text) == text


@pytest.mark.parametrize("number", ["1.0", "1e400", "-0", "12345678901234567890"])
def test_formatting_keeps_numbers_as_they_were_written(number: str) -> None:
    assert formatted(f'{{"n":{number},"n":{number}}}') == f'{{\n  "n": {number},\n  "n": {number}\n}}\n'


def test_what_is_no_json_is_not_formatted() -> None:
    assert formatted("1,2,3") is None
    assert minified("1,2,3") is None


@given(JSON_VALUES)
def test_minifying_takes_out_what_formatting_puts_in(value: object) -> None:
    text = minified(json.dumps(value, indent=3))
    assert text == json.dumps(value, separators=(",", ":"))


def test_keys_strings_numbers_words_and_placeholders_are_told_apart() -> None:
    line = '  "a": ["b {{c}}", -1.5, true],'
    assert json_spans(line) == [
        Span(2, 5, "key"),
        Span(8, 17, "string"),
        Span(11, 16, "placeholder"),
        Span(19, 23, "number"),
        Span(25, 29, "word"),
    ]


@given(st.text())
def test_any_line_can_be_coloured(line: str) -> None:
    assert all(0 <= start < end <= len(line) for start, end, _ in json_spans(line))


@pytest.mark.parametrize(("size", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (6_291_456, "6.29 MB")])
def test_sizes_are_in_powers_of_ten(size: int, text: str) -> None:
    assert byte_size(size) == text
