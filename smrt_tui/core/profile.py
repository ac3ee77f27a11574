"""The profile: what a person saved about an endpoint. The values here are the file format.

A field's type and limits are the rule by which `core.profile_check` judges a file and `core.profile_schema` describes
one, and the string under it is its help. No file is read here. Secrets have no key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from smrt_tui.core.service import Mode

if TYPE_CHECKING:
    JsonValue: TypeAlias = bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"] | None
else:  # what checks values at run time follows no alias into itself
    JsonValue = Any


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping of a profile file: these keys and no others."""


class CredentialsSpec(Section, frozen=True):
    """Where credentials come from: exactly one of the ways."""

    profile: str | None = None
    """An AWS profile name of ~/.aws/config (static keys, SSO, roles, processes …)."""
    role_arn: str | None = None
    """A role to assume with the credentials of botocore's default chain."""
    env: Annotated[bool, Meta(extra_json_schema={"const": True})] | None = None
    """Only AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the environment."""
    anonymous: Annotated[bool, Meta(extra_json_schema={"const": True})] | None = None
    """Send the request unsigned."""

    def __post_init__(self) -> None:
        if len(self.given) != 1 or False in self.given.values():
            raise ValueError("name exactly one of profile, role_arn, env, anonymous")

    @property
    def given(self) -> dict[str, str | bool]:
        """The way that is named, as it is written: one key and its value."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not None}


class ClientOptions(Section, frozen=True):
    """Every client knob that the AWS SDKs have for this service."""

    connect_timeout: Annotated[float, Meta(gt=0, le=600)] = 5
    """Seconds to resolve and connect."""
    read_timeout: Annotated[float, Meta(gt=0, le=3600)] | None = None
    """Seconds between two reads; unset: 70 for sync and async, 480 for stream."""
    total_timeout: Annotated[float, Meta(gt=0, le=86400)] | None = None
    """Seconds for the whole call, unset: no limit."""
    max_attempts: Annotated[int, Meta(ge=1, le=10)] = 1
    """Attempts in all; 1 means no retry. Retries are visible."""
    retry_mode: Literal["standard", "legacy", "adaptive"] = "standard"
    """Which faults are retried, as botocore's modes do."""
    retry_model_not_ready: bool = False
    """Also retry ModelNotReadyException (429), which botocore's standard mode does not."""
    retry_base_delay: Annotated[float, Meta(gt=0, le=60)] = 1.0
    """Seconds; the back-off before retry n is random, up to base * 2^n."""
    param_validation: Literal["warn", "block", "off"] = "warn"
    """What a draft that breaks the service's rules does: warn, block the send, or go out on purpose."""
    proxy: str | None = None
    """`http://host:port`; unset: HTTPS_PROXY and NO_PROXY of the environment."""
    verify: bool = True
    """Check the TLS certificate."""
    ca_bundle: str | None = None
    """A PEM file of certificate authorities; unset: AWS_CA_BUNDLE, then the system's."""
    clock_offset: float = 0
    """Seconds added to the clock when signing."""
    correct_clock_skew: bool = False
    """Sign again once with the server's Date when the clock is refused."""
    use_fips: bool = False
    """The region's FIPS endpoint."""
    use_dualstack: bool = False
    """The region's dual-stack endpoint."""
    signature: Literal["v4"] = "v4"
    """The signature version; the service takes no other. `credentials: {anonymous: true}` sends none."""
    user_agent_extra: str | None = None
    """Added to the User-Agent header."""
    api_version: Literal["2017-05-13"] = "2017-05-13"
    """The one version of this API."""
    allow_plain_http: bool = False
    """Send to an `http://` address off this machine; refused otherwise."""


class StreamOptions(Section, frozen=True):
    """How a streamed answer becomes text. Paths are JMESPath on each decoded event (see the stream reference)."""

    decoder: Literal["auto", "sse", "jsonlines", "json", "text", "binary"] = "auto"
    """How bytes become events."""
    preset: str | None = None
    """A bundle of paths by name; each path below overrides it."""
    text: str | None = None
    """The text that an event adds."""
    reasoning: str | None = None
    """The reasoning that an event adds."""
    tool: str | None = None
    """The tool-call fragments that an event adds."""
    final: str | None = None
    """The whole text repeated at the end; compared, never appended."""
    finish: str | None = None
    """Why the model stopped."""
    error: str | None = None
    """An error inside the stream."""
    usage_in: str | None = None
    """Prompt tokens as the server counts them."""
    usage_out: str | None = None
    """Completion tokens as the server counts them."""
    skip_when: str | None = None
    """A boolean; events for which it is true add no text."""
    done: str | None = None
    """The event that ends a stream, as raw text."""


class AsyncOptions(Section, frozen=True):
    """How an async invocation is placed and followed."""

    input: Annotated[str, Meta(pattern=r"^(inline|s3://[^/]+(/.*)?)$")] = "inline"
    """`inline` sends the payload in the request (up to 128,000 bytes); `s3://bucket/prefix/` uploads it there."""
    poll: Annotated[float, Meta(gt=0, le=3600)] = 2
    """Seconds between two looks at the output location."""
    give_up: Annotated[float, Meta(gt=0, le=86400)] = 900
    """Seconds after which looking stops (the job goes on)."""


class Payload(Section, frozen=True):
    """One saved body, with whatever it needs beside the profile."""

    name: Annotated[str, Meta(min_length=1)]
    """What it is called in the payload list and by `--payload`."""
    description: str = ""
    """One line for people."""
    mode: Mode | None = None
    """The mode of this payload, when it is not the profile's."""
    request: dict[str, str] = {}
    """Members of the API for this payload, over the profile's."""
    headers: dict[str, list[str]] = {}
    """Other headers for this payload, after the profile's."""
    variables: dict[str, JsonValue] = {}
    """Variables for this payload, over the profile's."""
    body: str | None = None
    """The body as text, with placeholders."""
    body_file: str | None = None
    """A file sent byte for byte, relative to this profile's folder."""

    def __post_init__(self) -> None:
        if self.body is not None and self.body_file is not None:
            raise ValueError("body and body_file exclude each other")

    @property
    def header_pairs(self) -> tuple[tuple[str, str], ...]:
        """The headers as pairs, a list of values as repeated headers."""
        return _pairs(self.headers)


class Profile(Section, frozen=True, kw_only=True, rename={"async_": "async"}):
    """One saved endpoint and what is sent to it."""

    title: str = ""
    """The name a person reads."""
    description: str = ""
    """A line or two for people."""
    endpoint: Annotated[str, Meta(min_length=1)]
    """The SageMaker endpoint's name."""
    region: str | None = None
    """Such as us-east-1; unset: AWS_REGION, then the AWS profile's."""
    mode: Mode = "sync"
    """What sending does: sync, async or stream."""
    request: dict[str, str] = {}
    """Members of the API by their API names, for every call."""
    headers: dict[str, list[str]] = {}
    """Any other header, sent as typed; a list of values repeats the header."""
    credentials: CredentialsSpec | None = None
    """Unset: botocore's default chain."""
    endpoint_url: Annotated[str, Meta(pattern=r"^https?://\S+$")] | None = None
    """Only to leave AWS."""
    s3_endpoint_url: Annotated[str, Meta(pattern=r"^https?://\S+$")] | None = None
    """Where an async payload and output live, only to leave AWS."""
    client: ClientOptions = ClientOptions()
    """Time-outs, retries, proxy, TLS and the rest."""
    stream: StreamOptions = StreamOptions()
    """How the answer becomes text."""
    async_: AsyncOptions = AsyncOptions()
    """How an async invocation is placed and followed."""
    variables: dict[str, JsonValue] = {}
    """What `{{name}}` stands for in bodies and values."""
    payloads: tuple[Payload, ...] = ()
    """The saved bodies; the first is chosen at the start."""

    @property
    def header_pairs(self) -> tuple[tuple[str, str], ...]:
        """The headers as pairs, a list of values as repeated headers."""
        return _pairs(self.headers)

    def payload(self, name: str) -> Payload | None:
        """The payload of that name."""
        return next((payload for payload in self.payloads if payload.name == name), None)


def _pairs(headers: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, values in headers.items() for value in values)
