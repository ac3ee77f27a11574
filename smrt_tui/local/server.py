"""The local endpoint as a process: the front door, its neighbours and the object store on one port.

Once it accepts, it prints one line on stdout that a shell can `eval`; its log goes to stderr. It ends on SIGINT,
SIGTERM or (when asked) the end of its standard input, so that it never outlives the program that started it. No request
is judged here.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TextIO

from msgspec import Struct

from smrt_tui.core.hosts import is_loopback_host
from smrt_tui.core.service import Operation, Service, packaged_service
from smrt_tui.local.admission import find_operation
from smrt_tui.local.connection import Connection, ConnectionLimits
from smrt_tui.local.container_log import ContainerLogs
from smrt_tui.local.control import TARGET, ControlDoor
from smrt_tui.local.endpoints import Endpoint
from smrt_tui.local.frontdoor import MAX_BODY, DoorLimits, FrontDoor
from smrt_tui.local.object_store import ObjectStore
from smrt_tui.local.objects import MAX_REQUEST, ObjectDoor
from smrt_tui.local.queue import JobQueue
from smrt_tui.local.refusals import REGION, service_error, unknown_operation
from smrt_tui.local.sigv4 import Credentials, made_up_credentials
from smrt_tui.local.starters import starter_endpoints
from smrt_tui.local.wire import RawRequest, Wire

ENDPOINTS = b"/endpoints/"
"""What every path of the service begins with; a bucket cannot have this name here."""


class ServeOptions(Struct, frozen=True):
    """What `smrt-tui serve` was asked for."""

    host: str = "127.0.0.1"
    port: int = 0
    """0: any free one."""
    containers: tuple[tuple[str, str], ...] = ()
    """Endpoint name and URL of containers of the user's own."""
    until_stdin_closes: bool = False
    allow_remote_upstreams: bool = False
    forbid_missing_keys: bool = False
    """The object store answers 403 for a missing key, as without s3:ListBucket."""
    credentials: Credentials | None = None
    """None: a pair made up for this run."""


class Log(Struct, frozen=True):
    """One line an event, to a text stream. Whatever a client sent is shown without control characters."""

    stream: TextIO

    def __call__(self, text: str) -> None:
        """Write one line with the time of day."""
        visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
        with contextlib.suppress(OSError, ValueError):  # whoever read the log may be gone; requests go on
            print(f"{datetime.now():%H:%M:%S} {visible}", file=self.stream, flush=True)


class LocalEndpoint(Struct, frozen=True):
    """Everything behind the port: give it a request and a wire."""

    service: Service
    door: FrontDoor
    objects: ObjectDoor
    control: ControlDoor
    log: Callable[[str], None]

    async def __call__(self, request: RawRequest, wire: Wire) -> None:
        """Answer one request, and log it. Never raises but for a client that is gone."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        found = find_operation(self.service, request.path)
        what = _what(request, found)
        try:
            if found is not None:
                await self.door.answer(*found, request, wire)
            elif _is_for_control(request):
                await wire.answer(self.control.answer(request))
            elif request.path.startswith(ENDPOINTS):
                await wire.answer(unknown_operation([operation.path for operation in self.service.operations]))
            else:
                await wire.answer(self.objects.answer(request))
            ending = str(wire.status or "hung up")
        except asyncio.CancelledError:
            ending = f"{wire.status or 'no answer'}, the client left"
            raise
        except ConnectionError:
            ending = f"{wire.status or 'no answer'}, the client left"
        except Exception as error:
            ending = f"500, {type(error).__name__}: {error}"
            await _answer_failure(wire)
        finally:
            self.log(f"{what} {ending} {(loop.time() - begun) * 1000:.0f} ms")


def _is_for_control(request: RawRequest) -> bool:
    """Whether it is JSON 1.1, whose operation is in a header; no request to the object store has that."""
    return request.path == b"/" and request.header(TARGET) is not None


def _what(request: RawRequest, found: tuple[Operation, str] | None) -> str:
    """The request in a few words, for the log."""
    if found is not None:
        return f"{found[0].name} {found[1]}"
    if _is_for_control(request):
        return request.header(TARGET) or ""
    return f"{request.method} {request.path.decode('latin-1')}"


async def _answer_failure(wire: Wire) -> None:
    """A fault of our own: answer it where that is still possible."""
    if wire.status == 0:
        await wire.answer(service_error("InternalFailure", 500, "The local endpoint failed; its log says how."))
    else:
        await wire.hang_up("reset")


def local_endpoint(
    endpoints: Mapping[str, Endpoint],
    credentials: Credentials,
    log: Callable[[str], None],
    *,
    forbid_missing_keys: bool = False,
    limits: DoorLimits | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[LocalEndpoint, JobQueue]:
    """The application and the queue it feeds, which is to be closed at the end."""
    store = ObjectStore()
    queue = JobQueue(store, now, log)
    container_logs = ContainerLogs(endpoints, now)
    door = FrontDoor(endpoints, credentials, queue, now, log, limits or DoorLimits(), container_logs)
    objects = ObjectDoor(store, credentials, now, forbids_missing=forbid_missing_keys)
    control = ControlDoor(endpoints, credentials, container_logs, now)
    return LocalEndpoint(packaged_service(), door, objects, control, log), queue


async def serve(
    listener: socket.socket, application: LocalEndpoint, stop: asyncio.Event, limits: ConnectionLimits | None = None
) -> None:
    """Accept connections until `stop` is set, then end the open ones."""
    tasks: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # asyncio runs this callback in a task of its own
        tasks.add(task)
        try:
            await Connection(reader, writer, _body_limit, limits or ConnectionLimits()).serve(application)
        except asyncio.CancelledError:
            writer.transport.abort()  # the server stops
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(converse, sock=listener, backlog=512)
    await stop.wait()
    server.close()
    for task in list(tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _body_limit(path: bytes) -> int:
    return MAX_BODY if path.startswith(ENDPOINTS) else MAX_REQUEST


def announcement(host: str, port: int, credentials: Credentials) -> str:
    """The line for a shell: with these variables every AWS SDK talks to this server."""
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    variables = {
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": url,
        "AWS_ENDPOINT_URL_S3": url,
        "AWS_ENDPOINT_URL_SAGEMAKER": url,
        "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,  # what botocore and the AWS CLI read
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_SESSION_TOKEN": credentials.session_token or "",  # empty: another session's token does not belong here
    }
    return "export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())


def main(options: ServeOptions) -> int:
    """Serve until told to stop. Returns the exit code: 0, or 2 when the address or a container is not usable."""
    log = Log(sys.stderr)
    try:
        endpoints = starter_endpoints(options.containers, allow_remote=options.allow_remote_upstreams)
        listener = _listen(options.host, options.port)
    except (OSError, ValueError) as error:
        print(f"smrt-tui serve: {error}", file=sys.stderr)
        return 2
    if not is_loopback_host(options.host):
        log(f"warning: {options.host} can be reached from other machines; anyone with the key pair can invoke")
    asyncio.run(_run(options, endpoints, listener, log))
    return 0


async def _run(options: ServeOptions, endpoints: Mapping[str, Endpoint], listener: socket.socket, log: Log) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.set_exception_handler(lambda _, context: log(f"trouble: {context.get('exception') or context['message']}"))
    if options.until_stdin_closes:
        _watch_stdin(loop, stop)
    credentials = options.credentials or made_up_credentials()
    application, queue = local_endpoint(endpoints, credentials, log, forbid_missing_keys=options.forbid_missing_keys)
    print(announcement(options.host, listener.getsockname()[1], credentials), flush=True)
    training = asyncio.create_task(_train(endpoints))
    try:
        await serve(listener, application, stop)
    finally:
        training.cancel()
        await queue.close()


async def _train(endpoints: Mapping[str, Endpoint]) -> None:
    """Have the models ready before they are asked for: a container trains at its first ping, in a thread."""
    for name in ("chat", "tabular"):
        for variant in endpoints[name].variants:
            await variant.container.ping()


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises `OSError` with the address in its message."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Inherited by every connection. asyncio sets it only where the protocol number was given; without it the first
        # chunk on a kept connection waits 40 ms for an acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise OSError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return listener


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Set `stop` at the end of standard input: when the program that started this one is gone, however it went."""

    def wait() -> None:
        with contextlib.suppress(OSError):  # there may be none to begin with
            while os.read(0, 4096):
                pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, name="stdin", daemon=True).start()
