"""The walls between the rooms: who may import whom, by the source and by what is really loaded."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "smrt_tui"

FORBIDDEN = {
    "core": {"smrt_tui.client", "smrt_tui.local", "smrt_tui.store", "smrt_tui.cli", "smrt_tui.ui", "smrt_tui.main"}
    | {"smrt_tui.workbench", "smrt_tui.companion", "smrt_tui.environment"}
    | {"asyncio", "socket", "time", "textual", "httpx", "botocore", "yaml"},
    "client": {"textual", "smrt_tui.local", "smrt_tui.store", "smrt_tui.ui", "smrt_tui.cli", "smrt_tui.main"},
    "local": {"botocore", "boto3", "textual", "smrt_tui.client", "smrt_tui.ui", "smrt_tui.store", "smrt_tui.cli"},
    "store": {"httpx", "textual", "botocore", "smrt_tui.client", "smrt_tui.local", "smrt_tui.ui", "smrt_tui.cli"},
    "cli": {"textual", "smrt_tui.ui"},
    "ui": {"httpx", "botocore", "yaml", "time", "smrt_tui.local", "smrt_tui.client", "smrt_tui.store", "smrt_tui.cli"}
    | {"smrt_tui.workbench", "smrt_tui.companion", "smrt_tui.environment"},
}
"""Room -> what no file of it imports, at any depth."""

MAY_KNOW_LOCAL = {"main.py"}
"""Outside its own room, the only file that may import the local endpoint."""


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    trespasses = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in (PACKAGE / room).rglob("*.py")
        for name in imports_of(path)
        for forbidden in FORBIDDEN[room]
        if name == forbidden or name.startswith(f"{forbidden}.")
    }
    assert trespasses == set()


def test_only_main_knows_the_local_endpoint() -> None:
    knowing = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] != "local"
        for name in imports_of(path)
        if name == "smrt_tui.local" or name.startswith("smrt_tui.local.")
    }
    assert knowing <= MAY_KNOW_LOCAL


def modules_after(*argv: str) -> set[str]:
    """The modules loaded once the command has run to its end."""
    code = (
        "import sys, json\n"
        "from smrt_tui.main import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write('\\n' + json.dumps(sorted(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *argv], capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(done.stderr.rsplit("\n", 1)[-1]))


HEAVY = {"textual", "httpx", "botocore", "h11", "asyncio"}


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["invoke", "--help"]], ids=" ".join)
def test_asking_what_it_is_loads_nothing_heavy(argv: list[str]) -> None:
    assert modules_after(*argv) & HEAVY == set()


def test_checking_profiles_loads_neither_screen_nor_network(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text("endpoint: somewhere\n")
    assert modules_after("check", str(tmp_path)) & {"textual", "httpx", "botocore", "h11"} == set()


def test_invoking_loads_no_screen() -> None:
    assert modules_after("invoke", "local/echo", "--dry-run") & {"textual", "h11"} == set()


def test_serving_loads_neither_the_screen_nor_the_client() -> None:
    code = "import sys, json, smrt_tui.local.server\nsys.stderr.write('\\n' + json.dumps(sorted(sys.modules)))\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(json.loads(done.stderr.rsplit("\n", 1)[-1]))
    assert loaded & {"textual", "httpx", "botocore", "smrt_tui.client"} == set()
