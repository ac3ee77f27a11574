"""Whether the `stream:` section of a profile makes sense. Called when profiles are loaded and when they are edited."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from smrt_tui.core.decode.expressions import PathError, compiled
from smrt_tui.core.decode.presets import PRESETS, find_preset
from smrt_tui.core.decode.reader import own_paths

if TYPE_CHECKING:
    from smrt_tui.core.profile import StreamOptions


def validate_stream_options(options: StreamOptions) -> list[tuple[str, str]]:
    """Every problem as the key it belongs to (`text`, `preset`) and a sentence with the column; empty when all is well.

    A decoder made from options with problems works without what is wrong.
    """
    problems = []
    if options.preset is not None and find_preset(options.preset) is None:
        problems.append(("preset", _unknown_preset(options.preset)))
    for key, path in own_paths(options).items():
        try:
            compiled(path)
        except PathError as error:
            problems.append((key, str(error)))
    return problems


def _unknown_preset(name: str) -> str:
    names = [preset.name for preset in PRESETS]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return f"there is no preset {name!r}; did you mean `{near[0]}`?"
    return f"there is no preset {name!r}; there are {', '.join(names)}"
