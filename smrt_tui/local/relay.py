"""Between the door and a container: which headers pass in each direction, and how an answer or its lack is read.

SageMaker strips every header that is no member of the API, translates the ones it keeps, and adds one; the names are
in `core.forwarding`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from smrt_tui.core.forwarding import PASSED, TRANSLATED, added_by_sagemaker
from smrt_tui.core.service import Operation
from smrt_tui.local.admission import Invocation
from smrt_tui.local.container import Burst, Container, ContainerRequest, ContainerResponse
from smrt_tui.local.refusals import ModelTrouble, gave_no_answer, timed_out
from smrt_tui.local.wire import RawRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from smrt_tui.core.request import Headers

Log: TypeAlias = Callable[[str], None]

CONTAINER = "primary"
"""What the service calls the only container of a model in its messages."""

_OF_THE_HOP = frozenset(
    {"content-length", "transfer-encoding", "connection", "keep-alive", "date", "server", "trailer"}
)
"""Headers of a container's HTTP exchange itself, which nobody expects to travel further."""

_OF_THE_CLIENT = frozenset(
    {"host", "content-length", "authorization", "user-agent", "accept-encoding", "connection", "expect"}
)
"""Headers that every HTTP client and every signer sends."""

MAX_ANSWER = 64 * 1024 * 1024
"""A guard of ours, above every limit of the service's: an endless answer to a sync invocation ends here."""


class AnswerTooLarge(Exception):
    """The container sent more than any client would be given."""


def to_container(invocation: Invocation, fallback_content_type: str | None = None) -> Headers:
    """The headers a container sees. Without a content type it sees none: what the service does then is not known."""
    operation, members = invocation.operation, dict(invocation.members)
    if fallback_content_type is not None:
        members.setdefault("ContentType", fallback_content_type)
    translated = tuple((header, members[name]) for name, header in TRANSLATED.items() if name in members)
    passed = tuple(
        (member.header, members[member.name])
        for member in operation.header_members
        if member.name in PASSED and member.name in members and member.header is not None
    )
    return (*translated, *passed, *added_by_sagemaker(operation))


def to_client(response: ContainerResponse, invocation: Invocation) -> tuple[Headers, Headers]:
    """The headers of a container that reach the client, under the operation's names, and the ones that are dropped."""
    names = _client_names(invocation)
    kept = []
    dropped = []
    for name, value in response.headers:
        client_name = names.get(name.lower())
        if client_name is not None:
            kept.append((client_name, value))
        elif name.lower() not in _OF_THE_HOP:
            dropped.append((name, value))
    return tuple(kept), tuple(dropped)


def stripped(request: RawRequest, operation: Operation) -> tuple[str, ...]:
    """Names of the request's headers that somebody may have meant for the container and that never get there."""
    names = (name.decode("latin-1") for name, value in request.headers if value != b"*/*")
    return tuple(
        name
        for name in names
        if operation.input_by_header(name) is None
        and name.lower() not in _OF_THE_CLIENT
        and not name.lower().startswith(("x-amz-", "amz-sdk-"))
    )


def _client_names(invocation: Invocation) -> dict[str, str]:
    """Container header in small letters -> what the operation calls it, for those outputs that the operation has."""
    outputs = {member.name: member.header for member in invocation.operation.outputs if member.header is not None}
    sources = {
        "content-type": "ContentType",
        "x-amzn-sagemaker-custom-attributes": "CustomAttributes",
        "x-amzn-sagemaker-session-id": "NewSessionId",  # what djl-serving sends
        "x-amzn-sagemaker-new-session-id": "NewSessionId",  # what AWS's model-hosting-container-standards send
        "x-amzn-sagemaker-closed-session-id": "ClosedSessionId",
    }
    return {source: outputs[name] for source, name in sources.items() if name in outputs}


async def ask(
    container: Container, request: ContainerRequest, endpoint: str, timeout_s: float, log: Log
) -> ContainerResponse | ModelTrouble:
    """The container's response head, or what is wrong: a status of 400 and more, too long a silence, no answer."""
    try:
        async with asyncio.timeout(timeout_s):
            response = await container.invoke(request)
            if response.status >= 400:
                return ModelTrouble(response.status, (await whole(response)).decode("utf-8", "replace"))
    except TimeoutError:
        return timed_out(CONTAINER)
    except Exception as error:  # a container is somebody's own program: whatever it raises, it gave no answer
        log(broke(container, error))
        return gave_no_answer(endpoint)
    return response


async def whole_answer(
    container: Container, request: ContainerRequest, endpoint: str, timeout_s: float, log: Log
) -> tuple[ContainerResponse, bytes] | ModelTrouble:
    """The container's response with its whole body, within the time for both."""
    try:
        async with asyncio.timeout(timeout_s):
            response = await ask(container, request, endpoint, timeout_s, log)
            if isinstance(response, ModelTrouble):
                return response
            return response, await whole(response)
    except TimeoutError:
        return timed_out(CONTAINER)
    except Exception as error:  # it broke off in the middle of its body
        log(broke(container, error))
        return gave_no_answer(endpoint)


def broke(container: Container, error: Exception) -> str:
    """What a log says of a container that raised."""
    return f"container {container.name}: {type(error).__name__}: {error}"


async def whole(response: ContainerResponse) -> bytes:
    """The body in one piece. Raises `AnswerTooLarge`."""
    if isinstance(response.body, bytes):
        return response.body
    body = bytearray()
    async for flush in flushes(response):
        body += b"".join(flush.payloads) if isinstance(flush, Burst) else flush
        if len(body) > MAX_ANSWER:
            raise AnswerTooLarge
    return bytes(body)


async def flushes(response: ContainerResponse) -> AsyncIterator[bytes | Burst]:
    """The flushes of the container; a plain body is one. Its iterator is closed in any case."""
    if isinstance(response.body, bytes):
        yield response.body
        return
    body = response.body
    try:
        async for flush in body:
            yield flush
    finally:
        close = getattr(body, "aclose", None)  # generators have it, other iterators need not
        if close is not None:
            await close()
