"""The classifier of flowers behind Triton's form: Open Inference Protocol, version 2, JSON or binary tensors.

One input, `input` FP32 [-1,4]; two outputs, `probabilities` FP32 [-1,3] and `label` BYTES [-1], of which `outputs` may
name some. With `application/vnd.sagemaker-triton.binary+json;json-header-size=N` the tensors' bytes stand behind N
bytes of JSON, and an answer that has any carries its own N. Refusals are status 400 with `{"error": …}`, worded as
Triton's where its words are known.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer
from smrt_tui.local.containers.reading import MediaType, content_type, json_object
from smrt_tui.local.containers.softmax import FEATURES, LABELS, Softmax, train_softmax
from smrt_tui.local.containers.tensors import Tensor, read_tensors
from smrt_tui.local.containers.trained import Trained

_JSON = "application/json"
_BINARY = "application/vnd.sagemaker-triton.binary+json"
_HEADER_SIZE = "json-header-size"
_MODEL = "flowers"
_OUTPUTS = ("probabilities", "label")


class TritonContainer:
    """Classifies the rows of a tensor; the model is trained on first use."""

    name = "triton"

    def __init__(self, model: Trained[Softmax] | None = None) -> None:
        self._model = model or Trained(train_softmax)

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """One row of each output for a row of the input."""
        try:
            head, binary = _split(content_type(request.headers), request.body)
            payload = json_object(head)
            rows = _rows(await asyncio.to_thread(read_tensors, payload.get("inputs"), binary))
            wanted = _wanted(payload)
        except ValueError as problem:
            return answer(json.dumps({"error": str(problem)}).encode(), _JSON, status=400)
        tensors = await asyncio.to_thread(_outputs, await self._model.get(), rows)
        return _answer(payload, [(tensors[name], is_binary) for name, is_binary in wanted])

    async def ping(self) -> bool:
        """Whether the model is there; the first ping trains it."""
        await self._model.get()
        return True


def _split(kind: MediaType, body: bytes) -> tuple[bytes, bytes]:
    """The JSON and the tensors' bytes."""
    if kind.type in ("", _JSON):
        return body, b""
    if kind.type != _BINARY:
        raise ValueError(f"Content type {kind.type} is neither {_JSON} nor {_BINARY}")
    size = kind.parameters.get(_HEADER_SIZE, "")
    if not (size.isascii() and size.isdigit()) or int(size[:18]) > len(body):
        raise ValueError(
            f"{_HEADER_SIZE} must be the length of the JSON, from 0 to {len(body)}, not {size or 'missing'}"
        )
    return body[: int(size)], body[int(size) :]


def _rows(tensors: Sequence[Tensor]) -> list[tuple[float, ...]]:
    if [tensor.name for tensor in tensors] != ["input"]:
        names = ", ".join(f"'{tensor.name}'" for tensor in tensors)
        raise ValueError(f"expected 1 input, 'input', but got {len(tensors)} for model '{_MODEL}': {names}")
    (tensor,) = tensors
    if tensor.datatype != "FP32":
        raise ValueError(
            f"inference input 'input' data-type is '{tensor.datatype}', but model '{_MODEL}' expects 'FP32'"
        )
    width = len(FEATURES)
    if len(tensor.shape) != 2 or tensor.shape[1] != width:
        got = ",".join(map(str, tensor.shape))
        raise ValueError(
            f"unexpected shape for input 'input' for model '{_MODEL}'. Expected [-1,{width}], got [{got}]."
        )
    if not all(map(math.isfinite, tensor.values)):
        raise ValueError(f"input 'input' for model '{_MODEL}' must hold finite numbers")
    return [tensor.values[at : at + width] for at in range(0, len(tensor.values), width)]


def _wanted(payload: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """The outputs by name, each with whether it goes out as bytes."""
    usual = _flag(payload, "binary_data_output", default=False)
    entries = payload.get("outputs", [{"name": name} for name in _OUTPUTS])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("outputs must be a list of objects with a name")
    for entry in entries:
        if entry.get("name") not in _OUTPUTS:
            raise ValueError(f"unexpected inference output {json.dumps(entry.get('name'))} for model '{_MODEL}'")
    return [(entry["name"], _flag(entry, "binary_data", default=usual)) for entry in entries]


def _flag(entry: Mapping[str, Any], name: str, *, default: bool) -> bool:
    parameters = entry.get("parameters", {})
    value = parameters.get(name, default) if isinstance(parameters, dict) else default
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, not {json.dumps(value)}")
    return value


def _outputs(model: Softmax, rows: Sequence[tuple[float, ...]]) -> Mapping[str, Tensor]:
    scored = [model.probabilities(row) for row in rows]
    labels = tuple(LABELS[scores.index(max(scores))] for scores in scored)
    flat = tuple(score for scores in scored for score in scores)
    return {
        "probabilities": Tensor("probabilities", "FP32", (len(rows), len(LABELS)), flat),
        "label": Tensor("label", "BYTES", (len(rows),), labels),
    }


def _answer(payload: Mapping[str, Any], tensors: Sequence[tuple[Tensor, bool]]) -> ContainerResponse:
    entries, packed = [], b""
    for tensor, is_binary in tensors:
        entry, more = tensor.as_binary() if is_binary else (tensor.as_json, b"")
        entries.append(entry)
        packed += more
    named = {"id": payload["id"]} if isinstance(payload.get("id"), str) else {}
    told = {**named, "model_name": _MODEL, "model_version": "1", "outputs": entries}
    head = json.dumps(told, separators=(",", ":")).encode()
    if any(is_binary for _, is_binary in tensors):
        return answer(head + packed, f"{_BINARY};{_HEADER_SIZE}={len(head)}")
    return answer(head, _JSON)
