"""What panes tell their screen. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class CopyRequested(Message):
    """Posted when text is to be put on the clipboard."""

    text: str


@dataclass
class Located(Message):
    """Posted when a cursor moved onto a byte of the body, so that the other views can follow."""

    byte_offset: int
    """Counts from the start of the concatenated parts."""


@dataclass
class Searched(Message):
    """Posted when a search found something more, or moved to another match."""

    query: str
    position: int
    """Counts from 1; 0 when no match is current."""
    total: int
    is_complete: bool
    """False while the rest of a large body is still being searched."""


@dataclass
class FollowChanged(Message):
    """Posted when a pane stops following what arrives, or follows again."""

    is_following: bool


@dataclass
class Remarked(Message):
    """Posted when a person is to be told something in a short sentence."""

    text: str


@dataclass
class BookmarksAsked(Message):
    """Posted when a person wants the list of bookmarks."""


@dataclass
class MarkAsked(Message):
    """Posted when a person wants a row marked with the mouse, or its mark dropped."""

    row: int


@dataclass
class CursorMoved(Message):
    """Posted when a person moved a table's cursor."""

    row: int
