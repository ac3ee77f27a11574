"""Endpoints as the door knows them: which containers stand behind a name, and how a request picks one of them.

Pure choice: no container is called here.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field

from smrt_tui.core.service import Mode
from smrt_tui.local import refusals
from smrt_tui.local.container import Container
from smrt_tui.local.wire import Refused

Kind: TypeAlias = Literal["realtime", "async", "both"]
"""A real endpoint is either `realtime` or `async`; `both` is for convenience on loopback."""


class Variant(Struct, frozen=True):
    """A production variant: one fleet behind the endpoint, with its share of the traffic."""

    name: str
    container: Container
    weight: float = 1.0


class Component(Struct, frozen=True):
    """An inference component. With no copy it is scaled to zero and refuses."""

    container: Container
    copies: int = 1


class Endpoint(Struct, frozen=True):
    """One endpoint. At most one of `models` and `components` is filled."""

    name: str
    variants: tuple[Variant, ...]
    kind: Kind = "both"
    models: Mapping[str, Container] = field(default_factory=dict)
    """TargetModel -> container, on a multi-model endpoint."""
    components: Mapping[str, Component] = field(default_factory=dict)
    """InferenceComponentName -> component; where there are any, a request must name one."""

    @property
    def requires_component(self) -> bool:
        """Whether a request without InferenceComponentName is refused."""
        return bool(self.components)


class Route(Struct, frozen=True):
    """Where one invocation goes."""

    container: Container
    variant: str
    path: str = "/invocations"


def single(name: str, container: Container, kind: Kind = "both") -> Endpoint:
    """An endpoint with one variant, named as the service names it by default."""
    return Endpoint(name, (Variant("AllTraffic", container),), kind)


def choose(endpoint: Endpoint, mode: Mode, members: Mapping[str, str], request_id: str, dice: random.Random) -> Route:
    """The container that these members reach; raises `Refused` when they reach none.

    Where the text of a refusal by the real service is not known, the message is ours and says what to change.
    """
    _check_kind(endpoint, mode)
    if "TargetContainerHostname" in members:
        raise Refused(refusals.validation_error(f"Endpoint {endpoint.name} has no containers to address directly."))
    variant = _choose_variant(endpoint, members.get("TargetVariant"), dice)
    if endpoint.requires_component or "InferenceComponentName" in members:
        return _choose_component(endpoint, members.get("InferenceComponentName"), variant)
    if endpoint.models or "TargetModel" in members:
        return _choose_model(endpoint, members.get("TargetModel"), variant, request_id)
    return Route(variant.container, variant.name)


def _check_kind(endpoint: Endpoint, mode: Mode) -> None:
    """That an endpoint takes one kind only is documented, as is the ValidationError; the real text is not known."""
    if endpoint.kind == "async" and mode != "async":
        raise Refused(refusals.validation_error(f"Endpoint {endpoint.name} takes asynchronous invocations only."))
    if endpoint.kind == "realtime" and mode == "async":
        raise Refused(refusals.validation_error(f"Endpoint {endpoint.name} takes real-time invocations only."))


def _choose_variant(endpoint: Endpoint, wanted: str | None, dice: random.Random) -> Variant:
    if wanted is None:
        return dice.choices(endpoint.variants, [variant.weight for variant in endpoint.variants])[0]
    for variant in endpoint.variants:
        if variant.name == wanted:
            return variant
    known = ", ".join(variant.name for variant in endpoint.variants)
    raise Refused(
        refusals.validation_error(f"Variant {wanted} not found in endpoint {endpoint.name}. It has: {known}.")
    )


def _choose_component(endpoint: Endpoint, wanted: str | None, variant: Variant) -> Route:
    if wanted is None:
        raise Refused(refusals.component_name_missing())
    component = endpoint.components.get(wanted)
    if component is None:
        known = ", ".join(endpoint.components) or "none"
        message = f"Inference Component {wanted} not found in endpoint {endpoint.name}. It has: {known}."
        raise Refused(refusals.validation_error(message))
    if component.copies == 0:
        raise Refused(refusals.no_capacity())
    return Route(component.container, variant.name)


def _choose_model(endpoint: Endpoint, wanted: str | None, variant: Variant, request_id: str) -> Route:
    if not endpoint.models:
        raise Refused(refusals.target_model_not_supported(endpoint.name))
    if wanted is None:
        raise Refused(refusals.target_model_missing(request_id))
    container = endpoint.models.get(wanted)
    if container is None:
        known = ", ".join(endpoint.models)
        raise Refused(refusals.validation_error(f"Target model {wanted} not found. This endpoint has: {known}."))
    return Route(container, variant.name, f"/models/{wanted}/invoke")
