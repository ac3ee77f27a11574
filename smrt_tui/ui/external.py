"""A text in the person's own editor: a private file, the app suspended, and what was saved taken back."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from smrt_tui.ui.payload_check import is_json_type

if TYPE_CHECKING:
    from smrt_tui.ui.screen import MainScreen


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """The editor as an argument vector: VISUAL, then EDITOR; empty when neither is set.

    Raises `ValueError` for a quote without its partner.
    """
    return shlex.split(environ.get("VISUAL") or environ.get("EDITOR") or "")


def edit_text(text: str, command: list[str], suffix: str) -> str:
    """What the text is after the editor has ended. The file is private and gone afterwards.

    Raises `OSError` when the editor cannot be started or its file cannot be read, `ValueError` when it ended with an
    error or left something that is no UTF-8; the text as it was is still the caller's.
    """
    with tempfile.TemporaryDirectory(prefix="smrt-tui-") as folder:  # mode 0700
        path = Path(folder) / f"payload{suffix}"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        done = subprocess.run([*command, str(path)], check=False)
        if done.returncode != 0:
            raise ValueError(f"{command[0]} ended with {done.returncode}; nothing was changed")
        return path.read_bytes().decode("utf-8")


async def edit_payload(screen: MainScreen) -> None:
    """Let the open draft's payload be edited outside; says why when that cannot be."""
    session = screen.session
    draft = session.draft
    if draft is None:
        return
    if draft.body_file is not None:
        screen.notify(f"The payload is the file {draft.body_file}; edit it where it is", markup=False)
        return
    written = await session.desk.text(draft)
    if written is None:
        return
    text = edit_outside(screen, written, ".json" if is_json_type(draft.member("ContentType")) else ".txt")
    if text is not None:
        await session.desk.take_text(draft, text)


def edit_outside(screen: MainScreen, text: str, suffix: str) -> str | None:
    """The text as the person's editor left it; None when that cannot be, and then why was said."""
    try:
        command = editor_command(screen.environ)
        if not command:
            screen.notify("Set VISUAL or EDITOR to the editor you like", severity="warning")
            return None
        with screen.app.suspend():
            return edit_text(text, command, suffix)
    except SuspendNotSupported:
        screen.notify("This terminal cannot be handed to an editor", severity="warning")
    except (OSError, ValueError) as error:
        screen.notify(str(error), severity="error", markup=False)
    return None
