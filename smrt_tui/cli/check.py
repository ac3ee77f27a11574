"""`smrt-tui check`: every problem of every profile, one a line, as compilers write them."""

from __future__ import annotations

from smrt_tui.cli.diagnostics import ExitCode
from smrt_tui.cli.options import CheckOptions
from smrt_tui.cli.printing import print_text
from smrt_tui.core.catalogue import Catalogue
from smrt_tui.core.plain import plain
from smrt_tui.environment import Environment
from smrt_tui.store.locations import profile_folders
from smrt_tui.store.profiles import load_catalogue


def run_check(options: CheckOptions, environment: Environment) -> int:
    """Print `file:line:col: key: message` for every problem, or how many profiles are sound; the exit code."""
    if options.path is not None:
        catalogue = load_catalogue([environment.working_folder / options.path.expanduser()])
    else:
        catalogue = load_catalogue(profile_folders(environment, options.profiles))
    lines = problem_lines(catalogue)
    print_text(environment, "".join(f"{line}\n" for line in lines or [_all_sound(catalogue)]))
    return ExitCode.CANNOT_SEND if lines else ExitCode.COMPLETE


def problem_lines(catalogue: Catalogue) -> list[str]:
    """A line for every problem: those of no single profile first, then profile by profile."""
    problems = [*catalogue.problems, *(problem for entry in catalogue.entries for problem in entry.problems)]
    return [plain(str(problem)) for problem in problems]


def _all_sound(catalogue: Catalogue) -> str:
    count = len(catalogue.entries)
    return f"{count} profile{'' if count == 1 else 's'}, no problems"
