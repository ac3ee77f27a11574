"""The command line: argv to one of the options classes. Imports nothing heavy, so that `--help` is at once there."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from msgspec.structs import replace

from smrt_tui import __version__
from smrt_tui.cli.diagnostics import ExitCode, Refusal
from smrt_tui.cli.options import (
    AppOptions,
    CheckOptions,
    ContractOptions,
    EndpointsOptions,
    HelpText,
    InvokeOptions,
    JobsOptions,
    Options,
    ProbeOptions,
    ProfilesOptions,
    SchemaOptions,
    ServeOptions,
)

if TYPE_CHECKING:
    from smrt_tui.core.profile import JsonValue

DESCRIPTION = "A playground for the Amazon SageMaker Runtime API. Without a command, the app opens."

EXIT_CODES = """\
exit codes:
  0    complete
  2    wrong usage
  3    a profile or a request that cannot be sent
  4    the service or the model answered with an error
  5    the answer broke off after it began
  6    no connection, or a time-out before any answer
  130  cancelled
"""

INVOKE_NOTES = f"""\
stdout carries the answer and nothing else, each part as it arrives; stderr tells the rest.
Into a pipe or a file go the answer's own bytes; on a terminal a stream is shown as the text it carries,
with control characters made visible.

{EXIT_CODES}"""


PROBE_NOTES = f"""\
Every pair of a content type and an Accept is one call, two at a time; without lists of your own, the
profile's types and the usual ones are tried. stdout gets the outcomes as a Markdown table, stderr each
as it comes. An error is what a probe is for: 0 when the grid was fired, whatever the answers were.

{EXIT_CODES}"""

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
    except _HelpAsked as asked:
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
    parser = _Parser(prog="smrt-tui", description=DESCRIPTION, epilog=EXIT_CODES)
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    parser.add_argument(
        "--profiles", type=Path, metavar="PATH", help="a folder of profiles, or one file, to look in first"
    )
    parser.add_argument("--profile", metavar="ID", help="the profile to open with")
    parser.add_argument("--theme", metavar="NAME", help="the colours of the app")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for add in (
        _add_invoke,
        _add_probe,
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


class _HelpAsked(Exception):
    """`--help` was given somewhere."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Texts as written, at a width that does not depend on the window."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=100)


class _Parser(argparse.ArgumentParser):
    """Gives help and mistakes back as values instead of writing and exiting."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=_Formatter, allow_abbrev=False, **settings)

    def print_help(self, file: object = None) -> NoReturn:
        raise _HelpAsked(self.format_help())

    def error(self, message: str) -> NoReturn:
        raise Refusal(ExitCode.USAGE, message, f"see `{self.prog} --help`")


def _command(commands: Any, name: str, make: Callable[[argparse.Namespace], Options], **texts: str) -> _Parser:
    parser: _Parser = commands.add_parser(name, description=texts["help"], **texts)
    parser.set_defaults(make=make)
    return parser


def _add_profiles_option(parser: _Parser) -> None:
    parser.add_argument("--profiles", type=Path, metavar="PATH", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _add_invoke(commands: Any) -> None:
    parser = _command(commands, "invoke", _invoke_options, help="send one request", epilog=INVOKE_NOTES)
    _add_request(parser)
    answer = parser.add_argument_group("the answer")
    answer.add_argument("--include", action="store_true", help="print the response head before the body")
    answer.add_argument("--output", type=Path, metavar="FILE", help="write the answer's bytes to a file")
    answer.add_argument(
        "--no-wait", action="store_true", help="async: leave once the job is accepted, its output location on stdout"
    )
    instead = answer.add_mutually_exclusive_group()
    instead.add_argument("--events", action="store_true", help="print every event as a line of JSON instead")
    instead.add_argument(
        "--dry-run", action="store_true", help="print the signed request instead of sending it, secrets masked"
    )


def _add_request(parser: _Parser) -> None:
    """The profile, and everything that changes its request."""
    parser.add_argument("invoked", metavar="PROFILE", help="the profile's id, such as local/chat")
    _add_profiles_option(parser)
    request = parser.add_argument_group("the request")
    request.add_argument("--payload", metavar="NAME", help="which payload of the profile; the first when not given")
    request.add_argument("--mode", choices=("sync", "async", "stream"), help="the operation, instead of the profile's")
    request.add_argument(
        "--body", metavar="TEXT|@FILE|-", help="another body: text with placeholders, or bytes as they are"
    )
    request.add_argument(
        "--set", metavar="NAME=VALUE", type=_variable, action="append", default=[], help="a variable; JSON or text"
    )
    request.add_argument(
        "--param",
        metavar="MEMBER=VALUE",
        type=_member,
        action="append",
        default=[],
        help="a member of the API, such as Accept=text/csv",
    )
    request.add_argument(
        "-H",
        "--header",
        metavar="'NAME: VALUE'",
        type=_header,
        action="append",
        default=[],
        help="any other header, sent as typed",
    )
    request.add_argument(
        "--endpoint-url", metavar="URL", type=_url, help="where to send instead of AWS or the local endpoint"
    )


def _request_options(values: argparse.Namespace) -> InvokeOptions:
    return InvokeOptions(
        profile=values.invoked,
        profiles=values.profiles,
        payload=values.payload,
        mode=values.mode,
        body=values.body,
        variables=tuple(values.set),
        members=tuple(values.param),
        headers=tuple(values.header),
        endpoint_url=values.endpoint_url,
    )


def _invoke_options(values: argparse.Namespace) -> InvokeOptions:
    return replace(
        _request_options(values),
        include=values.include,
        output=values.output,
        events=values.events,
        dry_run=values.dry_run,
        no_wait=values.no_wait,
    )


def _add_probe(commands: Any) -> None:
    parser = _command(
        commands,
        "probe",
        _probe_options,
        help="send one payload under many content types and Accepts",
        epilog=PROBE_NOTES,
    )
    _add_request(parser)
    grid = parser.add_argument_group("the grid")
    grid.add_argument(
        "--content-type", metavar="TYPE", action="append", default=[], help="a content type to try; '' sends none"
    )
    grid.add_argument("--accept", metavar="TYPE", action="append", default=[], help="an Accept to try; '' sends none")


def _probe_options(values: argparse.Namespace) -> ProbeOptions:
    return ProbeOptions(_request_options(values), tuple(values.content_type), tuple(values.accept))


def _add_jobs(commands: Any) -> None:
    parser = _command(commands, "jobs", _jobs_options, help="list async jobs, and look at one again", epilog=JOBS_NOTES)
    parser.add_argument(
        "job", nargs="?", metavar="ID", help="look at this one: the beginning of its id, or an s3:// location"
    )
    parser.add_argument("--wait", action="store_true", help="look until it is over, as `invoke` does")
    parser.add_argument("--json", action="store_true", help="print what is known as JSON, not the output")
    parser.add_argument("--forget", metavar="ID", help="take a job off the list; the job itself goes on")
    _add_profiles_option(parser)


_SEE_JOBS = "see `smrt-tui jobs --help`"


def _jobs_options(values: argparse.Namespace) -> JobsOptions:
    if values.forget is not None and (values.job is not None or values.wait):
        raise Refusal(ExitCode.USAGE, "--forget is for itself: it takes one job off the list", _SEE_JOBS)
    if values.wait and values.job is None:
        raise Refusal(ExitCode.USAGE, "--wait needs the job to wait for", _SEE_JOBS)
    return JobsOptions(values.job, values.profiles, values.wait, values.json, values.forget)


def _add_check(commands: Any) -> None:
    parser = _command(commands, "check", _check_options, help="print the problems of profiles, with lines")
    parser.add_argument(
        "path", nargs="?", type=Path, metavar="PATH", help="a folder or a file; otherwise all that are found"
    )
    _add_profiles_option(parser)


def _check_options(values: argparse.Namespace) -> CheckOptions:
    return CheckOptions(values.path, values.profiles)


def _add_profiles(commands: Any) -> None:
    parser = _command(commands, "profiles", _profiles_options, help="list the profiles there are")
    parser.add_argument("--json", action="store_true", help="as JSON")
    _add_profiles_option(parser)


def _profiles_options(values: argparse.Namespace) -> ProfilesOptions:
    return ProfilesOptions(values.profiles, values.json)


def _add_endpoints(commands: Any) -> None:
    parser = _command(
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
    _add_profiles_option(parser)


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
    _command(commands, "schema", lambda _: SchemaOptions(), help="print the JSON Schema of a profile")


def _add_serve(commands: Any) -> None:
    parser = _command(commands, "serve", _serve_options, help="run the local endpoint, a stand-in for SageMaker")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=_port, default=8890, help="the port to listen on, 0 for any free one (%(default)s)"
    )
    parser.add_argument(
        "--container",
        metavar="NAME=URL",
        type=_container,
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
    parser = _command(commands, "contract", _contract_options, help="check that a container keeps SageMaker's contract")
    parser.add_argument(
        "url", metavar="URL", type=_url, help="where the container listens, such as http://127.0.0.1:8080"
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


def _split(text: str, separator: str, example: str) -> tuple[str, str]:
    name, found, value = text.partition(separator)
    if not found or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form {example}")
    return name.strip(), value


def _variable(text: str) -> tuple[str, JsonValue]:
    name, value = _split(text, "=", "NAME=VALUE")
    try:
        return name, json.loads(value, parse_constant=_no_json)
    except ValueError:
        return name, value


def _no_json(constant: str) -> NoReturn:
    raise ValueError(constant)  # Python reads NaN and Infinity, JSON has neither


def _member(text: str) -> tuple[str, str]:
    return _split(text, "=", "MEMBER=VALUE")


def _header(text: str) -> tuple[str, str]:
    name, value = _split(text, ":", "'NAME: VALUE'")
    return name, value.removeprefix(" ")


def _container(text: str) -> tuple[str, str]:
    name, url = _split(text, "=", "NAME=URL")
    return name, _url(url)


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")) or len(text.split()) != 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as http://127.0.0.1:8080")
    return text


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; 0 to 65535")
    return int(text)
