"""The profiles by folder, local ones first, broken ones marked. Says which one was chosen; opens nothing itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from smrt_tui.core.plain import plain

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import Catalogue, ProfileEntry

ROWS_AT_ONCE = 4
"""A row takes a quarter of a millisecond."""


class ProfileTree(Tree[str]):
    """Every profile there is; a node's value is the profile's id, empty for a folder."""

    HELP = """Every profile that was found, by folder. A profile marked ✗ has problems: choose it to read them with
file, line and column. Profiles under `local` need no AWS account."""

    DEFAULT_CSS = """
    ProfileTree {
        background: transparent;
        padding: 0;
        scrollbar-size-vertical: 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back to the request", show=False)]
    """
    | Key | What it does |
    |---|---|
    | escape | Back to the request. |
    """

    @dataclass
    class Chosen(Message):
        """Posted when a person chose a profile."""

        profile_id: str

    @dataclass
    class Left(Message):
        """Posted when a person wants back to the request."""

    def __init__(self) -> None:
        super().__init__("profiles")
        self.show_root = False
        self.guide_depth = 2
        self.show_guides = False
        self._places: dict[str, TreeNode[str]] = {}

    def show(self, catalogue: Catalogue) -> None:
        """Put these profiles in place of whatever was there."""
        self.clear()
        self._places = {}
        for entry in catalogue.entries:
            folder, _, name = entry.id.rpartition("/")
            self._places[entry.id] = self._folder(folder).add_leaf(_label(entry, name), data=entry.id)

    async def draw_ahead(self) -> None:
        """Make the rows that show, a few at a time; Textual keeps them for its next paint."""
        for y in range(self.size.height):
            self.render_line(y)
            if y % ROWS_AT_ONCE == ROWS_AT_ONCE - 1:
                await asyncio.sleep(0)

    def mark(self, profile_id: str) -> None:
        """Put the cursor on the profile that is open."""
        node = self._places.get(profile_id)
        if node is not None:
            self.call_after_refresh(self.move_cursor, node)  # a new node has no line before the next layout

    def get_label_width(self, node: TreeNode[str]) -> int:
        """Cells of a node's row beside its indent."""
        return cell_len(str(node.label)) + (len(self.ICON_NODE) if node.allow_expand else 0)

    def on_resize(self, event: Resize) -> None:
        """Rows are kept by their width; Textual would make all of them again."""
        event.prevent_default()

    def action_leave(self) -> None:
        """Say so."""
        self.post_message(self.Left())

    def on_tree_node_selected(self, event: Tree.NodeSelected[str]) -> None:
        """Say which profile it is; a folder only folds."""
        event.stop()
        if event.node.data:
            self.post_message(self.Chosen(event.node.data))

    def _folder(self, path: str) -> TreeNode[str]:
        if not path:
            return self.root
        if path not in self._places:
            parent, _, name = path.rpartition("/")
            self._places[path] = self._folder(parent).add(Text(f"{plain(name)}/", style="bold"), data="", expand=True)
        return self._places[path]


def _label(entry: ProfileEntry, name: str) -> Text:
    if entry.profile is None:
        return Text.assemble(("✗ ", "bold red"), plain(name))
    return Text(plain(name))
