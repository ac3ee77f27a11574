"""argv to the app, a headless command or the local endpoint. The only module that knows a client and a local endpoint.

Every import of a room is inside the function that needs it, so that `--version` loads almost nothing and `serve` loads
neither the screen nor the client.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from smrt_tui.cli.options import (
        AppOptions,
        ContractOptions,
        EndpointsOptions,
        InvokeOptions,
        JobsOptions,
        Options,
        ProbeOptions,
        ServeOptions,
    )
    from smrt_tui.core.directive import Directive
    from smrt_tui.environment import Environment
    from smrt_tui.workbench import Workbench


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; the exit code. Ctrl-C anywhere is 130, without a traceback."""
    arguments = tuple(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _leave_a_closed_pipe()


def _run(arguments: tuple[str, ...]) -> int:
    from smrt_tui.cli.arguments import parse
    from smrt_tui.cli.options import HelpText
    from smrt_tui.core.errors import SmrtError

    try:
        options = parse(arguments)
        if isinstance(options, HelpText):
            sys.stdout.write(options.text)
            return 0
        return _dispatch(options, arguments)
    except SmrtError as error:
        from smrt_tui.cli.diagnostics import Narrator
        from smrt_tui.environment import real_environment

        return Narrator(real_environment(arguments)).refuse(error)


def _dispatch(options: Options, arguments: tuple[str, ...]) -> int:
    from smrt_tui.cli import options as ask
    from smrt_tui.environment import real_environment

    environment = real_environment(arguments)
    match options:
        case ask.AppOptions():
            return _open_app(options, environment)
        case ask.InvokeOptions():
            return _invoke(options, environment)
        case ask.ProbeOptions():
            return _probe(options, environment)
        case ask.JobsOptions():
            return _jobs(options, environment)
        case ask.ServeOptions():
            return _serve(options)
        case ask.ContractOptions():
            return _check_contract(options, environment)
        case ask.CheckOptions():
            from smrt_tui.cli.check import run_check

            return run_check(options, environment)
        case ask.ProfilesOptions():
            from smrt_tui.cli.profiles import run_profiles

            return run_profiles(options, environment)
        case ask.EndpointsOptions():
            return _endpoints(options, environment)
        case ask.SchemaOptions():
            from smrt_tui.cli.schema import run_schema

            return run_schema(environment)
        case ask.HelpText(text):
            sys.stdout.write(text)
            return 0


def _workbench(environment: Environment, profiles: Path | None) -> Workbench:
    from smrt_tui.workbench import Workbench

    return Workbench(environment, profiles, load_directives=_directives)


def _directives() -> Sequence[Directive]:
    from smrt_tui.local.directives import directive_table

    return directive_table()


def _invoke(options: InvokeOptions, environment: Environment) -> int:
    import asyncio

    from smrt_tui.cli.invoke import run_invoke

    async def run() -> int:
        workbench = _workbench(environment, options.profiles)
        try:
            return await run_invoke(options, environment, workbench)
        finally:
            await workbench.close()

    return asyncio.run(run())


def _probe(options: ProbeOptions, environment: Environment) -> int:
    import asyncio

    from smrt_tui.cli.probe import run_probe

    async def run() -> int:
        workbench = _workbench(environment, options.request.profiles)
        try:
            return await run_probe(options, environment, workbench)
        finally:
            await workbench.close()

    return asyncio.run(run())


def _jobs(options: JobsOptions, environment: Environment) -> int:
    import asyncio

    from smrt_tui.cli.jobs import run_jobs

    async def run() -> int:
        workbench = _workbench(environment, options.profiles)
        try:
            return await run_jobs(options, environment, workbench)
        finally:
            await workbench.close()

    return asyncio.run(run())


def _endpoints(options: EndpointsOptions, environment: Environment) -> int:
    import asyncio

    from smrt_tui.cli.endpoints import run_endpoints

    async def run() -> int:
        workbench = _workbench(environment, options.profiles)
        try:
            return await run_endpoints(options, environment, workbench)
        finally:
            await workbench.close()

    return asyncio.run(run())


def _open_app(options: AppOptions, environment: Environment) -> int:
    if not (environment.stdin.isatty() and environment.stderr.isatty()):  # where Textual reads keys, and draws
        from smrt_tui.cli.diagnostics import ExitCode, Refusal

        hint = "`smrt-tui invoke PROFILE` sends a request without one"
        raise Refusal(ExitCode.USAGE, "the app needs a terminal: stdin or stderr is none", hint)
    import gc
    import os

    from smrt_tui.ui.raster import set_raster

    set_raster(os.environ)
    # The collector would run over Textual's growing objects again and again while it is imported, and later over all
    # of them at once in the middle of a stream: off until the first paint, then what is there counts as permanent.
    gc.disable()

    from smrt_tui.ui.app import SmrtApp

    def settle() -> None:
        gc.freeze()
        gc.enable()

    from smrt_tui.store.settings import read_keymap, read_theme

    keys = read_keymap(environment.config_folder)
    app = SmrtApp(
        _workbench(environment, options.profiles),
        first_profile=options.profile,
        theme=options.theme or read_theme(environment.state_folder),
        keymap=keys.keymap,
        keymap_places=keys.places,
        complaints=keys.complaints,
        environ=environment.environ,
        after_first_paint=settle,
    )
    app.run()
    return app.return_code or 0


def _serve(options: ServeOptions) -> int:
    from smrt_tui.local import server

    return server.main(
        server.ServeOptions(
            host=options.host,
            port=options.port,
            containers=options.containers,
            until_stdin_closes=options.until_stdin_closes,
            allow_remote_upstreams=options.allow_remote_containers,
            forbid_missing_keys=options.forbid_missing_keys,
        )
    )


def _check_contract(options: ContractOptions, environment: Environment) -> int:
    import asyncio

    from smrt_tui.local.contract import Probe, check_contract

    probe = Probe(_contract_body(options.body, environment), options.content_type)
    report = asyncio.run(check_contract(options.url, probe, allow_remote=options.allow_remote_containers))
    environment.stdout.write(report.text().encode())
    return 0 if report.is_kept else 4


def _contract_body(text: str, environment: Environment) -> bytes:
    from smrt_tui.core.errors import SmrtError

    if not text.startswith("@"):
        return text.encode("utf-8", "surrogateescape")  # what the shell gave, byte for byte
    try:
        return (environment.working_folder / text[1:]).read_bytes()
    except OSError as error:
        raise SmrtError(f"{text[1:]} cannot be read: {error.strerror or error}", "name a file after @") from error


def _leave_a_closed_pipe() -> int:
    """The reader of stdout is gone (`| head`): say nothing, and let the interpreter close a stream that still works."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
