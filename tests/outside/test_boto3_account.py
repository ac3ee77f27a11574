"""boto3 as the judge of the runtime's neighbours: SageMaker's own API and CloudWatch Logs at the local endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smrt_tui.local.endpoints import Component, Endpoint, Variant, single
from tests.local.running import Running, Scripted, running
from tests.outside.boto import boto

pytestmark = pytest.mark.outside

NAMES = [f"model-{number:02}" for number in range(25)]
GROUP = "/aws/sagemaker/Endpoints/failing"
BEGUN = datetime.now(UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    plain = Scripted(name="chat")
    special = (
        single("failing", Scripted(body=b'{"error": "no such column"}', status=400, name="failing")),
        single("async-only", plain, "async"),
        Endpoint("variants", (Variant("blue", plain, 0.9), Variant("green", Scripted(name="echo"), 0.1))),
        Endpoint("models", (Variant("AllTraffic", plain),), models={"a.tar.gz": plain}),
        Endpoint(
            "components",
            (Variant("AllTraffic", plain),),
            components={"up": Component(plain), "down": Component(plain, copies=0)},
        ),
    )
    with running({endpoint.name: endpoint for endpoint in (*(single(n, plain) for n in NAMES), *special)}) as it:
        yield it


@pytest.fixture(scope="module")
def sagemaker(server: Running) -> Iterator[Any]:
    it = boto(server, "sagemaker")
    yield it
    it.close()


@pytest.fixture(scope="module")
def logs(server: Running) -> Iterator[Any]:
    it = boto(server, "logs")
    yield it
    it.close()


def test_endpoints_are_listed_page_by_page(sagemaker: Any) -> None:
    pages = list(
        sagemaker.get_paginator("list_endpoints").paginate(NameContains="MODEL-", SortBy="Name", MaxResults=10)
    )
    assert [len(page["Endpoints"]) for page in pages] == [10, 10, 5]
    found = [endpoint for page in pages for endpoint in page["Endpoints"]]
    assert [endpoint["EndpointName"] for endpoint in found] == sorted(NAMES)
    assert {endpoint["EndpointStatus"] for endpoint in found} == {"InService"}
    assert found[0]["EndpointArn"] == "arn:aws:sagemaker:us-east-1:000000000000:endpoint/model-00"
    assert abs(found[0]["CreationTime"] - BEGUN) < timedelta(minutes=5)


def test_an_endpoint_is_described_with_its_variants(sagemaker: Any) -> None:
    described = sagemaker.describe_endpoint(EndpointName="variants")
    shown = [(v["VariantName"], v["CurrentWeight"], v["CurrentInstanceCount"]) for v in described["ProductionVariants"]]
    assert shown == [("blue", 0.9, 1), ("green", 0.1, 1)]
    images = [v["DeployedImages"][0]["SpecifiedImage"] for v in described["ProductionVariants"]]
    assert images == ["local/vllm:chat", "local/echo:echo"]
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="variants")


def test_configuration_and_model_are_described(sagemaker: Any) -> None:
    config = sagemaker.describe_endpoint_config(EndpointConfigName="models")
    model = sagemaker.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
    assert model["PrimaryContainer"] == {
        "Image": "local/vllm:chat",
        "Mode": "MultiModel",
        "ModelDataUrl": "s3://smrt-local/models/models/",
    }


def test_an_async_endpoint_says_where_its_answers_go(sagemaker: Any) -> None:
    described = sagemaker.describe_endpoint(EndpointName="async-only")
    assert described["AsyncInferenceConfig"]["OutputConfig"] == {
        "S3OutputPath": "s3://smrt-local/async-only/output/",
        "S3FailurePath": "s3://smrt-local/async-only/failure/",
    }


def test_inference_components_are_listed_and_described(sagemaker: Any) -> None:
    listed = sagemaker.list_inference_components(EndpointNameEquals="components")["InferenceComponents"]
    assert [(c["InferenceComponentName"], c["VariantName"]) for c in listed] == [
        ("up", "AllTraffic"),
        ("down", "AllTraffic"),
    ]
    down = sagemaker.describe_inference_component(InferenceComponentName="down")
    assert down["RuntimeConfig"]["CurrentCopyCount"] == 0
    assert down["Specification"]["Container"]["DeployedImage"]["SpecifiedImage"] == "local/vllm:chat"


@pytest.mark.parametrize(
    ("operation", "members", "code", "words"),
    [
        ("describe_endpoint", {"EndpointName": "Nope"}, "ValidationException", 'Could not find endpoint "arn:'),
        ("describe_model", {"ModelName": "nope"}, "ValidationException", "Could not find model"),
        ("list_endpoints", {"MaxResults": 101}, "ValidationException", "between 1 and 100"),
        ("list_endpoints", {"NextToken": "?"}, "ValidationException", "pagination token"),
        ("list_models", {}, "UnknownOperationException", "ListModels is not spoken here"),
    ],
)
def test_errors_are_the_services_own(sagemaker: Any, operation: str, members: Any, code: str, words: str) -> None:
    with pytest.raises(ClientError, match=words) as refused:
        getattr(sagemaker, operation)(**members)
    assert refused.value.response["Error"]["Code"] == code


def test_a_wrong_key_is_refused(server: Running) -> None:
    client = boto(server, "sagemaker")
    client._request_signer._credentials.secret_key = "wrong"
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        client.list_endpoints()
    client.close()


def test_a_model_error_names_the_log_that_tells_why(server: Running, logs: Any) -> None:
    runtime = boto(server)
    with pytest.raises(ClientError) as refused:
        runtime.invoke_endpoint(EndpointName="failing", Body=b"{}", ContentType="text/csv", InferenceId="id-7")
    runtime.invoke_endpoint(EndpointName="model-00", Body=b"{}")["Body"].close()
    runtime.close()
    group = refused.value.response["LogStreamArn"].partition(":log-group:")[2]
    events = logs.filter_log_events(logGroupName=group, filterPattern='"id-7"')["events"]
    assert [event["message"].partition(" in ")[0] for event in events] == [
        "[id-7] POST /invocations text/csv 2 bytes",
        "[id-7] 400 application/json 27 bytes",
    ]
    assert events[1]["message"].endswith(': {"error": "no such column"}')
    assert {event["logStreamName"] for event in events} == {"AllTraffic/i-local"}


def test_log_events_come_in_pages_and_windows(server: Running, logs: Any) -> None:
    runtime = boto(server)
    for _ in range(3):
        runtime.invoke_endpoint(EndpointName="model-01", Body=b"{}")["Body"].close()
    runtime.close()
    group = "/aws/sagemaker/Endpoints/model-01"
    pages = list(logs.get_paginator("filter_log_events").paginate(logGroupName=group, limit=4))
    assert [len(page["events"]) for page in pages] == [4, 2]
    events = [event for page in pages for event in page["events"]]
    assert len({event["eventId"] for event in events}) == 6
    later = events[-1]["timestamp"] + 1
    assert logs.filter_log_events(logGroupName=group, startTime=later)["events"] == []
    assert logs.filter_log_events(logGroupName=group, endTime=events[0]["timestamp"] - 1)["events"] == []


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"logGroupName": "/aws/sagemaker/Endpoints/nope"}, "ResourceNotFoundException"),
        ({}, "InvalidParameterException"),
        (
            {"logGroupName": "/aws/sagemaker/Endpoints/failing", "filterPattern": "{ $.a = 1 }"},
            "InvalidParameterException",
        ),
    ],
)
def test_log_errors_are_the_services_own(logs: Any, members: Any, code: str) -> None:
    with pytest.raises(ClientError) as refused:
        logs.filter_log_events(**members)
    assert refused.value.response["Error"]["Code"] == code
