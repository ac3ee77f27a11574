"""Reads what an account says of its endpoints: SageMaker's List and Describe operations, folded into values.

Asks and parses; nothing is shown, kept or changed. A description survives missing rights for what it needs beside:
the endpoint itself has to be readable, all else is told as unread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from msgspec.structs import replace

from smrt_tui.client.faults import ClientTrouble, trouble
from smrt_tui.client.json_service import JsonCaller, ServiceRefusal, unreadable
from smrt_tui.core.account import (
    AsyncOutput,
    ComponentSummary,
    ContainerSummary,
    EndpointDescription,
    EndpointListing,
    EndpointSummary,
    Serverless,
    VariantSummary,
)

PAGE = 100
"""The most that SageMaker gives at once (MaxResults of the service model)."""
MOST_PAGES = 10
MOST_DESCRIBED_COMPONENTS = 10
"""An endpoint may have hundreds of components; each costs a call to describe."""

_Value = TypeVar("_Value")


class Account:
    """The endpoints that one target's credentials can see in its region."""

    def __init__(self, caller: JsonCaller) -> None:
        self._caller = caller

    async def list_endpoints(self, name_contains: str = "") -> EndpointListing:
        """The endpoints, the one changed last first, at most 1,000. Raises `ClientTrouble`."""
        asked = {"SortBy": "CreationTime", "SortOrder": "Descending"}
        if name_contains:
            asked["NameContains"] = name_contains
        found, is_whole = await self._pages("ListEndpoints", asked, "Endpoints", _summary)
        newest = sorted(found, key=lambda one: one.modified or _LONG_AGO, reverse=True)
        return EndpointListing(await self._caller.region("sagemaker"), tuple(newest), is_whole)

    async def list_components(self, endpoint: str) -> tuple[ComponentSummary, ...]:
        """The inference components of an endpoint, at most 1,000, by name. Raises `ClientTrouble`."""
        asked = {"EndpointNameEquals": endpoint, "SortBy": "Name", "SortOrder": "Ascending"}
        found, _ = await self._pages("ListInferenceComponents", asked, "InferenceComponents", _component)
        return tuple(found)

    async def describe_endpoint(self, name: str) -> EndpointDescription:
        """All that is readable about an endpoint. Raises `ClientTrouble`, `endpoint-unknown` when there is none."""
        region = await self._caller.region("sagemaker")
        try:
            answer = await self._caller.call("sagemaker", "DescribeEndpoint", {"EndpointName": name})
        except ServiceRefusal as refused:
            if refused.fault.code == "ValidationException" and "Could not find endpoint" in refused.fault.message:
                raise trouble("endpoint-unknown", name=name, region=region) from refused
            raise
        return await _Describing(self, self._caller).whole(_read("DescribeEndpoint", answer, _description), region)

    async def _pages(
        self, operation: str, asked: Mapping[str, object], key: str, parse: Callable[[Mapping[str, Any]], _Value]
    ) -> tuple[list[_Value], bool]:
        """The items of all pages, and whether those were all."""
        found: list[_Value] = []
        token: Mapping[str, object] = {}
        for _ in range(MOST_PAGES):
            answer = await self._caller.call("sagemaker", operation, {**asked, "MaxResults": PAGE, **token})
            found += _read(operation, answer, lambda page: [parse(item) for item in page[key]])
            if not answer.get("NextToken"):
                return found, True
            token = {"NextToken": answer["NextToken"]}
        return found, False


class _Describing:
    """One description in the making: the endpoint's own answer, completed by what stands elsewhere."""

    def __init__(self, account: Account, caller: JsonCaller) -> None:
        self._account = account
        self._caller = caller
        self._unread: list[str] = []

    async def whole(self, described: EndpointDescription, region: str) -> EndpointDescription:
        """The description with instance types, models, containers and components."""
        config = await self._config(described.config)
        variants = [await self._completed(variant, config) for variant in described.variants]
        components: Sequence[ComponentSummary] = ()
        if any(not variant.model for variant in variants):
            components = await self._components(described.name)
        return replace(
            described,
            region=region,
            variants=tuple(variants),
            components=tuple(components),
            unread=tuple(self._unread),
        )

    async def _config(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The configured variants by name; empty when they cannot be read."""
        answer = await self._beside("DescribeEndpointConfig", {"EndpointConfigName": name}) if name else None
        if answer is None:
            return {}
        return {_text(variant, "VariantName"): variant for variant in _mappings(answer.get("ProductionVariants"))}

    async def _completed(self, variant: VariantSummary, config: Mapping[str, Mapping[str, Any]]) -> VariantSummary:
        configured = config.get(variant.name, {})
        model = _text(configured, "ModelName")
        completed = replace(variant, model=model, instance_type=_text(configured, "InstanceType"))
        if completed.serverless is None:
            completed = replace(completed, serverless=_serverless(configured.get("ServerlessConfig")))
        answer = await self._beside("DescribeModel", {"ModelName": model}) if model else None
        if answer is None:
            return completed
        execution = answer.get("InferenceExecutionConfig")
        return replace(
            completed,
            containers=tuple(_containers(answer)),
            is_direct=isinstance(execution, Mapping) and execution.get("Mode") == "Direct",
        )

    async def _components(self, endpoint: str) -> Sequence[ComponentSummary]:
        try:
            found = await self._account.list_components(endpoint)
        except ClientTrouble as named:
            self._unread.append(named.message)
            return ()
        known = [await self._described(component) for component in found[:MOST_DESCRIBED_COMPONENTS]]
        return (*known, *found[MOST_DESCRIBED_COMPONENTS:])

    async def _described(self, component: ComponentSummary) -> ComponentSummary:
        answer = await self._beside("DescribeInferenceComponent", {"InferenceComponentName": component.name})
        if answer is None:
            return component
        specification = _mapping(answer.get("Specification"))
        image = _mapping(_mapping(specification.get("Container")).get("DeployedImage"))
        model = _text(specification, "ModelName")
        named = _image(image) or (await self._image_of(model) if model else "")
        copies = _mapping(answer.get("RuntimeConfig")).get("CurrentCopyCount")
        return replace(
            component, copies=_whole(copies), image=named, base=_text(specification, "BaseInferenceComponentName")
        )

    async def _image_of(self, model: str) -> str:
        answer = await self._beside("DescribeModel", {"ModelName": model})
        return next((container.image for container in _containers(answer or {})), "")

    async def _beside(self, operation: str, members: Mapping[str, object]) -> Mapping[str, Any] | None:
        """An answer that a description can do without; None when there is none, and then why is noted once."""
        try:
            return await self._caller.call("sagemaker", operation, members)
        except ClientTrouble as named:
            if named.message not in self._unread:
                self._unread.append(named.message)
            return None


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _read(operation: str, answer: Mapping[str, Any], parse: Callable[[Mapping[str, Any]], _Value]) -> _Value:
    """What an answer says; raises `ClientTrouble` for one without what the service model requires."""
    try:
        return parse(answer)
    except KeyError as missing:
        raise unreadable("sagemaker", operation, f"{missing.args[0]} is missing") from missing
    except (TypeError, ValueError, AttributeError, OverflowError, OSError) as odd:
        raise unreadable("sagemaker", operation, f"it is not of the service model's shape ({odd})") from odd


def _summary(item: Mapping[str, Any]) -> EndpointSummary:
    return EndpointSummary(
        name=str(item["EndpointName"]),
        arn=str(item["EndpointArn"]),
        status=str(item["EndpointStatus"]),
        created=_time(item.get("CreationTime")),
        modified=_time(item.get("LastModifiedTime")),
    )


def _component(item: Mapping[str, Any]) -> ComponentSummary:
    return ComponentSummary(
        name=str(item["InferenceComponentName"]),
        variant=str(item["VariantName"]),
        status=_text(item, "InferenceComponentStatus"),
    )


def _description(answer: Mapping[str, Any]) -> EndpointDescription:
    capture = _mapping(answer.get("DataCaptureConfig"))
    return EndpointDescription(
        name=str(answer["EndpointName"]),
        arn=str(answer["EndpointArn"]),
        region="",
        status=str(answer["EndpointStatus"]),
        created=_time(answer.get("CreationTime")),
        modified=_time(answer.get("LastModifiedTime")),
        failure=_text(answer, "FailureReason"),
        config=_text(answer, "EndpointConfigName"),
        variants=tuple(_variant(variant) for variant in _mappings(answer.get("ProductionVariants"))),
        shadows=tuple(str(one["VariantName"]) for one in _mappings(answer.get("ShadowProductionVariants"))),
        async_output=_async_output(answer.get("AsyncInferenceConfig")),
        has_explainer=bool(answer.get("ExplainerConfig")),
        captures_data=capture.get("EnableCapture") is True,
    )


def _variant(item: Mapping[str, Any]) -> VariantSummary:
    weight = item.get("CurrentWeight")
    return VariantSummary(
        name=str(item["VariantName"]),
        weight=None if weight is None else float(weight),
        instances=_whole(item.get("CurrentInstanceCount")),
        routing=_text(_mapping(item.get("RoutingConfig")), "RoutingStrategy"),
        serverless=_serverless(item.get("CurrentServerlessConfig")),
        images=tuple(filter(None, (_image(image) for image in _mappings(item.get("DeployedImages"))))),
    )


def _image(deployed: Mapping[str, Any]) -> str:
    return _text(deployed, "SpecifiedImage") or _text(deployed, "ResolvedImage")


def _serverless(found: object) -> Serverless | None:
    if not isinstance(found, Mapping):
        return None
    return Serverless(_whole(found.get("MemorySizeInMB")))


def _async_output(found: object) -> AsyncOutput | None:
    if not isinstance(found, Mapping):
        return None
    output = _mapping(found.get("OutputConfig"))
    return AsyncOutput(_text(output, "S3OutputPath"), _text(output, "S3FailurePath"))


def _containers(model: Mapping[str, Any]) -> Iterable[ContainerSummary]:
    primary = model.get("PrimaryContainer")
    for container in _mappings([primary] if primary else model.get("Containers")):
        yield ContainerSummary(
            image=_text(container, "Image"),
            hostname=_text(container, "ContainerHostname"),
            is_multi_model=container.get("Mode") == "MultiModel",
            model_data=_text(container, "ModelDataUrl"),
        )


def _mapping(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _mappings(found: object) -> Iterable[Mapping[str, Any]]:
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _text(members: Mapping[str, Any], name: str) -> str:
    found = members.get(name)
    return found if isinstance(found, str) else ""


def _whole(found: object) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _time(found: object) -> datetime | None:
    """A timestamp of JSON 1.1: seconds since the epoch, with a fraction."""
    if not isinstance(found, int | float) or isinstance(found, bool):
        return None
    return datetime.fromtimestamp(found, UTC)
