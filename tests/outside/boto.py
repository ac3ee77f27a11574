"""boto3's own clients, pointed at a local endpoint, and what they saw as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.local.running import CREDENTIALS, Running


def boto(server: Running, service: str = "sagemaker-runtime", *, attempts: int = 1, read_timeout: float = 20) -> Any:
    """A client that finds nothing in the environment."""
    return boto3.session.Session(
        aws_access_key_id=CREDENTIALS.access_key,
        aws_secret_access_key=CREDENTIALS.secret_key,
        region_name="us-east-1",
    ).client(
        service,
        endpoint_url=server.url,
        config=Config(retries={"total_max_attempts": attempts, "mode": "standard"}, read_timeout=read_timeout),
    )


@dataclass(frozen=True)
class Seen:
    """What a client made of one invocation."""

    error: str = ""
    """The class of what was raised, and AWS's code where it says more."""
    parts: tuple[bytes, ...] = ()
    """What arrived before."""


def stream(client: Any, attributes: str = "", endpoint: str = "echo", **members: Any) -> Seen:
    """One streamed invocation, to its end or to what it raised."""
    parts: list[bytes] = []
    if attributes:
        members["CustomAttributes"] = attributes
    try:
        response = client.invoke_endpoint_with_response_stream(EndpointName=endpoint, Body=b"{}", **members)
        try:
            parts.extend(event["PayloadPart"]["Bytes"] for event in response["Body"] if "PayloadPart" in event)
        finally:
            response["Body"].close()
    except Exception as error:  # the question is what botocore lets through
        return Seen(named(error), tuple(parts))
    return Seen(parts=tuple(parts))


def sync(client: Any, attributes: str = "", endpoint: str = "echo", **members: Any) -> Seen:
    """One sync invocation."""
    if attributes:
        members["CustomAttributes"] = attributes
    try:
        response = client.invoke_endpoint(EndpointName=endpoint, Body=b"{}", **members)
        with response["Body"] as body:
            return Seen(parts=(body.read(),))
    except Exception as error:  # the question is what botocore lets through
        return Seen(named(error))


def named(error: Exception) -> str:
    """`ModelError`, or `ClientError (ThrottlingException)` where the class is a general one."""
    name = type(error).__name__
    if not isinstance(error, ClientError):
        return name
    code = error.response["Error"]["Code"] or "no code"
    return name if name == code else f"{name} ({code})"
