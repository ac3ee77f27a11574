"""The command line: argv to one of the options classes. Imports nothing heavy, so that `--help` is at once there."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from smrt_tui import __version__
from smrt_tui.cli.argument_values import container, port, url
from smrt_tui.cli.diagnostics import ExitCode, Refusal
from smrt_tui.cli.options import (
    AppOptions,
    CheckOptions,
    ContractOptions,
    EndpointsOptions,
    HelpText,
    JobsOptions,
    Options,
    ProfilesOptions,
    SchemaOptions,
    ServeOptions,
)
from smrt_tui.cli.parser import EXIT_CODES, HelpAsked, Parser, add_profiles_option, command
from smrt_tui.cli.request_arguments import add_invoke, add_probe

DESCRIPTION = "A playground for the Amazon SageMaker Runtime API. Without a command, the app opens."

JOBS_NOTES = f"""\
Jobs are written down as they move, so that one that was left, or outlived a crash, can be looked at
again. Without --wait there is one look: its output goes to stdout when it is there, and 6 is the
exit code when it is not there yet.

{EXIT_CODES}"""


ENDPOINTS_NOTES = f"""\
Nothing is changed at AWS: it asks ListEndpoints, DescribeEndpoint, DescribeEndpointConfig, DescribeModel,
ListInferenceComponents and DescribeInferenceComponent. What the credentials may not read beside the endpoint
itself is left out and told. A saved profile says what was guessed, and why, as comments.

{EXIT_CODES}"""


def parse(argv: Sequence[str]) -> Options:
    """What was asked for. Help and version come back as `HelpText`.

    Raises `Refusal` with `ExitCode.USAGE` for anything that is no command.
    """
    parser = build_parser()
    try:
        values = parser.parse_args(argv)
    except HelpAsked as asked:
        return HelpText(asked.text)
    if values.version:
        return HelpText(f"smrt-tui {__version__}\n")
    if values.command is None:
        return AppOptions(values.profiles, values.profile, values.theme)
    misplaced = next((name for name in ("profile", "theme") if getattr(values, f"{name}") is not None), None)
    if misplaced is not None:
        parser.error(f"--{misplaced} is for the app, not for `{values.command}`")
    make: Callable[[argparse.Namespace], Options] = values.make
    return make(values)


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = Parser(prog="smrt-tui", description=DESCRIPTION, epilog=EXIT_CODES)
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    parser.add_argument(
        "--profiles", type=Path, metavar="PATH", help="a folder of profiles, or one file, to look in first"
    )
    parser.add_argument("--profile", metavar="ID", help="the profile to open with")
    parser.add_argument("--theme", metavar="NAME", help="the colours of the app")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for add in (
        add_invoke,
        add_probe,
        _add_jobs,
        _add_check,
        _add_profiles,
        _add_endpoints,
        _add_schema,
        _add_serve,
        _add_contract,
    ):
        add(commands)
    return parser


def _add_jobs(commands: Any) -> None:
    parser = command(commands, "jobs", _jobs_options, help="list async jobs, and look at one again", epilog=JOBS_NOTES)
    parser.add_argument(
        "job", nargs="?", metavar="ID", help="look at this one: the beginning of its id, or an s3:// location"
    )
    parser.add_argument("--wait", action="store_true", help="look until it is over, as `invoke` does")
    parser.add_argument("--json", action="store_true", help="print what is known as JSON, not the output")
    parser.add_argument("--forget", metavar="ID", help="take a job off the list; the job itself goes on")
    add_profiles_option(parser)


_SEE_JOBS = "see `smrt-tui jobs --help`"


def _jobs_options(values: argparse.Namespace) -> JobsOptions:
    if values.forget is not None and (values.job is not None or values.wait):
        raise Refusal(ExitCode.USAGE, "--forget is for itself: it takes one job off the list", _SEE_JOBS)
    if values.wait and values.job is None:
        raise Refusal(ExitCode.USAGE, "--wait needs the job to wait for", _SEE_JOBS)
    return JobsOptions(values.job, values.profiles, values.wait, values.json, values.forget)


def _add_check(commands: Any) -> None:
    parser = command(commands, "check", _check_options, help="print the problems of profiles, with lines")
    parser.add_argument(
        "path", nargs="?", type=Path, metavar="PATH", help="a folder or a file; otherwise all that are found"
    )
    add_profiles_option(parser)


def _check_options(values: argparse.Namespace) -> CheckOptions:
    return CheckOptions(values.path, values.profiles)


def _add_profiles(commands: Any) -> None:
    parser = command(commands, "profiles", _profiles_options, help="list the profiles there are")
    parser.add_argument("--json", action="store_true", help="as JSON")
    add_profiles_option(parser)


def _profiles_options(values: argparse.Namespace) -> ProfilesOptions:
    return ProfilesOptions(values.profiles, values.json)


def _add_endpoints(commands: Any) -> None:
    parser = command(
        commands,
        "endpoints",
        _endpoints_options,
        help="list an account's endpoints, describe one, make a profile of it",
        epilog=ENDPOINTS_NOTES,
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="describe this endpoint; otherwise they are listed")
    parser.add_argument("--filter", metavar="TEXT", default="", help="list only names with this in them")
    parser.add_argument(
        "--region", metavar="REGION", help="such as us-east-1; otherwise AWS_REGION or the AWS profile's"
    )
    parser.add_argument("--aws-profile", metavar="NAME", help="a profile of ~/.aws/config, for the credentials")
    parser.add_argument("--local", action="store_true", help="the local endpoint instead of AWS")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--save", metavar="ID", nargs="?", const="", help="write a profile for NAME; without an ID, mine/NAME"
    )
    add_profiles_option(parser)


def _endpoints_options(values: argparse.Namespace) -> EndpointsOptions:
    see = "see `smrt-tui endpoints --help`"
    if values.name is None and values.save is not None:
        raise Refusal(ExitCode.USAGE, "--save needs the endpoint to make a profile of", see)
    if values.name is not None and values.filter:
        raise Refusal(ExitCode.USAGE, "--filter is for the list, not for one endpoint", see)
    if values.local and (values.region or values.aws_profile):
        raise Refusal(ExitCode.USAGE, "--local has a region and keys of its own", see)
    return EndpointsOptions(
        name=values.name,
        profiles=values.profiles,
        filter=values.filter,
        region=values.region,
        aws_profile=values.aws_profile,
        is_local=values.local,
        as_json=values.json,
        save=values.save,
    )


def _add_schema(commands: Any) -> None:
    command(commands, "schema", lambda _: SchemaOptions(), help="print the JSON Schema of a profile")


def _add_serve(commands: Any) -> None:
    parser = command(commands, "serve", _serve_options, help="run the local endpoint, a stand-in for SageMaker")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=port, default=8890, help="the port to listen on, 0 for any free one (%(default)s)"
    )
    parser.add_argument(
        "--container",
        metavar="NAME=URL",
        type=container,
        action="append",
        default=[],
        help="a container of your own as the endpoint NAME",
    )
    parser.add_argument(
        "--allow-remote-containers", action="store_true", help="let --container name an address off this machine"
    )
    parser.add_argument(
        "--forbid-missing-keys",
        action="store_true",
        help="answer 403 for an object that is not there yet, as S3 does without s3:ListBucket",
    )
    parser.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)


def _serve_options(values: argparse.Namespace) -> ServeOptions:
    return ServeOptions(
        host=values.host,
        port=values.port,
        containers=tuple(values.container),
        allow_remote_containers=values.allow_remote_containers,
        until_stdin_closes=values.until_stdin_closes,
        forbid_missing_keys=values.forbid_missing_keys,
    )


def _add_contract(commands: Any) -> None:
    parser = command(commands, "contract", _contract_options, help="check that a container keeps SageMaker's contract")
    parser.add_argument(
        "url", metavar="URL", type=url, help="where the container listens, such as http://127.0.0.1:8080"
    )
    parser.add_argument(
        "--body",
        metavar="TEXT|@FILE",
        default="{}",
        help="a payload that it understands, best one that asks for a stream",
    )
    parser.add_argument("--content-type", metavar="TYPE", default="application/json", help="its type (%(default)s)")
    parser.add_argument("--allow-remote-containers", action="store_true", help="let URL be an address off this machine")


def _contract_options(values: argparse.Namespace) -> ContractOptions:
    return ContractOptions(values.url, values.body, values.content_type, values.allow_remote_containers)
