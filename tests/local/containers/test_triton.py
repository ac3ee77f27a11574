"""Triton's form: tensors in JSON and as bytes, and every mismatch of shape, type and length told."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.local.containers.softmax import LABELS
from smrt_tui.local.containers.tensors import DATATYPES, Tensor, read_tensors
from smrt_tui.local.containers.triton import TritonContainer
from tests.local.containers.asking import ask, json_of

ROW = [5.1, 3.5, 1.4, 0.2]
BINARY = "application/vnd.sagemaker-triton.binary+json"


@pytest.fixture(scope="module")
def triton() -> TritonContainer:
    return TritonContainer()


def an_input(**changes: Any) -> dict[str, Any]:
    return {"name": "input", "shape": [1, 4], "datatype": "FP32", "data": ROW} | changes


def binary_of(payload: dict[str, Any], packed: bytes) -> tuple[bytes, tuple[str, str]]:
    head = json.dumps(payload).encode()
    return head + packed, ("Content-Type", f"{BINARY};json-header-size={len(head)}")


async def test_rows_become_probabilities_and_labels(triton: TritonContainer) -> None:
    rows = [ROW, [6.7, 3.1, 5.6, 2.2]]
    answer = await json_of(triton, {"id": "7", "inputs": [an_input(shape=[2, 4], data=rows)]})
    probabilities, label = answer.pop("outputs")
    assert answer == {"id": "7", "model_name": "flowers", "model_version": "1"}
    assert label == {"name": "label", "datatype": "BYTES", "shape": [2], "data": [LABELS[0], LABELS[2]]}
    assert (probabilities["name"], probabilities["datatype"], probabilities["shape"]) == (
        "probabilities",
        "FP32",
        [2, 3],
    )
    assert sum(probabilities["data"]) == pytest.approx(2)


async def test_flat_and_nested_and_binary_data_mean_the_same(triton: TritonContainer) -> None:
    flat = await json_of(triton, {"inputs": [an_input()]})
    assert await json_of(triton, {"inputs": [an_input(data=[ROW])]}) == flat
    entry = {"name": "input", "shape": [1, 4], "datatype": "FP32", "parameters": {"binary_data_size": 16}}
    body, kind = binary_of({"inputs": [entry]}, struct.pack("<4f", *ROW))
    binary = await json_of(triton, body, kind)
    assert binary["outputs"][1] == flat["outputs"][1]
    assert binary["outputs"][0]["data"] == pytest.approx(flat["outputs"][0]["data"], abs=1e-6)


async def test_outputs_come_as_bytes_where_that_is_asked_for(triton: TritonContainer) -> None:
    wanted = [{"name": "label", "parameters": {"binary_data": True}}, {"name": "probabilities"}]
    response = await ask(triton, {"inputs": [an_input()], "outputs": wanted})
    assert isinstance(response.body, bytes)
    kind, _, size = dict(response.headers)["Content-Type"].partition(";json-header-size=")
    head, packed = response.body[: int(size)], response.body[int(size) :]
    assert (kind, packed) == (BINARY, b"\x06\x00\x00\x00setosa")
    outputs = json.loads(head)["outputs"]
    assert [entry["name"] for entry in outputs] == ["label", "probabilities"]
    assert outputs[0]["parameters"] == {"binary_data_size": len(packed)}
    assert len(outputs[1]["data"]) == 3


async def test_all_outputs_come_as_bytes_where_the_request_says_so(triton: TritonContainer) -> None:
    response = await ask(triton, {"inputs": [an_input()], "parameters": {"binary_data_output": True}})
    assert isinstance(response.body, bytes)
    size = int(dict(response.headers)["Content-Type"].partition("json-header-size=")[2])
    assert sum(struct.unpack("<3f", response.body[size : size + 12])) == pytest.approx(1, abs=1e-5)
    assert response.body[size + 12 :] == b"\x06\x00\x00\x00setosa"


@pytest.mark.parametrize(
    ("payload", "part"),
    [
        ({}, "'inputs'"),
        ({"inputs": [3]}, "every input must be an object"),
        ({"inputs": [an_input(name="x")]}, "expected 1 input, 'input', but got 1 for model 'flowers': 'x'"),
        ({"inputs": [an_input(), an_input()]}, "but got 2"),
        ({"inputs": [an_input(datatype="FLOAT")]}, "datatype must be one of"),
        ({"inputs": [an_input(datatype="FP64")]}, "data-type is 'FP64', but model 'flowers' expects 'FP32'"),
        ({"inputs": [an_input(shape=[1, 3], data=[1, 2, 3])]}, "Expected [-1,4], got [1,3]."),
        ({"inputs": [an_input(shape=[2, 4])]}, "shape [2, 4] has 8 places, data has 4"),
        ({"inputs": [an_input(shape=[-1, 4])]}, "shape must be a list of whole numbers"),
        ({"inputs": [an_input(data=[1, 2, 3, "x"])]}, 'value 4, "x", is no FP32'),
        ({"inputs": [an_input(data=[1, 2, 3, 1e300])]}, "is no FP32"),
        ({"inputs": [an_input(data=[1, 2, 3, float("nan")])]}, "finite"),
        ({"inputs": [an_input(data=5)]}, "data must be a list"),
        ({"inputs": [an_input(parameters={"binary_data_size": 16})]}, "exclude each other"),
        ({"inputs": [an_input()], "outputs": [{"name": "nothing"}]}, 'unexpected inference output "nothing"'),
        ({"inputs": [an_input()], "outputs": 1}, "outputs must be a list"),
        ({"inputs": [an_input()], "parameters": {"binary_data_output": 1}}, "must be true or false"),
    ],
)
async def test_a_mismatch_is_a_400_with_an_error_object(
    triton: TritonContainer, payload: dict[str, Any], part: str
) -> None:
    response = await ask(triton, payload)
    assert (response.status, response.headers) == (400, (("Content-Type", "application/json"),))
    assert isinstance(response.body, bytes)
    assert part in json.loads(response.body)["error"]


@pytest.mark.parametrize(
    ("kind", "size", "part"),
    [
        ("text/csv", 16, "neither application/json nor"),
        (BINARY, 16, "json-header-size must be the length of the JSON"),
        (f"{BINARY};json-header-size=9999", 16, "not 9999"),
        ("", 12, "shape [1, 4] has 4 places, data has 3"),
        ("", 20, "binary_data_size is 20, but 16 bytes are left"),
        ("", 15, "15 bytes are no whole number of FP32 values"),
    ],
)
async def test_bytes_that_do_not_fit_are_told(triton: TritonContainer, kind: str, size: int, part: str) -> None:
    entry = {"name": "input", "shape": [1, 4], "datatype": "FP32", "parameters": {"binary_data_size": size}}
    body, header = binary_of({"inputs": [entry]}, struct.pack("<4f", *ROW))
    response = await ask(triton, body, ("Content-Type", kind) if kind else header)
    assert isinstance(response.body, bytes)
    assert part in json.loads(response.body)["error"]


def values_of(datatype: str) -> st.SearchStrategy[Any]:
    if datatype == "BYTES":
        return st.text(st.characters(exclude_categories=["Cs"]))
    if datatype == "BOOL":
        return st.booleans()
    if datatype.startswith("FP"):
        return st.floats(width=int(datatype[2:]), allow_nan=False)  # type: ignore[arg-type]  # 16, 32 or 64
    bits = int(datatype.removeprefix("U").removeprefix("INT"))
    low = 0 if datatype.startswith("U") else -(1 << (bits - 1))
    return st.integers(low, low + (1 << bits) - 1)


@given(st.data())
def test_every_tensor_reads_back_from_json_and_from_bytes(data: st.DataObject) -> None:
    datatype = data.draw(st.sampled_from(DATATYPES))
    values = tuple(data.draw(st.lists(values_of(datatype), max_size=6)))
    tensor = Tensor("x", datatype, (len(values),), values)
    assert read_tensors([json.loads(json.dumps(tensor.as_json))], b"") == [tensor]
    entry, packed = tensor.as_binary()
    assert read_tensors([entry], packed) == [tensor]


@given(st.binary(max_size=30))
def test_no_text_of_any_length_does_harm(packed: bytes) -> None:
    entry = {"name": "x", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": len(packed)}}
    try:
        (tensor,) = read_tensors([entry], packed)
    except ValueError:
        return
    assert len(tensor.values) == 1
