"""What an account says of its endpoints, as values. Read by `client.account`; nothing is asked here.

A container's environment variables are left out on purpose: people keep tokens there.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class EndpointSummary(Struct, frozen=True):
    """One endpoint as a list shows it."""

    name: str
    arn: str
    status: str
    """As SageMaker calls it: InService, Creating, Updating, Failed …"""
    created: datetime | None
    modified: datetime | None

    @property
    def is_in_service(self) -> bool:
        """Whether it takes invocations."""
        return self.status in ("InService", "Updating", "SystemUpdating", "RollingBack", "UpdateRollbackFailed")


class EndpointListing(Struct, frozen=True):
    """The endpoints of one region, the one changed last first."""

    region: str
    endpoints: tuple[EndpointSummary, ...]
    is_whole: bool = True
    """False: there are more than were asked for; a part of a name narrows it down."""


class Serverless(Struct, frozen=True):
    """A variant without instances of its own."""

    memory_mb: int | None


class ContainerSummary(Struct, frozen=True):
    """One container of a model."""

    image: str
    """As named when the model was made; empty when it was not told."""
    hostname: str = ""
    """What TargetContainerHostname calls it, where containers are invoked directly."""
    is_multi_model: bool = False
    """Whether TargetModel chooses an archive below `model_data`."""
    model_data: str = ""
    """The S3 place of the model, or the prefix of all models."""


class VariantSummary(Struct, frozen=True):
    """One production variant."""

    name: str
    weight: float | None = None
    instances: int | None = None
    """0: scaled to zero. None: not told, as for a serverless one."""
    instance_type: str = ""
    routing: str = ""
    """LEAST_OUTSTANDING_REQUESTS, RANDOM, PREFIX_AWARE …; empty when not told."""
    serverless: Serverless | None = None
    images: tuple[str, ...] = ()
    model: str = ""
    """The SageMaker model behind it; empty where inference components take its place."""
    containers: tuple[ContainerSummary, ...] = ()
    is_direct: bool = False
    """Whether its containers are invoked one by one, by their host names."""


class ComponentSummary(Struct, frozen=True):
    """One inference component."""

    name: str
    variant: str
    status: str
    copies: int | None = None
    """0: scaled to zero. None: not asked."""
    image: str = ""
    base: str = ""
    """The component that this one is an adapter of; empty for none."""


class AsyncOutput(Struct, frozen=True):
    """Where an async endpoint puts answers."""

    output: str
    failure: str = ""


class EndpointDescription(Struct, frozen=True):
    """One endpoint with all that a profile for it needs."""

    name: str
    arn: str
    region: str
    status: str
    created: datetime | None = None
    modified: datetime | None = None
    failure: str = ""
    """Why it failed, in SageMaker's words."""
    config: str = ""
    """The name of its endpoint configuration."""
    variants: tuple[VariantSummary, ...] = ()
    shadows: tuple[str, ...] = ()
    """Names of shadow variants, which get copies of requests and answer nobody."""
    components: tuple[ComponentSummary, ...] = ()
    async_output: AsyncOutput | None = None
    """Set for an endpoint that takes only async invocations."""
    has_explainer: bool = False
    captures_data: bool = False
    """Whether requests and answers are copied to S3."""
    unread: tuple[str, ...] = ()
    """What could not be read beside, each with its reason in a sentence."""

    @property
    def is_async(self) -> bool:
        """Whether it takes only async invocations."""
        return self.async_output is not None

    @property
    def is_serverless(self) -> bool:
        """Whether any variant is."""
        return any(variant.serverless is not None for variant in self.variants)

    @property
    def containers(self) -> tuple[ContainerSummary, ...]:
        """Every container of every variant."""
        return tuple(container for variant in self.variants for container in variant.containers)

    @property
    def images(self) -> tuple[str, ...]:
        """Every image that is named anywhere, once, in the order of first appearance."""
        named = [
            *(image for variant in self.variants for image in variant.images),
            *(container.image for container in self.containers),
            *(component.image for component in self.components),
        ]
        return tuple(dict.fromkeys(image for image in named if image))
