"""What was asked for on the command line, one frozen class a command. Values only; `cli.arguments` makes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from smrt_tui.core.profile import JsonValue
    from smrt_tui.core.service import Mode


class HelpText(Struct, frozen=True):
    """A text to print on stdout: help, or the version."""

    text: str


class AppOptions(Struct, frozen=True):
    """`smrt-tui`: the screen."""

    profiles: Path | None = None
    """A folder of profiles, or one file, before all others."""
    profile: str | None = None
    """The profile to open with, by its id."""
    theme: str | None = None


class InvokeOptions(Struct, frozen=True):
    """`smrt-tui invoke`: one invocation."""

    profile: str
    profiles: Path | None = None
    payload: str | None = None
    """The payload's name; None: the first."""
    mode: Mode | None = None
    body: str | None = None
    """Text with placeholders, `@FILE` or `-` (standard input) byte for byte."""
    variables: tuple[tuple[str, JsonValue], ...] = ()
    members: tuple[tuple[str, str], ...] = ()
    """Members of the API by their API names."""
    headers: tuple[tuple[str, str], ...] = ()
    """Other headers, after the profile's."""
    endpoint_url: str | None = None
    include: bool = False
    """The response head before the body."""
    output: Path | None = None
    """The answer's bytes go to this file instead of stdout."""
    events: bool = False
    """One JSON object a line for every event, instead of the answer."""
    dry_run: bool = False
    no_wait: bool = False
    """Async: stop once the job is accepted."""


class ProbeOptions(Struct, frozen=True):
    """`smrt-tui probe`: one payload under many content types and Accepts."""

    request: InvokeOptions
    """The payload and what it is sent with, as for `invoke`."""
    content_types: tuple[str, ...] = ()
    """Empty: the profile's own and the usual ones. An empty one stands for no header."""
    accepts: tuple[str, ...] = ()
    """The same."""


class JobsOptions(Struct, frozen=True):
    """`smrt-tui jobs`: the async jobs of this and earlier sittings."""

    job: str | None = None
    """The beginning of an inference id, or an `s3://` location; None: all of them."""
    profiles: Path | None = None
    wait: bool = False
    """Look until it is over; otherwise once."""
    as_json: bool = False
    forget: str | None = None
    """A job to take off the list, named in the same way."""


class CheckOptions(Struct, frozen=True):
    """`smrt-tui check`: the problems of profiles."""

    path: Path | None = None
    """A folder or a file; None: wherever profiles are looked for."""
    profiles: Path | None = None


class ProfilesOptions(Struct, frozen=True):
    """`smrt-tui profiles`: what there is."""

    profiles: Path | None = None
    as_json: bool = False


class EndpointsOptions(Struct, frozen=True):
    """`smrt-tui endpoints`: what an account says of its endpoints."""

    name: str | None = None
    """The endpoint to describe; None: list them."""
    profiles: Path | None = None
    filter: str = ""
    """A part of the names to list."""
    region: str | None = None
    aws_profile: str | None = None
    is_local: bool = False
    """The local endpoint instead of AWS."""
    as_json: bool = False
    save: str | None = None
    """The id of the profile to write; empty: the endpoint's own name."""


class SchemaOptions(Struct, frozen=True):
    """`smrt-tui schema`: the JSON Schema of a profile."""


class ServeOptions(Struct, frozen=True):
    """`smrt-tui serve`: the local endpoint."""

    host: str = "127.0.0.1"
    port: int = 8890
    """0: any free one."""
    containers: tuple[tuple[str, str], ...] = ()
    """Endpoint names and the URLs of containers behind them."""
    allow_remote_containers: bool = False
    until_stdin_closes: bool = False
    """Leave at the end of standard input: the app's own local endpoint dies with the app."""
    forbid_missing_keys: bool = False


class ContractOptions(Struct, frozen=True):
    """`smrt-tui contract`: whether a container keeps SageMaker's contract."""

    url: str
    body: str = "{}"
    """What the container is asked: text, or `@FILE` byte for byte."""
    content_type: str = "application/json"
    allow_remote_containers: bool = False


Options: TypeAlias = (
    HelpText
    | AppOptions
    | InvokeOptions
    | ProbeOptions
    | JobsOptions
    | CheckOptions
    | ProfilesOptions
    | EndpointsOptions
    | SchemaOptions
    | ServeOptions
    | ContractOptions
)
