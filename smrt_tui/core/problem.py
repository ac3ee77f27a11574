"""Something wrong in a profile file, and where. What is wrong is found elsewhere."""

from __future__ import annotations

import re
from typing import TypeAlias

from msgspec import Struct

KeyPath: TypeAlias = tuple[str | int, ...]
"""The keys and list indices that lead to a value."""


class Problem(Struct, frozen=True):
    """Something wrong in a profile file."""

    path: KeyPath
    """The keys that lead to it; empty for the file as a whole."""
    message: str
    """What is wrong and what is allowed, in a sentence."""
    line: int = 1
    """From 1; filled in by the store."""
    column: int = 1
    """From 1; filled in by the store."""
    file: str = ""
    is_about_key: bool = False
    """Whether the key itself is wrong, not its value: where to point."""

    @property
    def key(self) -> str:
        """The key's path as a person writes it: `payloads[0].body`."""
        return re.sub(r"\.\[", "[", ".".join(f"[{k}]" if isinstance(k, int) else k for k in self.path))

    def __str__(self) -> str:
        """`file:line:col: key: message`, as compilers write."""
        key = f"{self.key}: " if self.path else ""
        return f"{self.file}:{self.line}:{self.column}: {key}{self.message}"
