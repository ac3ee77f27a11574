"""`smrt-tui profiles`: what there is, as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from smrt_tui.cli.diagnostics import ExitCode
from smrt_tui.cli.options import ProfilesOptions
from smrt_tui.cli.printing import print_text
from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.plain import plain
from smrt_tui.environment import Environment
from smrt_tui.store.locations import profile_folders
from smrt_tui.store.profiles import load_catalogue


def run_profiles(options: ProfilesOptions, environment: Environment) -> int:
    """Print every profile found, good or broken; the exit code."""
    catalogue = load_catalogue(profile_folders(environment, options.profiles))
    text = as_json(catalogue) if options.as_json else table(catalogue)
    print_text(environment, f"{text}\n")
    return ExitCode.COMPLETE


def table(catalogue: Catalogue) -> str:
    """Id, mode, endpoint and title in columns; a broken profile says so."""
    rows = [("ID", "MODE", "ENDPOINT", "TITLE"), *(_row(entry) for entry in catalogue.entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(_aligned(row, widths) for row in rows)


def as_json(catalogue: Catalogue) -> str:
    """A list of objects, one a profile."""
    return json.dumps([_object(entry) for entry in catalogue.entries], indent=2)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    *columns, title = row
    return "  ".join([*map(str.ljust, columns, widths), title]).rstrip()


def _row(entry: ProfileEntry) -> tuple[str, str, str, str]:
    if entry.profile is None:
        count = len(entry.problems)
        return plain(entry.id), "-", "-", f"{count} problem{'' if count == 1 else 's'}; see `smrt-tui check`"
    profile = entry.profile
    return _line(entry.id), profile.mode, _line(profile.endpoint), _line(entry.title)


def _line(text: str) -> str:
    return plain(text).replace("\n", " ")


def _object(entry: ProfileEntry) -> dict[str, Any]:
    profile = entry.profile
    return {
        "id": entry.id,
        "path": entry.path,
        "title": entry.title,
        "mode": profile.mode if profile else None,
        "endpoint": profile.endpoint if profile else None,
        "payloads": [payload.name for payload in profile.payloads] if profile else [],
        "is_local": entry.is_local,
        "problems": [str(problem) for problem in entry.problems],
    }
