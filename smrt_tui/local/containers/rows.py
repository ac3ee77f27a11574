"""Rows of numbers out of CSV, LIBSVM, JSON and JSON lines, as the built-in SageMaker algorithms take them.

Every parser raises `ValueError` with a message that names the row. A missing value is None.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from typing import Any

from smrt_tui.local.containers.softmax import FEATURES, Row

_SPLIT, _RECORDS = "dataframe_split", "dataframe_records"
_JSON_KEYS = ("instances", "inputs", _SPLIT, _RECORDS)


def csv_rows(text: str) -> list[Row]:
    """Rows of `5.1,3.5,1.4,0.2`; an empty field is missing, blank lines are skipped."""
    try:
        fields = [row for row in csv.reader(text.splitlines(), strict=True) if row]
    except csv.Error as problem:
        raise ValueError(f"the body is no CSV: {problem}") from problem
    return [_row(row, number) for number, row in enumerate(fields, start=1)]


def libsvm_rows(text: str) -> list[Row]:
    """Rows of `1:5.1 3:1.4`, with or without a label in front; features count from 1, absent ones are missing."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return [_sparse_row(tokens, number) for number, tokens in enumerate(lines, start=1)]


def json_rows(body: bytes) -> list[Row]:
    """Rows of a JSON list of rows, or of an object with exactly one of the known keys."""
    payload = _parsed(body, "the body")
    if isinstance(payload, dict):
        payload = _unwrapped(payload)
    if not isinstance(payload, list):
        raise ValueError(f"rows must be a JSON list, not {_kind(payload)}")
    if payload and not any(isinstance(entry, list | dict) for entry in payload):
        payload = [payload]  # one bare row
    return [_json_row(entry, number) for number, entry in enumerate(payload, start=1)]


def jsonlines_rows(body: bytes) -> list[Row]:
    """One row a line: `{"features": [5.1, 3.5, 1.4, 0.2]}` or the bare list."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    parsed = [_parsed(line, f"row {number}") for number, line in enumerate(lines, start=1)]
    return [_json_row(entry, number) for number, entry in enumerate(parsed, start=1)]


def _parsed(body: bytes, where: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"{where} is no JSON: {problem}") from problem


def _unwrapped(payload: dict[str, Any]) -> Any:
    keys = [key for key in _JSON_KEYS if key in payload]
    if len(keys) != 1:
        raise ValueError(
            f"the body must have exactly one of {', '.join(_JSON_KEYS)}, but has {', '.join(keys) or 'none'}"
        )
    rows = payload[keys[0]]
    if keys[0] == _SPLIT:
        return _split_records(rows)
    if keys[0] == _RECORDS and not isinstance(rows, list):
        raise ValueError(f"{_RECORDS} must be a list of objects")
    return rows


def _split_records(table: Any) -> list[dict[str, Any]]:
    columns, rows = (table.get("columns"), table.get("data")) if isinstance(table, dict) else (None, None)
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise ValueError(f"{_SPLIT} needs the lists columns and data")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != len(columns):
            raise ValueError(f"row {number} does not have {len(columns)} values, one a column")
    return [dict(zip((str(column) for column in columns), row, strict=True)) for row in rows]


def _json_row(entry: Any, number: int) -> Row:
    if isinstance(entry, dict):
        nested = entry.get("features", entry.get("data"))
        if isinstance(nested, dict):  # {"data": {"features": {"values": […]}}}, the built-in algorithms' nested form
            nested = nested.get("features", nested)
            nested = nested.get("values") if isinstance(nested, dict) else nested
        entry = nested if nested is not None else _named(entry, number)
    if not isinstance(entry, list):
        raise ValueError(f"row {number} is {_kind(entry)}, no list of numbers")
    return _row(entry, number)


def _named(record: dict[str, Any], number: int) -> list[Any]:
    unknown = [name for name in record if name not in FEATURES]
    if unknown or not record:
        raise ValueError(f"row {number}: {unknown[0] if unknown else 'no'} column; there are {', '.join(FEATURES)}")
    return [record.get(name) for name in FEATURES]


def _row(values: Sequence[Any], number: int) -> Row:
    if len(values) != len(FEATURES):
        raise ValueError(
            f"row {number} has {len(values)} values; the model takes {len(FEATURES)}: {', '.join(FEATURES)}"
        )
    return tuple(_value(value, f"row {number}, column {column}") for column, value in enumerate(values, start=1))


def _value(value: Any, where: str) -> float | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        number = math.nan if isinstance(value, bool | list | dict) else float(value)
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{where}: {str(value)[:40]!r} is no number")
    return number


def _sparse_row(tokens: Sequence[str], number: int) -> Row:
    values: list[float | None] = [None] * len(FEATURES)
    pairs = tokens if ":" in tokens[0] else tokens[1:]
    for token in pairs:
        index, colon, value = token.partition(":")
        if not colon or not index.isascii() or not index.isdigit() or not 1 <= int(index[:9]) <= len(FEATURES):
            raise ValueError(
                f"row {number}: {token[:40]!r} is no feature:value with a feature from 1 to {len(FEATURES)}"
            )
        values[int(index) - 1] = _value(value, f"row {number}, feature {index}")
    if not pairs or ":" not in tokens[0]:
        _value(tokens[0], f"row {number}, label")
    return tuple(values)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
