"""The person's settings: `keymap.yaml`, or `keymap:` in `config.yaml`, and the remembered colours.

Read before the first frame, so nothing heavy is imported unless there is a file to read. Nothing here raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

_LARGEST = 64 * 1024
"""Bytes; more is no keymap."""


class Keys(NamedTuple):
    """Which keys a person wants for which actions. Whether that can be followed is for the screen to say.

    Made before the first frame: a dataclass takes milliseconds to declare.
    """

    keymap: Mapping[str, str] = MappingProxyType({})
    """Action ids and their keys, separated by commas."""
    places: Mapping[str, str] = MappingProxyType({})
    """Where each was written, as `file:line`."""
    complaints: tuple[str, ...] = ()
    """What could not be read, each with its place."""


def read_keymap(config_folder: Path) -> Keys:
    """The keymap of the config folder; an empty one when there is none. `keymap.yaml` goes before `config.yaml`."""
    for name, prefix in (("keymap.yaml", ()), ("config.yaml", ("keymap",))):
        path = config_folder / name
        try:
            with path.open("rb") as file:
                content = file.read(_LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            return Keys(complaints=(f"{path}: it cannot be read: {error.strerror or error}",))
        if len(content) > _LARGEST:
            return Keys(complaints=(f"{path}: it is larger than {_LARGEST:,} bytes",))
        return _keys_of(path, content, prefix)
    return Keys()


def _keys_of(path: Path, content: bytes, prefix: tuple[str, ...]) -> Keys:
    from smrt_tui.store.yaml_text import read_document

    document = read_document(content.decode("utf-8-sig", "replace"))
    complaints = [f"{path}:{problem.line}: {problem.message}" for problem in document.problems]
    tree = document.tree
    for key in prefix:
        tree = tree.get(key) if isinstance(tree, dict) else None
    if tree is not None and not isinstance(tree, dict):
        complaints.append(f"{path}:1: a keymap is a mapping of actions to keys, such as `send: f5, ctrl+j`")
    keymap: dict[str, str] = {}
    places: dict[str, str] = {}
    for action, keys in (tree if isinstance(tree, dict) else {}).items():
        place = f"{path}:{document.place((*prefix, action), of_key=True)[0]}"
        written = _written(keys)
        if written is None:
            complaints.append(f"{place}: {action} needs keys such as `f5, ctrl+j`, or a list of them")
        else:
            keymap[str(action)], places[str(action)] = written, place
    return Keys(keymap, places, tuple(complaints))


def _written(keys: Any) -> str | None:
    """Keys as one text, from a text or a list; None for anything else. `5` is a key, and YAML takes it for a number."""
    if isinstance(keys, bool) or not isinstance(keys, str | int | list):
        return None
    if isinstance(keys, list):
        return ",".join(str(key) for key in keys) if all(isinstance(key, str | int) for key in keys) else None
    return str(keys)


def write_theme(state_folder: Path, theme: str) -> None:
    """Remember the colours. Raises `OSError` when the disk does not take it."""
    from smrt_tui.store.private import write_private

    write_private(state_folder / "theme", theme.encode("utf-8", "replace"))


def read_theme(state_folder: Path) -> str | None:
    """The name of the colours chosen last; None when none were."""
    try:
        with (state_folder / "theme").open("rb") as file:
            return file.read(_LARGEST).decode("utf-8").strip() or None
    except (OSError, ValueError):
        return None
