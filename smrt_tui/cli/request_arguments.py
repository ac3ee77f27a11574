"""The commands that send a profile's request, `invoke` and `probe`: what they take, and the options it makes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from smrt_tui.cli.argument_values import header, member, url, variable
from smrt_tui.cli.options import InvokeOptions, ProbeOptions
from smrt_tui.cli.parser import EXIT_CODES, Parser, add_profiles_option, command

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


def add_invoke(commands: Any) -> None:
    """`invoke`: one request."""
    parser = command(commands, "invoke", _invoke_options, help="send one request", epilog=INVOKE_NOTES)
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


def _add_request(parser: Parser) -> None:
    """The profile, and everything that changes its request."""
    parser.add_argument("invoked", metavar="PROFILE", help="the profile's id, such as local/chat")
    add_profiles_option(parser)
    request = parser.add_argument_group("the request")
    request.add_argument("--payload", metavar="NAME", help="which payload of the profile; the first when not given")
    request.add_argument("--mode", choices=("sync", "async", "stream"), help="the operation, instead of the profile's")
    request.add_argument(
        "--body", metavar="TEXT|@FILE|-", help="another body: text with placeholders, or bytes as they are"
    )
    request.add_argument(
        "--set", metavar="NAME=VALUE", type=variable, action="append", default=[], help="a variable; JSON or text"
    )
    request.add_argument(
        "--param",
        metavar="MEMBER=VALUE",
        type=member,
        action="append",
        default=[],
        help="a member of the API, such as Accept=text/csv",
    )
    request.add_argument(
        "-H",
        "--header",
        metavar="'NAME: VALUE'",
        type=header,
        action="append",
        default=[],
        help="any other header, sent as typed",
    )
    request.add_argument(
        "--endpoint-url", metavar="URL", type=url, help="where to send instead of AWS or the local endpoint"
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


def add_probe(commands: Any) -> None:
    """`probe`: one payload under many types."""
    parser = command(
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
