"""The profile: what a person saved about an endpoint. The file format is this module.

`parse_profile` turns a parsed YAML tree into a `Profile` or into *all* its problems at once. Lines and columns belong
to `store.profiles`, which has the text; no file is read here. Secrets have no key: a literal access key is a problem.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)

from smrt_tui.core.service import Mode, packaged_service

__all__ = [
    "AsyncOptions",
    "ClientOptions",
    "CredentialsSpec",
    "JsonValue",
    "KeyPath",
    "Payload",
    "Problem",
    "Profile",
    "StreamOptions",
    "parse_profile",
]

KeyPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a profile file."""

    path: KeyPath
    """The keys that lead to it; empty for the file as a whole."""
    message: str
    """What is wrong and what is allowed, in a sentence."""
    line: int = 1
    """From 1; filled in by the store."""
    column: int = 1
    """From 1; filled in by the store."""
    file: str = ""
    is_about_key: bool = False
    """Whether the key itself is wrong, not its value: where to point."""

    @property
    def key(self) -> str:
        """The key's path as a person writes it: `payloads[0].body`."""
        return re.sub(r"\.\[", "[", ".".join(f"[{k}]" if isinstance(k, int) else k for k in self.path))

    def __str__(self) -> str:
        """`file:line:col: key: message`, as compilers write."""
        key = f"{self.key}: " if self.path else ""
        return f"{self.file}:{self.line}:{self.column}: {key}{self.message}"


def _as_text(value: object) -> object:
    """YAML's bare numbers are what people write for header values; booleans and null are not."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text: TypeAlias = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | int | float)]


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


HeaderValues: TypeAlias = Annotated[
    list[Text], BeforeValidator(_as_list, json_schema_input_type=str | int | float | list[str | int | float])
]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class CredentialsSpec(_Section):
    """Where credentials come from: exactly one of the ways."""

    profile: str | None = None
    """An AWS profile name of ~/.aws/config (static keys, SSO, roles, processes …)."""
    role_arn: str | None = None
    """A role to assume with the credentials of botocore's default chain."""
    env: Literal[True] | None = None
    """Only AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the environment."""
    anonymous: Literal[True] | None = None
    """Send the request unsigned."""

    @model_validator(mode="after")
    def _exactly_one(self) -> CredentialsSpec:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("name exactly one of profile, role_arn, env, anonymous")
        return self


class ClientOptions(_Section):
    """Every client knob that the AWS SDKs have for this service."""

    connect_timeout: float = Field(default=5, gt=0, le=600)
    """Seconds to resolve and connect."""
    read_timeout: float | None = Field(default=None, gt=0, le=3600)
    """Seconds between two reads; unset: 70 for sync and async, 480 for stream."""
    total_timeout: float | None = Field(default=None, gt=0, le=86400)
    """Seconds for the whole call, unset: no limit."""
    max_attempts: int = Field(default=1, ge=1, le=10)
    """Attempts in all; 1 means no retry. Retries are visible."""
    retry_mode: Literal["standard", "legacy", "adaptive"] = "standard"
    """Which faults are retried, as botocore's modes do."""
    retry_model_not_ready: bool = False
    """Also retry ModelNotReadyException (429), which botocore's standard mode does not."""
    retry_base_delay: float = Field(default=1.0, gt=0, le=60)
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


class StreamOptions(_Section):
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


class AsyncOptions(_Section):
    """How an async invocation is placed and followed."""

    input: str = Field(default="inline", pattern=r"^(inline|s3://[^/]+(/.*)?)$")
    """`inline` sends the payload in the request (up to 128,000 bytes); `s3://bucket/prefix/` uploads it there."""
    poll: float = Field(default=2, gt=0, le=3600)
    """Seconds between two looks at the output location."""
    give_up: float = Field(default=900, gt=0, le=86400)
    """Seconds after which looking stops (the job goes on)."""


class Payload(_Section):
    """One saved body, with whatever it needs beside the profile."""

    name: str = Field(min_length=1)
    """What it is called in the payload list and by `--payload`."""
    description: str = ""
    """One line for people."""
    mode: Mode | None = None
    """The mode of this payload, when it is not the profile's."""
    request: dict[str, Text] = Field(default_factory=dict)
    """Members of the API for this payload, over the profile's."""
    headers: dict[str, HeaderValues] = Field(default_factory=dict)
    """Other headers for this payload, after the profile's."""
    variables: dict[str, JsonValue] = Field(default_factory=dict)
    """Variables for this payload, over the profile's."""
    body: str | None = None
    """The body as text, with placeholders."""
    body_file: str | None = None
    """A file sent byte for byte, relative to this profile's folder."""

    @model_validator(mode="after")
    def _one_body(self) -> Payload:
        if self.body is not None and self.body_file is not None:
            raise ValueError("body and body_file exclude each other")
        return self

    @property
    def header_pairs(self) -> tuple[tuple[str, str], ...]:
        """The headers as pairs, a list of values as repeated headers."""
        return _pairs(self.headers)


class Profile(_Section):
    """One saved endpoint and what is sent to it."""

    title: str = ""
    """The name a person reads."""
    description: str = ""
    """A line or two for people."""
    endpoint: str = Field(min_length=1)
    """The SageMaker endpoint's name."""
    region: str | None = None
    """Such as us-east-1; unset: AWS_REGION, then the AWS profile's."""
    mode: Mode = "sync"
    """What sending does: sync, async or stream."""
    request: dict[str, Text] = Field(default_factory=dict)
    """Members of the API by their API names, for every call."""
    headers: dict[str, HeaderValues] = Field(default_factory=dict)
    """Any other header, sent as typed; a list of values repeats the header."""
    credentials: CredentialsSpec | None = None
    """Unset: botocore's default chain."""
    endpoint_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """Only to leave AWS."""
    s3_endpoint_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """Where an async payload and output live, only to leave AWS."""
    client: ClientOptions = Field(default_factory=ClientOptions)
    """Time-outs, retries, proxy, TLS and the rest."""
    stream: StreamOptions = Field(default_factory=StreamOptions)
    """How the answer becomes text."""
    async_: AsyncOptions = Field(default_factory=AsyncOptions, alias="async")
    """How an async invocation is placed and followed."""
    variables: dict[str, JsonValue] = Field(default_factory=dict)
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


def parse_profile(tree: object) -> tuple[Profile | None, tuple[Problem, ...]]:
    """The profile of a parsed YAML tree, or None and every problem found. A profile comes only without problems."""
    if not isinstance(tree, Mapping):
        return None, (Problem((), "a profile is a mapping of keys, such as `endpoint: my-endpoint`"),)
    problems = [*_unknown_members(tree), *_literal_secrets(tree)]
    try:
        profile = Profile.model_validate(tree)
    except ValidationError as invalid:
        return None, (*(_problem(error) for error in invalid.errors()), *problems)
    problems += [*_repeated_payload_names(profile), *_stream_problems(profile.stream)]
    return (None, tuple(problems)) if problems else (profile, ())


def _problem(error: Any) -> Problem:
    path: KeyPath = tuple(error["loc"])
    match error["type"]:
        case "extra_forbidden":
            return Problem(path, _unknown_key(str(path[-1]), _known_keys(path[:-1])), is_about_key=True)
        case "missing":
            return Problem(path[:-1], f"`{path[-1]}` is missing")
        case "literal_error":
            expected = str(error["ctx"]["expected"]).replace("True", "true")
            return Problem(path, f"{_shown(error['input'])} is not allowed; use {expected}")
        case "string_type":
            return Problem(path, _not_text(path, error["input"]))
        case "string_pattern_mismatch":
            return Problem(path, f"{_shown(error['input'])} is not allowed; write {_EXAMPLES[str(path[-1])]}")
        case "tuple_type" | "list_type":
            return Problem(path, f"this is a list, each item after `- ` (it is {_shown(error['input'])})")
        case "dict_type" | "model_type" | "model_attributes_type":
            return Problem(path, f"this is a mapping of keys (it is {_shown(error['input'])})")
        case "value_error":
            return Problem(path, str(error["ctx"]["error"]))
        case _:
            text = error["msg"]
            return Problem(path, f"{text[0].lower()}{text[1:]} (it is {_shown(error['input'])})")


def _shown(value: object) -> str:
    """A value as the file would say it, cut where it is long."""
    text = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:79]}…"


_EXAMPLES: Mapping[str, str] = {
    "endpoint_url": "an address such as http://127.0.0.1:8080",
    "s3_endpoint_url": "an address such as http://127.0.0.1:9000",
    "input": "`inline` or a prefix such as s3://my-bucket/input/",
}
"""What a value with a pattern looks like, by its key."""


def _not_text(path: KeyPath, value: object) -> str:
    if value is None:
        return "there is no value; write one or leave the key out"
    if path[-1:] == ("body",) and isinstance(value, Mapping | list):
        return "the body is text; write JSON as a block (`body: |` and the JSON below it)"
    if isinstance(value, Mapping | list):
        return f"this is text, not a {'mapping' if isinstance(value, Mapping) else 'list'}"
    return f'this is text; quote it: "{json.dumps(value) if isinstance(value, bool) else value}"'


def _known_keys(path: KeyPath) -> tuple[str, ...]:
    section = _SECTIONS.get(str(path[0]), Profile) if path else Profile
    return tuple(field.alias or name for name, field in section.model_fields.items())


_SECTIONS: Mapping[str, type[BaseModel]] = {
    "credentials": CredentialsSpec,
    "client": ClientOptions,
    "stream": StreamOptions,
    "async": AsyncOptions,
    "payloads": Payload,
}


def _unknown_key(key: str, known: Iterable[str]) -> str:
    allowed = list(known)
    near = difflib.get_close_matches(key, allowed, n=1, cutoff=0.5)
    if near:
        return f"unknown key; did you mean `{near[0]}`?"
    return f"unknown key; allowed are {', '.join(allowed)}"


def _request_sections(tree: Mapping[Any, Any]) -> Iterable[tuple[KeyPath, Mapping[Any, Any]]]:
    if isinstance(tree.get("request"), Mapping):
        yield ("request",), tree["request"]
    payloads = tree.get("payloads")
    for index, payload in enumerate(payloads if isinstance(payloads, list) else []):
        if isinstance(payload, Mapping) and isinstance(payload.get("request"), Mapping):
            yield ("payloads", index, "request"), payload["request"]


@lru_cache(maxsize=1)
def _request_keys() -> tuple[str, ...]:
    return tuple(name for name in packaged_service().input_names if name not in ("EndpointName", "Body"))


def _unknown_members(tree: Mapping[Any, Any]) -> Iterable[Problem]:
    allowed = _request_keys()
    for path, section in _request_sections(tree):
        for name in section:
            if name == "EndpointName":
                yield Problem((*path, name), "the endpoint has its own key: `endpoint:`", is_about_key=True)
            elif name == "Body":
                yield Problem((*path, name), "the body has its own key: `body:` of a payload", is_about_key=True)
            elif name not in allowed:
                yield Problem((*path, str(name)), _unknown_key(str(name), allowed), is_about_key=True)


_ACCESS_KEY_ID = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b")


def _literal_secrets(tree: object) -> Iterable[Problem]:
    return _placed_secrets(tree, ()) if _holds_secret(tree) else ()


def _holds_secret(tree: object) -> bool:
    """Whether there is anything to look for; quick, since there hardly ever is."""
    values = [tree]
    while values:
        value = values.pop()
        if isinstance(value, str):
            if _ACCESS_KEY_ID.search(value):
                return True
        elif isinstance(value, dict):
            values += value.values()
        elif isinstance(value, list):
            values += value
    return False


def _placed_secrets(tree: object, path: KeyPath) -> Iterable[Problem]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _placed_secrets(value, (*path, str(key)))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _placed_secrets(value, (*path, index))
    elif isinstance(tree, str) and _ACCESS_KEY_ID.search(tree):
        yield Problem(path, "an AWS access key is no part of a profile; name an AWS profile under `credentials:`")


def _stream_problems(stream: StreamOptions) -> Iterable[Problem]:
    if not stream.model_fields_set - {"decoder"}:
        return
    from smrt_tui.core.decode.options import validate_stream_options  # most profiles need no path compiled

    for key, message in validate_stream_options(stream):
        yield Problem(("stream", key), message)


def _repeated_payload_names(profile: Profile) -> Iterable[Problem]:
    seen: set[str] = set()
    for index, payload in enumerate(profile.payloads):
        if payload.name in seen:
            yield Problem(("payloads", index, "name"), f"a payload named {payload.name!r} stands above already")
        seen.add(payload.name)
