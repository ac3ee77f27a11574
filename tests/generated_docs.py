"""The tables that repeat the code: made from it, written between markers, and compared by `test_docs`.

`python -m tests.generated_docs` (or `make docs`) writes them again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from smrt_tui.core.profile import AsyncOptions, ClientOptions, CredentialsSpec, Payload, Profile, StreamOptions

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


def _key_rows(prefix: str, model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        default = "required" if field.is_required() else _default(field.get_default(call_default_factory=True))
        what = (field.description or "").replace("|", "\\|").replace("\n", " ")
        yield f"| `{prefix}{field.alias or name}` | {default} | {what} |"


def _default(value: object) -> str:
    if value is None or value in ("", {}, ()) or isinstance(value, BaseModel):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def command_help() -> str:
    """What `smrt-tui --help` and `smrt-tui invoke --help` print."""
    from smrt_tui.cli.arguments import help_text

    return "\n".join(f"```\n{help_text(command)}```" for command in ("", "invoke")) + "\n"


def exit_codes() -> str:
    """The exit codes."""
    from smrt_tui.cli.diagnostics import exit_code_table

    return exit_code_table()


def event_lines() -> str:
    """The JSON lines of `--events`."""
    from smrt_tui.cli.event_lines import event_table

    return event_table()


def failures() -> str:
    """Every way a call fails on our side."""
    from smrt_tui.client.faults import FAULTS

    rows = [
        f"| `{code}` | {row.message.replace('|', '/')} | {row.hint.replace('|', '/')} |" for code, row in FAULTS.items()
    ]
    return "\n".join(["| code | what happened | what to do |", "|---|---|---|", *rows]) + "\n"


def local_faults() -> str:
    """Faults and part policies of the local endpoint."""
    from smrt_tui.local.faults import fault_table

    return fault_table()


GENERATED: Mapping[str, Callable[[], str]] = {
    "keys": keys,
    "profile-reference": profile_reference,
    "command-help": command_help,
    "exit-codes": exit_codes,
    "event-lines": event_lines,
    "failures": failures,
    "local-faults": local_faults,
}


def regenerated(text: str) -> str:
    """A document with every marked part made afresh."""
    return _MARKED.sub(lambda m: f"{m[1]}{GENERATED[m['name']]()}{m[3]}", text)


if __name__ == "__main__":
    import json

    from smrt_tui.core.profile import json_schema

    for document in DOCUMENTS:
        document.write_text(regenerated(document.read_text(encoding="utf-8")), encoding="utf-8")
    schema = ROOT / "profiles" / "profile.schema.json"
    schema.write_text(json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
