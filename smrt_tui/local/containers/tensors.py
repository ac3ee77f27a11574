"""Tensors in the Open Inference Protocol, version 2: values in JSON, or as bytes behind the JSON.

The form is that of KServe's `predict_v2` and Triton's `extension_binary_data`: bytes are little-endian, row by row, in
the order of the tensors, and each text of BYTES has its length before it. Knows no model and no header.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

_CODES: Mapping[str, str] = {
    "BOOL": "?",
    "UINT8": "B",
    "UINT16": "H",
    "UINT32": "I",
    "UINT64": "Q",
    "INT8": "b",
    "INT16": "h",
    "INT32": "i",
    "INT64": "q",
    "FP16": "e",
    "FP32": "f",
    "FP64": "d",
}
"""Datatype to the letter of `struct`; BYTES is apart."""
DATATYPES = (*_CODES, "BYTES")
_MOST_DIMENSIONS = 32


@dataclass(frozen=True, slots=True)
class Tensor:
    """One named tensor."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    values: tuple[Any, ...]
    """Row by row, as many as the shape has places; text for BYTES."""

    @property
    def as_json(self) -> dict[str, Any]:
        """Its entry with the values inside."""
        return {**self._head, "data": list(self.values)}

    def as_binary(self) -> tuple[dict[str, Any], bytes]:
        """Its entry without values, and the values as bytes."""
        if self.datatype == "BYTES":
            texts = [str(value).encode() for value in self.values]
            packed = b"".join(struct.pack("<I", len(text)) + text for text in texts)
        else:
            packed = struct.pack(f"<{len(self.values)}{_CODES[self.datatype]}", *self.values)
        return {**self._head, "parameters": {"binary_data_size": len(packed)}}, packed

    @property
    def _head(self) -> dict[str, Any]:
        return {"name": self.name, "datatype": self.datatype, "shape": list(self.shape)}


def read_tensors(entries: Any, binary: bytes) -> list[Tensor]:
    """The tensors of a request's `inputs`. Raises `ValueError` with a message for the caller."""
    if not isinstance(entries, list) or not entries:
        raise ValueError("Unable to find 'inputs' field in the request: a list of tensors")
    tensors, at = [], 0
    for entry in entries:
        tensor, at = _tensor(entry, binary, at)
        tensors.append(tensor)
    if at != len(binary):
        raise ValueError(f"unexpected additional input data: {len(binary) - at} bytes behind the last tensor")
    return tensors


def _tensor(entry: Any, binary: bytes, at: int) -> tuple[Tensor, int]:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise ValueError("every input must be an object with name, shape, datatype and data")
    name, datatype = entry["name"], entry.get("datatype")
    if datatype not in DATATYPES:
        raise ValueError(f"input '{name}': datatype must be one of {', '.join(DATATYPES)}, not {json.dumps(datatype)}")
    shape = _shape(entry.get("shape"), name)
    size = _binary_size(entry, name)
    if size is None:
        values = _json_values(entry.get("data"), datatype, name)
    else:
        if at + size > len(binary):
            raise ValueError(f"input '{name}': binary_data_size is {size}, but {len(binary) - at} bytes are left")
        values = _unpacked(binary[at : at + size], datatype, name)
        at += size
    if len(values) != math.prod(shape):
        places = f"shape {list(shape)} has {math.prod(shape)} places"
        raise ValueError(f"unexpected number of elements for input '{name}': {places}, data has {len(values)}")
    return Tensor(name, datatype, shape, values), at


def _shape(shape: Any, name: str) -> tuple[int, ...]:
    is_list = isinstance(shape, list) and len(shape) <= _MOST_DIMENSIONS
    if not is_list or not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in shape):
        raise ValueError(f"input '{name}': shape must be a list of whole numbers, not {json.dumps(shape)[:60]}")
    return tuple(shape)


def _binary_size(entry: Mapping[str, Any], name: str) -> int | None:
    parameters = entry.get("parameters", {})
    size = parameters.get("binary_data_size") if isinstance(parameters, dict) else None
    if size is not None and (not isinstance(size, int) or isinstance(size, bool) or size < 0):
        raise ValueError(f"input '{name}': binary_data_size must be a whole number, not {json.dumps(size)}")
    if size is not None and "data" in entry:
        raise ValueError(f"input '{name}': data and binary_data_size exclude each other")
    return size


def _json_values(data: Any, datatype: str, name: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise ValueError(f"input '{name}': data must be a list, flat or nested as the shape is")
    values = tuple(_flat(data))
    for number, value in enumerate(values, start=1):
        if not _fits(value, datatype):
            raise ValueError(f"input '{name}': value {number}, {json.dumps(value)[:40]}, is no {datatype}")
    return values


def _flat(data: Sequence[Any]) -> Sequence[Any]:
    """The values row by row; a level of lists at a time, so that no nesting is too deep."""
    while any(isinstance(value, list) for value in data):
        data = list(chain.from_iterable(value if isinstance(value, list) else [value] for value in data))
    return data


def _fits(value: object, datatype: str) -> bool:
    if datatype == "BYTES":
        return isinstance(value, str)
    if datatype == "BOOL" or isinstance(value, bool):
        return datatype == "BOOL" and isinstance(value, bool)
    is_number = isinstance(value, int | float) if datatype.startswith("FP") else isinstance(value, int)
    try:
        return is_number and bool(struct.pack(f"<{_CODES[datatype]}", value))
    except (struct.error, OverflowError):
        return False


def _unpacked(packed: bytes, datatype: str, name: str) -> tuple[Any, ...]:
    if datatype == "BYTES":
        return tuple(_texts(packed, name))
    code = f"<{_CODES[datatype]}"
    if len(packed) % struct.calcsize(code):
        raise ValueError(f"input '{name}': {len(packed)} bytes are no whole number of {datatype} values")
    return tuple(value for (value,) in struct.iter_unpack(code, packed))


def _texts(packed: bytes, name: str) -> list[str]:
    texts, at = [], 0
    while at < len(packed):
        end = at + 4 + int.from_bytes(packed[at : at + 4], "little")
        if at + 4 > len(packed) or end > len(packed):
            raise ValueError(f"input '{name}': the text at byte {at} is longer than what is left")
        texts.append(packed[at + 4 : end].decode(errors="replace"))
        at = end
    return texts
