"""What aiobotocore makes of each case on stdin, as JSON on stdout. Run with the Python that has it."""

import asyncio
import base64
import json
import sys
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import ClientError


async def main() -> None:
    """All cases, one after the other."""
    cases = json.load(sys.stdin)
    print(json.dumps([await seen(case) for case in cases]))


async def seen(case: dict[str, Any]) -> dict[str, Any]:
    """The parts that came, and what was raised."""
    parts: list[bytes] = []
    config = AioConfig(retries={"total_max_attempts": 1}, read_timeout=case.get("deadline", 20))
    async with get_session().create_client("sagemaker-runtime", config=config) as client:
        members = {"EndpointName": case["endpoint"], "Body": b"{}", "CustomAttributes": case["attributes"]}
        try:
            await {"sync": sync, "stream": stream, "async": queued}[case["mode"]](client, members, parts)
            error = ""
        except Exception as raised:  # the question is what it lets through
            error = named(raised)
    return {"error": error, "parts": [base64.b64encode(part).decode() for part in parts]}


async def sync(client: Any, members: dict[str, Any], parts: list[bytes]) -> None:
    """Read a whole answer."""
    response = await client.invoke_endpoint(**members)
    parts.append(await response["Body"].read())


async def stream(client: Any, members: dict[str, Any], parts: list[bytes]) -> None:
    """Read a stream to its end."""
    response = await client.invoke_endpoint_with_response_stream(**members)
    async for event in response["Body"]:
        if "PayloadPart" in event:
            parts.append(event["PayloadPart"]["Bytes"])


async def queued(client: Any, members: dict[str, Any], parts: list[bytes]) -> None:
    """Queue a job, and tell where its output will be."""
    response = await client.invoke_endpoint_async(**members)
    parts.append(response["OutputLocation"].encode())


def named(error: Exception) -> str:
    """`ModelError`, or `ClientError (ThrottlingException)` where the class is a general one."""
    name = type(error).__name__
    if not isinstance(error, ClientError):
        return name
    code = error.response["Error"]["Code"] or "no code"
    return name if name == code else f"{name} ({code})"


asyncio.run(main())
