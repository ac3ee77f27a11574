"""Reading an account: page after page, completed from several answers, whole in spite of missing rights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smrt_tui.client.account import MOST_DESCRIBED_COMPONENTS, MOST_PAGES, PAGE, Account
from smrt_tui.client.faults import ClientTrouble
from smrt_tui.core.account import (
    AsyncOutput,
    ComponentSummary,
    ContainerSummary,
    EndpointDescription,
    EndpointListing,
    EndpointSummary,
    VariantSummary,
)
from tests.client.account_calls import Answer, SameAnswer, Service, always, answered, at_once, in_turn, refused

MADE, CHANGED = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)
ARN = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/"


def summary(name: str, changed: datetime = CHANGED) -> Mapping[str, object]:
    return {
        "EndpointName": name,
        "EndpointArn": f"{ARN}{name}",
        "EndpointStatus": "InService",
        "CreationTime": MADE.timestamp(),
        "LastModifiedTime": changed.timestamp(),
    }


async def test_pages_are_asked_until_there_is_no_further_one() -> None:
    service = Service(
        in_turn(
            answered({"Endpoints": [summary("old", MADE)], "NextToken": "t"}), answered({"Endpoints": [summary("new")]})
        )
    )
    listing = await Account(service.caller()).list_endpoints("part")
    old = EndpointSummary("old", f"{ARN}old", "InService", MADE, MADE)
    new = EndpointSummary("new", f"{ARN}new", "InService", MADE, CHANGED)
    assert listing == EndpointListing("us-east-1", (new, old))
    asked = {"SortBy": "CreationTime", "SortOrder": "Descending", "NameContains": "part", "MaxResults": PAGE}
    assert service.asked == [("ListEndpoints", asked), ("ListEndpoints", {**asked, "NextToken": "t"})]


async def test_a_list_without_end_is_told_as_a_part() -> None:
    service = Service(always(lambda: answered({"Endpoints": [], "NextToken": "t"})))
    assert not (await Account(service.caller()).list_endpoints()).is_whole
    assert len(service.asked) == MOST_PAGES


def answers(**by_operation: object) -> Answer:
    def answer(operation: str, members: Mapping[str, Any]) -> httpx.Response:
        found = by_operation.get(operation)
        if found is None:
            return refused("AccessDeniedException", f"not {operation}")
        return answered(found(members) if callable(found) else found)

    return answer


VARIANT = {
    "VariantName": "blue",
    "CurrentWeight": 0.5,
    "CurrentInstanceCount": 2,
    "RoutingConfig": {"RoutingStrategy": "RANDOM"},
    "DeployedImages": [{"SpecifiedImage": "tgi:1", "ResolvedImage": "tgi@sha256:1"}],
}
DESCRIBED = {**summary("one"), "EndpointConfigName": "one-config", "ProductionVariants": [VARIANT]}
CONFIG = {"ProductionVariants": [{"VariantName": "blue", "ModelName": "m", "InstanceType": "ml.g5.xlarge"}]}
MODEL = {
    "Containers": [
        {"Image": "a:1", "ContainerHostname": "first", "Mode": "MultiModel", "ModelDataUrl": "s3://b/models/"},
        {"Image": "b:1", "ContainerHostname": "second", "Environment": {"TOKEN": "hf_secret"}},
    ],
    "InferenceExecutionConfig": {"Mode": "Direct"},
}
PLAIN = EndpointDescription("one", f"{ARN}one", "us-east-1", "InService", MADE, CHANGED, config="one-config")
BLUE = VariantSummary("blue", 0.5, 2, routing="RANDOM", images=("tgi:1",))


async def test_a_description_is_put_together_from_all_that_knows_of_it() -> None:
    extra = {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://b/o/", "S3FailurePath": "s3://b/f/"}}}
    service = Service(
        answers(DescribeEndpoint={**DESCRIBED, **extra}, DescribeEndpointConfig=CONFIG, DescribeModel=MODEL)
    )
    described = await Account(service.caller()).describe_endpoint("one")
    assert described.variants == (
        VariantSummary(
            "blue",
            0.5,
            2,
            "ml.g5.xlarge",
            "RANDOM",
            images=("tgi:1",),
            model="m",
            containers=(
                ContainerSummary("a:1", "first", is_multi_model=True, model_data="s3://b/models/"),
                ContainerSummary("b:1", "second"),
            ),
            is_direct=True,
        ),
    )
    assert described.async_output == AsyncOutput("s3://b/o/", "s3://b/f/")
    assert described.images == ("tgi:1", "a:1", "b:1")
    assert described.unread == ()
    assert "hf_secret" not in repr(described)


async def test_missing_rights_leave_a_description_with_what_was_not_read() -> None:
    described = await Account(Service(answers(DescribeEndpoint=DESCRIBED)).caller()).describe_endpoint("one")
    assert described == EndpointDescription(
        **{name: getattr(PLAIN, name) for name in ("name", "arn", "region", "status", "created", "modified", "config")},
        variants=(BLUE,),
        unread=(
            "sagemaker:DescribeEndpointConfig is not allowed to these credentials: not DescribeEndpointConfig",
            "sagemaker:ListInferenceComponents is not allowed to these credentials: not ListInferenceComponents",
        ),
    )


async def test_the_right_to_describe_the_endpoint_itself_is_needed() -> None:
    with pytest.raises(ClientTrouble) as raised:
        await Account(Service(answers()).caller()).describe_endpoint("one")
    assert raised.value.code == "right-missing"


async def test_components_are_described_up_to_a_limit() -> None:
    names = [f"c{number:02}" for number in range(MOST_DESCRIBED_COMPONENTS + 2)]
    listed = [
        {"InferenceComponentName": n, "VariantName": "blue", "InferenceComponentStatus": "InService"} for n in names
    ]

    def component(members: Mapping[str, Any]) -> Mapping[str, object]:
        image = {"DeployedImage": {"ResolvedImage": f"{members['InferenceComponentName']}:1"}}
        return {
            "Specification": {"Container": image, "BaseInferenceComponentName": "base"},
            "RuntimeConfig": {"CurrentCopyCount": 0},
        }

    service = Service(
        answers(
            DescribeEndpoint={**summary("one"), "ProductionVariants": [{"VariantName": "blue"}]},
            ListInferenceComponents={"InferenceComponents": listed},
            DescribeInferenceComponent=component,
        )
    )
    described = await Account(service.caller()).describe_endpoint("one")
    assert described.components[0] == ComponentSummary("c00", "blue", "InService", 0, "c00:1", "base")
    assert described.components[-1] == ComponentSummary(names[-1], "blue", "InService")
    assert len(described.components) == len(names)


async def test_an_endpoint_that_is_not_there_is_named_with_its_region() -> None:
    service = Service(always(lambda: refused("ValidationException", 'Could not find endpoint "arn".')))
    with pytest.raises(ClientTrouble) as raised:
        await Account(service.caller()).describe_endpoint("nope")
    assert raised.value.code == "endpoint-unknown"
    assert raised.value.message == "there is no endpoint nope in us-east-1 of this account"


_NAMES = [
    *("Endpoints", "NextToken", "EndpointName", "EndpointArn", "EndpointStatus", "CreationTime", "LastModifiedTime"),
    *("ProductionVariants", "VariantName", "CurrentWeight", "DeployedImages", "AsyncInferenceConfig", "OutputConfig"),
    *("EndpointConfigName", "ModelName", "PrimaryContainer", "Containers", "InferenceComponents", "Specification"),
    *("InferenceComponentName", "InferenceComponentStatus", "ShadowProductionVariants", "DataCaptureConfig", "Image"),
    *("RuntimeConfig", "RoutingConfig", "CurrentServerlessConfig", "InferenceExecutionConfig", "events", "timestamp"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6)
        | st.fixed_dictionaries(
            {name: inner | st.text(max_size=3) for name in ("EndpointName", "EndpointArn", "EndpointStatus")}
            | {"ProductionVariants": st.lists(inner, max_size=2), "VariantName": inner}
        )
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(_NAMES), JSON, max_size=8))
def test_no_shape_of_an_answer_gives_another_exception(answer: Mapping[str, object]) -> None:
    account = Account(SameAnswer(answer))
    for read in (account.list_endpoints(), account.describe_endpoint("one"), account.list_components("one")):
        try:
            at_once(read)
        except ClientTrouble as named:
            assert named.hint
