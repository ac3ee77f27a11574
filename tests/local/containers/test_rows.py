"""Rows out of four formats: what was written is read back, and what is wrong names its row."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.local.containers.rows import csv_rows, json_rows, jsonlines_rows, libsvm_rows

VALUES = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
ROWS = st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES), max_size=5)
A_ROW = (5.1, 3.5, 1.4, 0.2)


@given(ROWS)
def test_csv_reads_back_what_was_written(rows: list[tuple[float | None, ...]]) -> None:
    text = "\n".join(",".join("" if value is None else repr(value) for value in row) for row in rows)
    assert csv_rows(text) == rows


@given(ROWS)
def test_libsvm_reads_back_what_was_written(rows: list[tuple[float | None, ...]]) -> None:
    lines = (
        " ".join(["1", *(f"{at}:{value!r}" for at, value in enumerate(row, start=1) if value is not None)])
        for row in rows
    )
    assert libsvm_rows("\n".join(lines)) == rows


@given(ROWS)
def test_json_reads_back_what_was_written(rows: list[tuple[float | None, ...]]) -> None:
    assert json_rows(json.dumps({"instances": rows}).encode()) == rows
    assert jsonlines_rows("".join(json.dumps({"features": row}) + "\n" for row in rows).encode()) == rows


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_message(text: str) -> None:
    for parse in (csv_rows, libsvm_rows):
        try:
            rows = parse(text)
        except ValueError as problem:
            assert str(problem)
        else:
            assert all(len(row) == 4 for row in rows)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_with_a_message(body: bytes) -> None:
    for parse in (json_rows, jsonlines_rows):
        try:
            rows = parse(body)
        except ValueError as problem:
            assert str(problem)
        else:
            assert all(len(row) == 4 for row in rows)


JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(("instances", "inputs", "dataframe_split", "dataframe_records")), JSON_VALUES)
def test_any_json_under_a_known_key_is_read_or_refused(key: str, value: object) -> None:
    try:
        rows = json_rows(json.dumps({key: value}).encode())
    except ValueError as problem:
        assert str(problem)
    else:
        assert all(len(row) == 4 for row in rows)


@pytest.mark.parametrize(
    "payload",
    [
        {"instances": [{"features": list(A_ROW)}]},
        {"instances": [list(A_ROW)]},
        {"instances": [{"data": {"features": {"values": list(A_ROW)}}}]},
        {"inputs": [list(A_ROW)]},
        {"inputs": list(A_ROW)},
        {
            "dataframe_split": {
                "columns": ["petal_width", "sepal_length", "sepal_width", "petal_length"],
                "data": [[0.2, 5.1, 3.5, 1.4]],
            }
        },
        {
            "dataframe_records": [
                {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2},
            ]
        },
        [list(A_ROW)],
        list(A_ROW),
    ],
)
def test_every_json_form_gives_the_same_row(payload: object) -> None:
    assert json_rows(json.dumps(payload).encode()) == [A_ROW]


def test_a_libsvm_label_may_be_missing() -> None:
    assert libsvm_rows("1:5.1 4:0.2\n0 2:3.5\n3\n") == [
        (5.1, None, None, 0.2),
        (None, 3.5, None, None),
        (None, None, None, None),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "1,2,3,4\n\n1,2,3",
            "row 2 has 3 values; the model takes 4: sepal_length, sepal_width, petal_length, petal_width",
        ),
        ("1,2,three,4", "row 1, column 3: 'three' is no number"),
        ("1,2,inf,4", "row 1, column 3: 'inf' is no number"),
        ('1,2,"3,4', "the body is no CSV: unexpected end of data"),
    ],
)
def test_a_bad_csv_row_is_named(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        csv_rows(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1:1\n0 5:1", "row 2: '5:1' is no feature:value with a feature from 1 to 4"),
        ("0 1:x", "row 1, feature 1: 'x' is no number"),
        ("zero 1:2", "row 1, label: 'zero' is no number"),
        ("0 1", "row 1: '1' is no feature:value with a feature from 1 to 4"),
    ],
)
def test_a_bad_libsvm_row_is_named(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        libsvm_rows(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (
            {"instances": [], "inputs": []},
            "the body must have exactly one of instances, inputs, dataframe_split, dataframe_records, "
            "but has instances, inputs",
        ),
        ({"instances": [[1, 2, 3, 4], "x"]}, "row 2 is a string, no list of numbers"),
        ({"instances": [[1, 2, True, 4]]}, "row 1, column 3: 'True' is no number"),
        ({"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}}, "row 1 does not have 1 values, one a column"),
        (
            {"dataframe_records": [{"height": 1}]},
            "row 1: height column; there are sepal_length, sepal_width, petal_length, petal_width",
        ),
    ],
)
def test_a_bad_json_row_is_named(payload: object, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        json_rows(json.dumps(payload).encode())
    assert str(caught.value) == message
