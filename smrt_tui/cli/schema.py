"""`smrt-tui schema`: the JSON Schema of a profile file, for editors."""

from __future__ import annotations

import json

from smrt_tui.cli.diagnostics import ExitCode
from smrt_tui.cli.printing import print_text
from smrt_tui.core.profile_schema import json_schema
from smrt_tui.environment import Environment


def run_schema(environment: Environment) -> int:
    """Print the schema; the exit code."""
    print_text(environment, f"{json.dumps(json_schema(), indent=2)}\n")
    return ExitCode.COMPLETE
