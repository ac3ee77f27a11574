"""argv to options: what is understood, and what is refused before anything happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from smrt_tui import __version__
from smrt_tui.cli.arguments import parse
from smrt_tui.cli.diagnostics import ExitCode, Refusal
from smrt_tui.cli.options import (
    AppOptions,
    CheckOptions,
    ContractOptions,
    HelpText,
    InvokeOptions,
    JobsOptions,
    Options,
    ProfilesOptions,
    SchemaOptions,
    ServeOptions,
)


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("", AppOptions()),
        (
            "--profiles here --profile local/chat --theme nord",
            AppOptions(Path("here"), "local/chat", "nord"),
        ),
        ("invoke local/chat", InvokeOptions("local/chat")),
        ("--profiles here invoke p", InvokeOptions("p", profiles=Path("here"))),
        ("invoke p --profiles here", InvokeOptions("p", profiles=Path("here"))),
        (
            "invoke p --payload a --mode async --body - --endpoint-url http://x:1 --include --output f --no-wait",
            InvokeOptions(
                "p",
                payload="a",
                mode="async",
                body="-",
                endpoint_url="http://x:1",
                include=True,
                output=Path("f"),
                no_wait=True,
            ),
        ),
        ("invoke p --events", InvokeOptions("p", events=True)),
        ("jobs", JobsOptions()),
        ("jobs a1 --wait --json --profiles here", JobsOptions("a1", Path("here"), wait=True, as_json=True)),
        ("jobs --forget a1", JobsOptions(forget="a1")),
        ("invoke p --dry-run", InvokeOptions("p", dry_run=True)),
        ("check", CheckOptions()),
        ("check there", CheckOptions(Path("there"))),
        ("profiles --json", ProfilesOptions(as_json=True)),
        ("profiles --profiles x", ProfilesOptions(Path("x"))),
        ("schema", SchemaOptions()),
        ("serve", ServeOptions("127.0.0.1", 8890)),
        (
            "serve --host ::1 --port 0 --container a=http://127.0.0.1:8080 --container b=http://x"
            " --allow-remote-containers --until-stdin-closes --forbid-missing-keys",
            ServeOptions("::1", 0, (("a", "http://127.0.0.1:8080"), ("b", "http://x")), True, True, True),
        ),
        ("contract http://127.0.0.1:8080", ContractOptions("http://127.0.0.1:8080")),
        (
            "contract http://h --body 1,2 --content-type text/csv --allow-remote-containers",
            ContractOptions("http://h", "1,2", "text/csv", allow_remote_containers=True),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_command_line_becomes_its_options(line: str, options: Options) -> None:
    assert parse(line.split()) == options


def invoke_options(*argv: str) -> InvokeOptions:
    options = parse(["invoke", "p", *argv])
    assert isinstance(options, InvokeOptions)
    return options


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("1.50", 1.5),
        ("true", True),
        ("null", None),
        ('"1"', "1"),
        ("[1]", [1]),
        ("a=b", "a=b"),
        ("", ""),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("{", "{"),
        ("two words", "two words"),
    ],
)
def test_a_variable_is_json_where_it_can_be_and_text_otherwise(text: str, value: object) -> None:
    assert invoke_options("--set", f"n={text}").variables == (("n", value),)


def test_headers_keep_their_order_their_case_and_what_repeats() -> None:
    options = invoke_options("-H", "X-B: 1", "-H", "x-b:2", "--header", "X-A:  : ")
    assert options.headers == (("X-B", "1"), ("x-b", "2"), ("X-A", " : "))


def test_members_keep_everything_after_the_first_equals_sign() -> None:
    assert invoke_options("--param", "CustomAttributes=a=b; c=d").members == (("CustomAttributes", "a=b; c=d"),)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "invalid choice: 'nonsense'"),
        ("invoke", "PROFILE"),
        ("invoke p --mode later", "invalid choice: 'later'"),
        ("invoke p --set novalue", "NAME=VALUE"),
        ("invoke p --set =1", "NAME=VALUE"),
        ("invoke p --param novalue", "MEMBER=VALUE"),
        ("invoke p -H novalue", "NAME: VALUE"),
        ("invoke p --endpoint-url example.com", "example.com"),
        ("invoke p --events --dry-run", "not allowed with"),
        ("invoke p --even", "unrecognized"),
        ("serve --port 65536", "65536"),
        ("serve --port -1", "--port"),
        ("serve --container http://x", "NAME=URL"),
        ("serve --container a=ftp://x", "ftp://x"),
        ("jobs --wait", "--wait needs the job"),
        ("jobs a --forget b", "--forget is for itself"),
        ("contract here", "here"),
        ("--theme nord check", "--theme is for the app"),
        ("--profile p invoke q", "--profile is for the app"),
    ],
)
def test_what_is_no_command_is_refused_as_wrong_usage(line: str, told: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(line.split())
    assert refused.value.code == ExitCode.USAGE
    assert told in refused.value.message
    assert "--help" in refused.value.hint


def test_the_version_is_a_text() -> None:
    assert parse(["--version"]) == HelpText(f"smrt-tui {__version__}\n")


@pytest.mark.parametrize("line", ["--help", "-h", "invoke --help", "serve -h", "check --help", "contract -h"])
def test_help_is_a_text_that_fits_a_hundred_columns(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "37")
    text = parse(line.split())
    assert isinstance(text, HelpText)
    assert text.text.startswith("usage: smrt-tui")
    assert max(map(len, text.text.splitlines())) <= 104


def test_the_help_tells_every_exit_code_and_hides_what_is_not_for_people() -> None:
    text = parse(["invoke", "--help"])
    assert isinstance(text, HelpText)
    assert all(f"\n  {code.value} " in text.text for code in ExitCode)
    serving = parse(["serve", "--help"])
    assert isinstance(serving, HelpText)
    assert "until-stdin-closes" not in serving.text
