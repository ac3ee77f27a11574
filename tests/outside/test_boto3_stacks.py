"""boto3 as the judge of the containers that answer in the form of a serving stack: whole bodies in, out and refused."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

import pytest

from smrt_tui.local.starters import starter_endpoints
from tests.local.containers.media import a_jpeg, a_recording
from tests.local.running import running
from tests.outside.boto import boto

pytestmark = pytest.mark.outside


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with running(starter_endpoints((), allow_remote=False)) as server:
        it = boto(server)
        yield it
        it.close()


def invoke(client: Any, endpoint: str, body: bytes, kind: str = "application/json") -> Any:
    response = client.invoke_endpoint(EndpointName=endpoint, Body=body, ContentType=kind)
    return json.loads(response["Body"].read())


def test_a_pipeline_labels_a_text_and_its_refusal_is_a_model_error_with_the_toolkits_object(client: Any) -> None:
    (answer,) = invoke(client, "hf-pipeline", b'{"inputs": "I love it"}')
    assert answer["label"] == "POSITIVE"
    with pytest.raises(client.exceptions.ModelError) as raised:
        invoke(client, "hf-pipeline", b"{}")
    assert raised.value.response["OriginalStatusCode"] == 400
    assert json.loads(raised.value.response["OriginalMessage"])["type"] == "InternalServerException"


def test_a_series_is_forecast(client: Any) -> None:
    body = {"instances": [{"start": "2026-01-30", "target": [1, 2, 3]}], "configuration": {"output_types": ["mean"]}}
    answer = invoke(client, "deepar", json.dumps(body).encode())
    assert answer == {"predictions": [{"mean": [float(n) for n in range(4, 16)]}]}


def test_a_binary_tensor_goes_out_and_one_comes_back(client: Any) -> None:
    tensor = {"name": "input", "shape": [1, 4], "datatype": "FP32", "parameters": {"binary_data_size": 16}}
    wanted = [{"name": "probabilities", "parameters": {"binary_data": True}}]
    head = json.dumps({"inputs": [tensor], "outputs": wanted}).encode()
    kind = "application/vnd.sagemaker-triton.binary+json;json-header-size="
    response = client.invoke_endpoint(
        EndpointName="triton", Body=head + struct.pack("<4f", 5.1, 3.5, 1.4, 0.2), ContentType=f"{kind}{len(head)}"
    )
    body, size = response["Body"].read(), int(response["ContentType"].removeprefix(kind))
    assert json.loads(body[:size])["outputs"][0]["shape"] == [1, 3]
    assert sum(struct.unpack("<3f", body[size:])) == pytest.approx(1, abs=1e-5)


def test_a_picture_and_a_recording_arrive_byte_for_byte(client: Any) -> None:
    labels = invoke(client, "image-labels", a_jpeg(), "image/jpeg")
    assert {entry["label"] for entry in labels} == {"red", "blue"}
    assert invoke(client, "audio-levels", a_recording(0.2), "audio/wav")["duration_s"] == 0.2
