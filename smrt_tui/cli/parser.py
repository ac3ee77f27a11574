"""A parser that gives help and mistakes back as values: it neither writes nor exits. Which commands there are, it does
not know.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from smrt_tui.cli.diagnostics import ExitCode, Refusal
from smrt_tui.cli.options import Options

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


class HelpAsked(Exception):
    """`--help` was given somewhere."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Texts as written, at a width that does not depend on the window."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=100)


class Parser(argparse.ArgumentParser):
    """Gives help and mistakes back as values instead of writing and exiting."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=_Formatter, allow_abbrev=False, **settings)

    def print_help(self, file: object = None) -> NoReturn:
        raise HelpAsked(self.format_help())

    def error(self, message: str) -> NoReturn:
        raise Refusal(ExitCode.USAGE, message, f"see `{self.prog} --help`")


def command(commands: Any, name: str, make: Callable[[argparse.Namespace], Options], **texts: str) -> Parser:
    """A new command; `make` turns what was given to it into its options."""
    parser: Parser = commands.add_parser(name, description=texts["help"], **texts)
    parser.set_defaults(make=make)
    return parser


def add_profiles_option(parser: Parser) -> None:
    """Take `--profiles` behind the command too, where it is looked for as often as before it."""
    parser.add_argument("--profiles", type=Path, metavar="PATH", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
