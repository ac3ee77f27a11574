"""What SageMaker's own API says of the endpoints here: List and Describe, as values of the JSON protocol.

Members and their shapes are the service model's; what an endpoint here has no counterpart for is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from smrt_tui.local.container import Container
from smrt_tui.local.endpoints import Endpoint, Variant
from smrt_tui.local.json_answers import Operations, json_error, number_member, page, text_member
from smrt_tui.local.queue import BUCKET
from smrt_tui.local.refusals import ACCOUNT, REGION
from smrt_tui.local.wire import Refused

_Found = TypeVar("_Found")
_INVALID = "ValidationException"
_STACKS = {
    "chat": "vllm",
    "chat-completions": "vllm",
    "chat-openai-jsonl": "djl-inference",
    "chat-tgi": "huggingface-pytorch-tgi-inference",
    "chat-tgi-old": "huggingface-pytorch-tgi-inference",
    "chat-lmi": "djl-inference",
    "chat-lmi-rolling": "djl-inference",
    "chat-lmi-sse": "djl-inference",
    "chat-nim": "nim",
    "tabular": "sagemaker-xgboost",
    "hf-pipeline": "huggingface-pytorch-inference",
    "deepar": "forecasting-deepar",
    "triton": "sagemaker-tritonserver",
    "image-labels": "image-classification",
}
"""Container -> the image whose requests and answers it takes and gives; any other is named after itself."""


class AccountAnswers:
    """The operations."""

    def __init__(self, endpoints: Mapping[str, Endpoint], created: datetime) -> None:
        self._endpoints = endpoints
        self._times = {"CreationTime": created.timestamp(), "LastModifiedTime": created.timestamp()}
        self._models = {_model(e, v): (e, v) for e in endpoints.values() for v in e.variants if not e.components}
        self._components = {n: (e, n, c) for e in endpoints.values() for n, c in e.components.items()}

    @property
    def operations(self) -> Operations:
        """All that can be asked."""
        return {
            "ListEndpoints": self._list_endpoints,
            "DescribeEndpoint": self._describe_endpoint,
            "DescribeEndpointConfig": self._describe_config,
            "DescribeModel": self._describe_model,
            "ListInferenceComponents": self._list_components,
            "DescribeInferenceComponent": self._describe_component,
        }

    def _list_endpoints(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        part = text_member(asked, "NameContains", _INVALID).lower()
        status = text_member(asked, "StatusEquals", _INVALID)
        names = [name for name in self._endpoints if part in name.lower() and status in ("", "InService")]
        return self._page(asked, "Endpoints", _sorted(names, asked), self._endpoint_summary)

    def _endpoint_summary(self, name: str) -> Mapping[str, Any]:
        return {
            "EndpointName": name,
            "EndpointArn": _arn("endpoint", name),
            **self._times,
            "EndpointStatus": "InService",
        }

    def _describe_endpoint(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        endpoint = _named(self._endpoints, asked, "EndpointName", "endpoint", "endpoint")
        return {
            **self._endpoint_summary(endpoint.name),
            "EndpointConfigName": endpoint.name,
            "ProductionVariants": [self._variant_summary(endpoint, variant) for variant in endpoint.variants],
            **_async_config(endpoint),
        }

    def _variant_summary(self, endpoint: Endpoint, variant: Variant) -> Mapping[str, Any]:
        # The images of an endpoint with components are the components' own.
        images = [] if endpoint.components else [self._deployed(_image(variant.container))]
        return {
            "VariantName": variant.name,
            **({"DeployedImages": images} if images else {}),
            "CurrentWeight": variant.weight,
            "DesiredWeight": variant.weight,
            "CurrentInstanceCount": 1,
            "DesiredInstanceCount": 1,
        }

    def _deployed(self, image: str) -> Mapping[str, Any]:
        return {"SpecifiedImage": image, "ResolvedImage": image, "ResolutionTime": self._times["CreationTime"]}

    def _describe_config(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        endpoint = _named(self._endpoints, asked, "EndpointConfigName", "endpoint configuration", "endpoint-config")
        return {
            "EndpointConfigName": endpoint.name,
            "EndpointConfigArn": _arn("endpoint-config", endpoint.name),
            "ProductionVariants": [_configured(endpoint, variant) for variant in endpoint.variants],
            "CreationTime": self._times["CreationTime"],
            **_async_config(endpoint),
        }

    def _describe_model(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        endpoint, variant = _named(self._models, asked, "ModelName", "model", "model")
        return {
            "ModelName": _model(endpoint, variant),
            "PrimaryContainer": _container(endpoint, variant),
            "CreationTime": self._times["CreationTime"],
            "ModelArn": _arn("model", _model(endpoint, variant)),
        }

    def _list_components(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        wanted = text_member(asked, "EndpointNameEquals", _INVALID)
        part = text_member(asked, "NameContains", _INVALID).lower()
        names = [
            name
            for name, (endpoint, _, _) in self._components.items()
            if wanted in ("", endpoint.name) and part in name.lower()
        ]
        return self._page(asked, "InferenceComponents", _sorted(names, asked), self._component_summary)

    def _component_summary(self, name: str) -> Mapping[str, Any]:
        endpoint, _, _ = self._components[name]
        return {
            "InferenceComponentName": name,
            "InferenceComponentArn": _arn("inference-component", name),
            "InferenceComponentStatus": "InService",
            "EndpointName": endpoint.name,
            "EndpointArn": _arn("endpoint", endpoint.name),
            "VariantName": endpoint.variants[0].name,
            **self._times,
        }

    def _describe_component(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        name = "InferenceComponentName"
        _, found, component = _named(self._components, asked, name, "inference component", "inference-component")
        return {
            **self._component_summary(found),
            "Specification": {"Container": {"DeployedImage": self._deployed(_image(component.container))}},
            "RuntimeConfig": {"DesiredCopyCount": component.copies, "CurrentCopyCount": component.copies},
        }

    def _page(
        self, asked: Mapping[str, Any], key: str, names: Sequence[str], show: Callable[[str], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        size = number_member(asked, "MaxResults", _INVALID, 1, 100, 10)
        shown, rest = page(names, text_member(asked, "NextToken", _INVALID), size, _INVALID)
        return {key: [show(name) for name in shown], **({"NextToken": rest} if rest else {})}


def _sorted(names: Sequence[str], asked: Mapping[str, Any]) -> Sequence[str]:
    """By name where that is asked for; everything here is of one age and status, so any other order is kept."""
    is_falling = text_member(asked, "SortOrder", _INVALID) == "Descending"
    return sorted(names, reverse=is_falling) if text_member(asked, "SortBy", _INVALID) == "Name" else list(names)


def _named(found: Mapping[str, _Found], asked: Mapping[str, Any], member: str, what: str, kind: str) -> _Found:
    name = text_member(asked, member, _INVALID)
    if not name:
        text = f"1 validation error detected: Value null at '{member[:1].lower()}{member[1:]}' failed to satisfy "
        raise Refused(json_error(_INVALID, f"{text}constraint: Member must not be null"))
    if name not in found:
        raise Refused(json_error(_INVALID, f'Could not find {what} "{_arn(kind, name)}".'))
    return found[name]


def _configured(endpoint: Endpoint, variant: Variant) -> Mapping[str, Any]:
    model = {} if endpoint.components else {"ModelName": _model(endpoint, variant)}
    return {"VariantName": variant.name, **model, "InitialInstanceCount": 1, "InitialVariantWeight": variant.weight}


def _container(endpoint: Endpoint, variant: Variant) -> Mapping[str, Any]:
    if not endpoint.models:
        return {"Image": _image(variant.container), "Mode": "SingleModel"}
    prefix = f"s3://{BUCKET}/{endpoint.name}/models/"
    return {"Image": _image(variant.container), "Mode": "MultiModel", "ModelDataUrl": prefix}


def _async_config(endpoint: Endpoint) -> Mapping[str, Any]:
    if endpoint.kind != "async":
        return {}
    paths = {f"S3{kind}Path": f"s3://{BUCKET}/{endpoint.name}/{kind.lower()}/" for kind in ("Output", "Failure")}
    return {"AsyncInferenceConfig": {"OutputConfig": paths}}


def _model(endpoint: Endpoint, variant: Variant) -> str:
    return f"{endpoint.name}-{variant.name}"


def _image(container: Container) -> str:
    """An image for a container that has none; the tag is its own name."""
    return f"local/{_STACKS.get(container.name, container.name)}:{container.name}"


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind}/{name.lower()}"
