"""The tree of a YAML text without anything unusual, straight from the parser's events: for reading many files fast.

No place is kept and no problem is found here: whatever may be one, or needs more than a look at one value (a tag, a
merge, a key that stands twice, an alias of more than text), is `NotPlain`, and `yaml_text` reads the text instead.
Where there is a tree, it is the one that `yaml_text` finds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from smrt_tui.core.problem import KeyPath
from smrt_tui.store.yaml_text import MAX_DEPTH, MAX_VALUES, Loader, constructed

_FIRST_LETTERS = Loader.yaml_implicit_resolvers
"""What a bare word begins with that may be more than text; nothing at all is null."""

_NO_KEYS = ("", "~", "null", "Null", "NULL", "<<")
"""Bare words that YAML takes for no key at all, or for a merge."""


class NotPlain(Exception):
    """The text has to be read with places, by `yaml_text`."""


def plain_tree(text: str) -> Any:
    """The tree; None for a text without a value. Raises `NotPlain`."""
    if len(text) > MAX_VALUES:  # shorter, it cannot hold too many
        raise NotPlain
    try:
        loader = Loader(text)
        try:
            return _Events(loader).document()
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError) as problem:
        raise NotPlain from problem


class _Events:
    """Builds the tree; each method takes its first event and reads on to its last."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._next: Callable[[], yaml.Event] = loader.get_event
        self._anchored: dict[str, str] = {}
        """Text with a name: the one thing that is the same wherever an alias puts it."""

    def document(self) -> Any:
        self._next()  # the stream's beginning
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        tree = self._value(self._next(), ())
        self._next()  # the document's end
        if not isinstance(self._next(), yaml.StreamEndEvent):
            raise NotPlain  # another document
        return tree

    def _value(self, event: Any, path: KeyPath) -> Any:
        kind = type(event)
        if event.anchor is not None:
            return self._alias(event) if kind is yaml.AliasEvent else self._anchor(event)
        if event.tag is not None or len(path) > MAX_DEPTH:
            raise NotPlain
        if kind is yaml.ScalarEvent:
            value = event.value
            if not event.implicit[0] or value[:1] not in _FIRST_LETTERS:  # nearly every value
                return value
            return constructed(self._loader, self._loader.resolve(yaml.ScalarNode, value, (True, False)), value, path)
        return self._mapping(path) if kind is yaml.MappingStartEvent else self._list(path)

    def _anchor(self, event: Any) -> str:
        is_text = type(event) is yaml.ScalarEvent and not event.implicit[0]
        if not is_text or event.tag is not None or event.anchor in self._anchored:
            raise NotPlain
        return self._anchored.setdefault(event.anchor, event.value)

    def _alias(self, event: Any) -> str:
        if event.anchor not in self._anchored:
            raise NotPlain
        return self._anchored[event.anchor]

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._key(event)
            if key in tree:
                raise NotPlain
            tree[key] = self._value(self._next(), (*path, key))
        return tree

    def _list(self, path: KeyPath) -> list[Any]:
        tree: list[Any] = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            tree.append(self._value(event, (*path, len(tree))))
        return tree

    def _key(self, event: Any) -> str:
        if type(event) is not yaml.ScalarEvent or event.anchor is not None or event.tag is not None:
            raise NotPlain
        key: str = event.value
        if event.implicit[0] and key in _NO_KEYS:
            raise NotPlain
        return key
