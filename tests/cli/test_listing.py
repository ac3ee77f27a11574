"""`check`, `profiles` and `schema`."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from smrt_tui.cli.check import run_check
from smrt_tui.cli.options import CheckOptions, ProfilesOptions
from smrt_tui.cli.profiles import run_profiles
from smrt_tui.cli.schema import run_schema
from tests.cli.stage import Stage, a_stage


def a_stage_with(folder: Path, **files: str) -> Stage:
    """A stage whose project has these profiles; `__` in a name is a slash."""
    for name, text in files.items():
        path = folder / "profiles" / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return a_stage(folder)


def test_check_prints_every_problem_as_compilers_do(tmp_path: Path) -> None:
    stage = a_stage_with(tmp_path, good="endpoint: e\n", bad="endpoint: e\nmod: sync\nregion: 5\n")
    assert run_check(CheckOptions(Path("profiles")), stage.environment) == 3
    file = tmp_path / "profiles" / "bad.yaml"
    assert stage.stdout.getvalue().decode() == (
        f'{file}:2:1: mod: unknown key; did you mean `mode`?\n{file}:3:9: region: this is text; quote it: "5"\n'
    )


def test_check_says_how_many_are_sound(tmp_path: Path) -> None:
    stage = a_stage_with(tmp_path, one="endpoint: e\n", group__two="endpoint: e\n")
    assert run_check(CheckOptions(Path("profiles")), stage.environment) == 0
    assert stage.stdout.getvalue() == b"2 profiles, no problems\n"


def test_check_takes_one_file(tmp_path: Path) -> None:
    stage = a_stage_with(tmp_path, one="endpoint: e\n", two="- not\n")
    assert run_check(CheckOptions(Path("profiles/one.yaml")), stage.environment) == 0
    assert stage.stdout.getvalue() == b"1 profile, no problems\n"


def test_checking_what_is_not_there_is_a_problem(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    assert run_check(CheckOptions(Path("nowhere")), stage.environment) == 3
    assert b"nowhere:1:1: the folder cannot be read: No such file" in stage.stdout.getvalue()


def test_check_without_a_path_looks_wherever_profiles_are(tmp_path: Path) -> None:
    stage = a_stage_with(tmp_path, bad="nonsense\n")
    assert run_check(CheckOptions(), stage.environment) == 3
    assert stage.stdout.getvalue().count(b"\n") == 1  # the starters are sound


def test_what_a_file_says_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    stage = a_stage_with(tmp_path, bad='endpoint: e\n"\\e[2J": 1\n')
    run_check(CheckOptions(), stage.environment)
    assert b"\x1b" not in stage.stdout.getvalue()


def test_profiles_is_a_table_of_good_and_broken_ones(tmp_path: Path) -> None:
    stage = a_stage_with(
        tmp_path, broken="- x\n", group__chat='endpoint: my-endpoint\nmode: stream\ntitle: "A\\e[2J\\nB"\n'
    )
    assert run_profiles(ProfilesOptions(Path("profiles")), stage.environment) == 0
    lines = stage.stdout.getvalue().decode().splitlines()
    assert lines[0].split() == ["ID", "MODE", "ENDPOINT", "TITLE"]
    assert [line.split(maxsplit=3) for line in lines if line.startswith(("broken", "group"))] == [
        ["broken", "-", "-", "1 problem; see `smrt-tui check`"],
        ["group/chat", "stream", "my-endpoint", "A␛[2J B"],
    ]


def test_profiles_as_json_holds_what_a_script_needs(tmp_path: Path) -> None:
    stage = a_stage_with(tmp_path, zz="endpoint: e\npayloads: [{name: a}, {name: b}]\n", zzz="endpoint: 5\n")
    run_profiles(ProfilesOptions(as_json=True), stage.environment)
    good, bad = json.loads(stage.stdout.getvalue())[-2:]
    assert good == {
        "id": "zz",
        "path": str(tmp_path / "profiles" / "zz.yaml"),
        "title": "zz",
        "mode": "sync",
        "endpoint": "e",
        "payloads": ["a", "b"],
        "is_local": False,
        "problems": [],
    }
    assert (bad["endpoint"], len(bad["problems"])) == (None, 1)


def test_the_schema_is_one(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    assert run_schema(stage.environment) == 0
    Draft202012Validator.check_schema(json.loads(stage.stdout.getvalue()))
