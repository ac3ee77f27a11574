"""The footer: the most needed actions with their keys, clickable, as many as fit. Never cut in the middle of a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from smrt_tui.ui.actions import ACTIONS, Action, keys_of, shown_key

MOST = 8


class ActionBar(Widget):
    """One row of keys and what they do."""

    COMPONENT_CLASSES = {"action-bar--key", "action-bar--label"}  # noqa: RUF012  as Textual declares it

    DEFAULT_CSS = """
    ActionBar {
        dock: bottom;
        width: 100%;
        height: 1;
        padding: 0 1;
        background: $footer-background;
        link-style: none;
        link-background-hover: $block-hover-background;
        link-style-hover: none;
        .action-bar--key { color: $footer-key-foreground; text-style: bold; }
        .action-bar--label { color: $footer-description-foreground; }
    }
    """

    is_live: reactive[bool] = reactive(False, layout=False)
    """Whether a call runs: then send makes room for cancel."""

    is_waiting_job: reactive[bool] = reactive(False, layout=False)
    """Whether that call is a job that is only waited for: then it can be sent, cancelled and set aside."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap

    def entries(self) -> Sequence[Action]:
        """What is shown, left to right, as far as the width goes; quit is always among them."""
        hidden = {"send", "set-aside"} if self.is_live else {"cancel", "set-aside"}
        if self.is_waiting_job:
            hidden = set()
        wanted = [action for action in ACTIONS if action.is_in_footer and action.id not in hidden]
        while len(wanted) > MOST or (len(wanted) > 1 and self._width(wanted, 1) > self.content_size.width):
            del wanted[-2]  # quit is the last
        return wanted

    def render(self) -> Content:
        """Keys bright, words plain, each a link."""
        key_style = self.get_visual_style("action-bar--key", partial=True)
        label_style = self.get_visual_style("action-bar--label", partial=True)
        pieces: list[tuple[str, Style]] = []
        entries = self.entries()
        gap = 2 if self._width(entries, 2) <= self.content_size.width else 1
        for action in entries:
            link = Style.from_meta({"@click": action.command})
            pieces.append((self._key(action), key_style + link))
            pieces.append((f" {action.label}", label_style + link))
            pieces.append((" " * gap, Style()))
        return Content.assemble(*pieces)

    def _key(self, action: Action) -> str:
        return shown_key(keys_of(action, self._keymap)[0])

    def _width(self, actions: Sequence[Action], gap: int) -> int:
        return sum(len(self._key(action)) + 1 + len(action.label) + gap for action in actions) - gap
