"""The tables that repeat the code: made from it, written between markers, and compared by `test_docs`.

`python -m tests.generated_docs` (or `make docs`) writes them again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from smrt_tui.cli.arguments import parse
from smrt_tui.cli.diagnostics import ExitCode
from smrt_tui.cli.event_lines import ended_line, finding_line
from smrt_tui.cli.options import HelpText
from smrt_tui.cli.parser import EXIT_CODES
from smrt_tui.core.events import Ended
from smrt_tui.core.finding import Finding, Severity
from smrt_tui.core.profile import AsyncOptions, ClientOptions, CredentialsSpec, Payload, Profile, StreamOptions
from smrt_tui.core.profile_schema import key_words

ROOT = Path(__file__).parent.parent
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_MARKED = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def keys() -> str:
    """Every action of the app with its keys."""
    from smrt_tui.ui.actions import key_table

    return key_table()


def profile_reference() -> str:
    """Every key of a profile file."""
    sections = (
        ("", Profile),
        ("payloads[].", Payload),
        ("credentials.", CredentialsSpec),
        ("client.", ClientOptions),
        ("stream.", StreamOptions),
        ("async.", AsyncOptions),
    )
    rows = [row for prefix, model in sections for row in _key_rows(prefix, model)]
    return "\n".join(["| key | default | what it is |", "|---|---|---|", *rows]) + "\n"


def _key_rows(prefix: str, model: type[Struct]) -> Iterator[str]:
    words = key_words()[model.__name__]
    for field in fields(model):
        default = "required" if field.required else _default(_default_of(field))
        what = words[field.encode_name].replace("|", "\\|").replace("\n", " ")
        yield f"| `{prefix}{field.encode_name}` | {default} | {what} |"


def _default_of(field: FieldInfo) -> object:
    return field.default_factory() if field.default_factory is not NODEFAULT else field.default


def _default(value: object) -> str:
    if value is None or value in ("", {}, ()) or isinstance(value, Struct):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def command_help() -> str:
    """What `--help` prints, for the app and for each command that has much to say."""
    return "\n".join(f"```\n{_help(*command)}```" for command in ((), ("invoke",), ("jobs",), ("serve",))) + "\n"


def _help(*command: str) -> str:
    options = parse([*command, "--help"])
    assert isinstance(options, HelpText)
    return options.text


def exit_codes() -> str:
    """The exit codes, as `--help` tells them."""
    rows = [line.split(maxsplit=1) for line in EXIT_CODES.strip().splitlines()[1:]]
    assert [int(code) for code, _ in rows] == sorted(ExitCode)
    return "\n".join(["| code | meaning |", "|---|---|", *(f"| {code} | {text} |" for code, text in rows)]) + "\n"


def event_lines() -> str:
    """The JSON lines of `--events`, each with its fields."""
    from tests.cli.test_event_lines import LINES

    finding = finding_line(Finding("R01", Severity.ERROR, "", ""), 0.0)
    ended = ended_line(Ended(0.0, "complete"), "complete", 0, {})
    lines = {line["event"]: line for line in (*(line for _, line in LINES), finding, ended)}
    rows = [f"| `{name}` | {_fields(line)} |" for name, line in lines.items()]
    return "\n".join(["| event | fields beside `event` and `at` |", "|---|---|", *rows]) + "\n"


def _fields(line: Mapping[str, Any]) -> str:
    return ", ".join(f"`{name}`" for name in line if name not in ("event", "at"))


def failures() -> str:
    """Every way a call fails on our side."""
    from smrt_tui.client.faults import FAULTS

    rows = [
        f"| `{code}` | {row.message.replace('|', '/')} | {row.hint.replace('|', '/')} |" for code, row in FAULTS.items()
    ]
    return "\n".join(["| code | what happened | what to do |", "|---|---|---|", *rows]) + "\n"


def findings() -> str:
    """Every rule of the diagnosis, in the order of telling."""
    from smrt_tui.core.diagnose.engine import RULES

    cells = [(f"`{rule.id}`", rule.severity.name.lower(), rule.why, rule.hint, rule.source) for rule in RULES]
    rows = [f"| {' | '.join(map(_cell, row))} |" for row in cells]
    return "\n".join(["| id | severity | why | what to do | seen in |", "|---|---|---|---|---|", *rows]) + "\n"


def _cell(sentence: str) -> str:
    return sentence.replace("|", "/").replace("<", "&lt;")


def local_faults() -> str:
    """Faults and part policies of the local endpoint."""
    from smrt_tui.local.directives import fault_table

    return fault_table()


GENERATED: Mapping[str, Callable[[], str]] = {
    "keys": keys,
    "profile-reference": profile_reference,
    "command-help": command_help,
    "exit-codes": exit_codes,
    "event-lines": event_lines,
    "failures": failures,
    "findings": findings,
    "local-faults": local_faults,
}


def regenerated(text: str) -> str:
    """A document with every marked part made afresh."""
    return _MARKED.sub(lambda m: f"{m[1]}{GENERATED[m['name']]()}{m[3]}", text)


if __name__ == "__main__":
    import json

    from smrt_tui.core.profile_schema import json_schema

    for document in DOCUMENTS:
        document.write_text(regenerated(document.read_text(encoding="utf-8")), encoding="utf-8")
    schema = ROOT / "profiles" / "profile.schema.json"
    schema.write_text(json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
