"""Waiting until an app has done what it was told.

Textual's pilot takes an app to be done once the process has used hardly any CPU for 20 ms, after each key and each
move of the mouse: a guess that costs time on an idle machine, and up to a second a key on a busy one. Here an app is
done when no widget has a message or a callback left to see to.
"""

from __future__ import annotations

import asyncio

from textual._context import active_app
from textual.message_pump import MessagePump
from textual.screen import Screen

ROUNDS = 3
"""Turns of the loop in a row that find nothing to do: what one widget does is told to others in the next."""

LIMIT_S = 1.0
"""A widget that never comes to rest (a clock that ticks) is waited for as long as Textual would."""


async def until_quiet(min_sleep: float = 0.0, max_sleep: float = LIMIT_S) -> None:
    """In the place of `textual._wait.wait_for_idle`."""
    app = active_app.get()
    loop = asyncio.get_running_loop()
    end = loop.time() + max_sleep
    quiet = 0
    while quiet < ROUNDS and loop.time() < end:
        await asyncio.sleep(0)
        widgets = [widget for screen in app.screen_stack for widget in screen.walk_children(with_self=True)]
        is_busy = any(_is_unpainted(screen) for screen in app.screen_stack[-1:])
        quiet = 0 if is_busy or any(_is_busy(pump) for pump in (app, *widgets)) else quiet + 1


def _is_busy(pump: MessagePump) -> bool:
    return pump.message_queue_size > 0 or bool(pump._next_callbacks)


def _is_unpainted(screen: Screen[object]) -> bool:
    return screen._layout_required or bool(screen._dirty_widgets or screen._callbacks)
