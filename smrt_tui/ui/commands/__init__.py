"""What the actions of the table do: for each one a function, named by its id, in the module of its group.

    call.py      firing, cancelling, previewing; async jobs
    request.py   the request that is written: filled, repaired, replaced, saved
    profiles.py  profile files
    diagnosis.py what lies behind a call: headers, content types, the three operations side by side
    view.py      what is seen of it all, and where the focus is
    app.py       the app itself

A module is imported when the first of its actions is asked for, and a dialog when it opens: the first frame waits for
neither. The functions use the session and dialogs, and hold nothing. One that waits for an answer is a coroutine.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from smrt_tui.ui.actions import ACTION

if TYPE_CHECKING:
    from smrt_tui.ui.screen import MainScreen

Command: TypeAlias = "Callable[[MainScreen], Coroutine[Any, Any, None] | None]"


def command_of(action_id: str) -> Command:
    """The function that does what the table calls by that id."""
    module = import_module(f"{__name__}.{ACTION[action_id].group.lower()}")
    return cast(Command, getattr(module, action_id.replace("-", "_")))


def do(screen: MainScreen, action_id: str) -> None:
    """Do what the table calls by that id, which waits for the first profile where it has to do with profiles."""
    begin = partial(_begin, screen, action_id)
    if ACTION[action_id].group in ("View", "App"):
        begin()
    else:
        once_ready(screen, begin)


def once_ready(screen: MainScreen, act: Callable[[], None]) -> None:
    """Do something now, or, when no profile is open yet, as soon as the first one is shown."""
    profiles = screen.session.profiles
    profiles.when_ready(act if profiles.is_ready else partial(screen.call_later, act))


def _begin(screen: MainScreen, action_id: str) -> None:
    """Run the command; one that is still under way is not begun a second time."""
    group = f"do {action_id}"
    if any(worker.group == group and not worker.is_finished for worker in screen.workers):
        return
    work = command_of(action_id)(screen)
    if work is not None:
        screen.run_worker(work, group=group)
