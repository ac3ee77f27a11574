"""Values with secrets in them. What shows a value for a person, such as a traceback with its locals, shows no field."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Sealed(Struct, frozen=True):
    """Tells its type and nothing else, to `repr` and to Rich, which Textual's tracebacks are made with."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []
