"""boto3 as the judge: it completes every operation and raises its right exception for every fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.endpoint
import pytest
from botocore.exceptions import ClientError, WaiterError

from smrt_tui.local.endpoints import Component, Endpoint, Variant, single
from smrt_tui.local.faults import FAULTS
from smrt_tui.local.parts import POLICIES
from tests.local.running import Running, Scripted, running
from tests.outside.boto import Seen, boto, stream, sync
from tests.outside.outcomes import FLUSHES, expected, outcome

pytestmark = pytest.mark.outside


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    echo = Scripted(FLUSHES)
    endpoints = (
        single("echo", echo),
        single("plain", Scripted(body=b'{"ok": true}')),
        single("failing", Scripted(body=b'{"error": "no"}', status=415)),
        single("async-only", echo, "async"),
        single("realtime-only", echo, "realtime"),
        Endpoint("variants", (Variant("blue", Scripted(body=b"blue")), Variant("green", Scripted(body=b"green"), 0.0))),
        Endpoint("models", (Variant("AllTraffic", echo),), models={"a.tar.gz": Scripted(body=b"a")}),
        Endpoint(
            "components",
            (Variant("AllTraffic", echo),),
            components={"up": Component(Scripted(body=b"up")), "down": Component(echo, copies=0)},
        ),
    )
    with running({endpoint.name: endpoint for endpoint in endpoints}) as it:
        yield it


@pytest.fixture(scope="module")
def client(server: Running) -> Iterator[Any]:
    it = boto(server)
    yield it
    it.close()


@pytest.fixture(scope="module")
def s3(server: Running) -> Iterator[Any]:
    it = boto(server, "s3")
    yield it
    it.close()


def test_a_sync_invocation_completes(client: Any) -> None:
    response = client.invoke_endpoint(EndpointName="plain", Body=b"{}", ContentType="application/json")
    with response["Body"] as body:
        assert body.read() == b'{"ok": true}'
    assert response["ContentType"] == "application/json"
    assert response["InvokedProductionVariant"] == "AllTraffic"
    assert response["ResponseMetadata"]["RequestId"]


def test_a_stream_completes_part_by_part(client: Any) -> None:
    assert stream(client) == Seen(parts=FLUSHES)


def test_an_async_invocation_leaves_its_output(client: Any, s3: Any) -> None:
    response = client.invoke_endpoint_async(EndpointName="plain", Body=b"{}", InferenceId="my-id")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert response["InferenceId"] == "my-id"
    location = place(response["OutputLocation"])
    s3.get_waiter("object_exists").wait(**location, WaiterConfig={"Delay": 0.02, "MaxAttempts": 200})
    stored = s3.get_object(**location)
    assert (stored["Body"].read(), stored["ContentType"]) == (b'{"ok": true}', "application/json")


def test_an_async_input_may_come_from_the_object_store(client: Any, s3: Any) -> None:
    s3.put_object(Bucket="inputs", Key="a/b.json", Body=b'{"a": 1}', ContentType="application/json")
    response = client.invoke_endpoint_async(EndpointName="plain", InputLocation="s3://inputs/a/b.json")
    s3.get_waiter("object_exists").wait(
        **place(response["OutputLocation"]), WaiterConfig={"Delay": 0.02, "MaxAttempts": 200}
    )


def test_an_async_failure_leaves_a_failure_object(client: Any, s3: Any) -> None:
    response = client.invoke_endpoint_async(EndpointName="failing", Body=b"{}")
    location = place(response["FailureLocation"])
    s3.get_waiter("object_exists").wait(**location, WaiterConfig={"Delay": 0.02, "MaxAttempts": 200})
    reason = s3.get_object(**location)["Body"].read()
    assert reason == b'Received client error (415) from primary with message "{"error": "no"}"'
    with pytest.raises(WaiterError):
        s3.get_waiter("object_exists").wait(
            **place(response["OutputLocation"]), WaiterConfig={"Delay": 0.01, "MaxAttempts": 1}
        )


def place(location: str) -> dict[str, str]:
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": key}


@pytest.mark.parametrize("fault", [row.name for row in FAULTS if "stream" in row.modes])
def test_every_fault_of_a_stream_is_what_botocore_calls_it(client: Any, server: Running, fault: str) -> None:
    amount = "@20ms" if fault in ("slow-first-byte", "slow-first-part") else ""
    if fault == "stall":
        client = boto(server, read_timeout=0.3)
    seen = stream(client, f"fault={fault}{amount}")
    assert outcome(seen.error, seen.parts, is_reset=fault == "reset") == expected("stream", fault, "boto3")
    if fault == "stall":
        client.close()


@pytest.mark.parametrize("fault", [row.name for row in FAULTS if "sync" in row.modes])
def test_every_fault_of_a_sync_answer_is_what_botocore_calls_it(client: Any, fault: str) -> None:
    amount = "@20ms" if fault == "slow-first-byte" else ""
    seen = sync(client, f"fault={fault}{amount}")
    assert outcome(seen.error, seen.parts) == expected("sync", fault, "boto3")


@pytest.mark.parametrize(
    ("fault", "has_output", "has_failure"),
    [
        ("async-slow@10ms", True, False),
        ("async-failing@503", False, True),
        ("async-expiring@10ms", False, True),
        ("async-never", False, False),
    ],
)
def test_async_faults_decide_which_object_appears(
    client: Any, s3: Any, fault: str, has_output: bool, has_failure: bool
) -> None:
    response = client.invoke_endpoint_async(EndpointName="plain", Body=b"{}", CustomAttributes=f"fault={fault}")
    patient, quick = {"Delay": 0.02, "MaxAttempts": 200}, {"Delay": 0.01, "MaxAttempts": 5}

    def appears(location: str, expected: bool) -> bool:
        try:
            s3.get_waiter("object_exists").wait(
                **place(response[location]), WaiterConfig=patient if expected else quick
            )
        except WaiterError:
            return False
        return True

    seen = (appears("OutputLocation", has_output), appears("FailureLocation", has_failure))
    assert seen == (has_output, has_failure)


@pytest.mark.parametrize("policy", [row.name for row in POLICIES])
def test_every_part_policy_is_a_sound_stream(client: Any, policy: str) -> None:
    seen = stream(client, f"parts={policy}")
    assert seen.error == ""
    text = b"".join(seen.parts).replace(b":\n\n", b"").removeprefix(b"\xef\xbb\xbf")
    assert text == b"".join(FLUSHES)


def test_a_fault_that_counts_attempts_passes_after_them(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.endpoint.time, "sleep", lambda _: None)
    client = boto(server, attempts=3)
    assert sync(client, "fault=throttle@2").error == ""
    assert sync(client, "fault=throttle@3").error == "ClientError (ThrottlingException)"
    client.close()


def test_the_members_of_a_model_error_arrive(client: Any) -> None:
    with pytest.raises(client.exceptions.ModelError) as caught:
        client.invoke_endpoint(EndpointName="failing", Body=b"{}")
    response = caught.value.response
    group = "/aws/sagemaker/Endpoints/failing"
    assert response["OriginalStatusCode"] == 415
    assert response["OriginalMessage"] == '{"error": "no"}'
    assert response["LogStreamArn"] == f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    assert response["Error"]["Message"] == (
        'Received client error (415) from primary with message "{"error": "no"}". See '
        "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1"
        f"#logEventViewer:group={group} in account 000000000000 for more information."
    )


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"EndpointName": "nowhere"}, "Endpoint nowhere of account 000000000000 not found."),
        ({"EndpointName": "components"}, "Inference Component Name header is required"),
        ({"EndpointName": "components", "InferenceComponentName": "down"}, "has no capacity to process this request"),
        ({"EndpointName": "components", "InferenceComponentName": "x"}, "Inference Component x not found"),
        ({"EndpointName": "plain", "TargetModel": "a"}, "is not a multi-model endpoint"),
        ({"EndpointName": "models"}, "is missing a target model header"),
        ({"EndpointName": "models", "TargetModel": "b"}, "Target model b not found"),
        ({"EndpointName": "variants", "TargetVariant": "red"}, "Variant red not found"),
        ({"EndpointName": "async-only"}, "takes asynchronous invocations only"),
        ({"EndpointName": "plain", "SessionId": "bad id!"}, "Value 'bad id!' at 'sessionId' failed to satisfy"),
        (
            {"EndpointName": "plain", "CustomAttributes": "a" * 1025},
            "Member must have length less than or equal to 1024",
        ),
        ({"EndpointName": "plain", "CustomAttributes": "fault=stal"}, "Did you mean stall?"),
        (
            {"EndpointName": "plain", "CustomAttributes": "fault=stall"},
            "stall is for stream invocations, this one is sync",
        ),
    ],
)
def test_what_the_door_refuses_is_a_validation_error(client: Any, members: dict[str, str], message: str) -> None:
    with pytest.raises(client.exceptions.ValidationError) as caught:
        client.invoke_endpoint(Body=b"{}", **members)
    assert message in caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("members", "body"),
    [
        ({"EndpointName": "variants"}, b"blue"),
        ({"EndpointName": "variants", "TargetVariant": "green"}, b"green"),
        ({"EndpointName": "models", "TargetModel": "a.tar.gz"}, b"a"),
        ({"EndpointName": "components", "InferenceComponentName": "up"}, b"up"),
    ],
)
def test_an_endpoint_chooses_the_container_that_was_asked_for(
    client: Any, members: dict[str, str], body: bytes
) -> None:
    with client.invoke_endpoint(Body=b"{}", **members)["Body"] as answer:
        assert answer.read() == body


def test_an_async_body_over_its_limit_is_a_validation_error(client: Any) -> None:
    with pytest.raises(client.exceptions.ValidationError) as caught:
        client.invoke_endpoint_async(EndpointName="plain", Body=b"x" * 128_001)
    assert caught.value.response["Error"]["Message"] == (
        "1 validation error detected: Value at 'body' failed to satisfy constraint: "
        "Member must have length less than or equal to 128000"
    )


def test_a_body_over_the_limit_is_413(client: Any) -> None:
    with pytest.raises(ClientError) as caught:
        client.invoke_endpoint(EndpointName="plain", Body=b"x" * 6_291_457)
    assert caught.value.response["Error"] == {"Code": "413", "Message": "HTTP content length exceeded 6291456 bytes."}


def test_objects_keep_their_bytes_type_and_metadata(s3: Any) -> None:
    s3.put_object(Bucket="b", Key="ä b/c+d.bin", Body=b"\x00\xff", ContentType="image/x", Metadata={"who": "me"})
    stored = s3.get_object(Bucket="b", Key="ä b/c+d.bin")
    head = s3.head_object(Bucket="b", Key="ä b/c+d.bin")
    assert stored["Body"].read() == b"\x00\xff"
    assert (head["ContentType"], head["ContentLength"], head["Metadata"]) == ("image/x", 2, {"who": "me"})
    assert head["ETag"] == stored["ETag"]


def test_a_missing_object_is_no_such_key(s3: Any) -> None:
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="b", Key="missing")
    with pytest.raises(ClientError, match="404"):
        s3.head_object(Bucket="b", Key="missing")


def test_a_missing_object_is_denied_where_the_store_was_told_so() -> None:
    with running({}, forbid_missing_keys=True) as server:
        client = boto(server, "s3")
        with pytest.raises(ClientError, match="AccessDenied"):
            client.get_object(Bucket="b", Key="missing")
        client.close()


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("list_objects_v2", {"Bucket": "b"}),
        ("delete_object", {"Bucket": "b", "Key": "k"}),
        ("copy_object", {"Bucket": "b", "Key": "k", "CopySource": "b/j"}),
        ("get_object_tagging", {"Bucket": "b", "Key": "k"}),
        ("list_parts", {"Bucket": "b", "Key": "k", "UploadId": "u"}),
    ],
)
def test_what_the_object_store_cannot_do_is_refused_in_words(s3: Any, operation: str, members: dict[str, str]) -> None:
    with pytest.raises(ClientError, match=r"NotImplemented.*PUT, GET and HEAD"):
        getattr(s3, operation)(**members)
