"""Places of one answer that a person marked, as bytes of its body: so they mean the same in every view of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator


class Bookmarks:
    """Byte offsets, in order. They belong to one run and live as long as it."""

    def __init__(self) -> None:
        self._offsets: list[int] = []

    def __len__(self) -> int:
        return len(self._offsets)

    def __iter__(self) -> Iterator[int]:
        return iter(self._offsets)

    def toggle(self, start: int, end: int) -> bool:
        """Mark a place, or drop what is marked from there up to `end`; whether it is marked now."""
        first, last = bisect_left(self._offsets, start), bisect_left(self._offsets, max(end, start + 1))
        if first < last:
            del self._offsets[first:last]
            return False
        insort(self._offsets, start)
        return True

    def drop(self, offset: int) -> None:
        """Forget one."""
        if offset in self._offsets:
            self._offsets.remove(offset)

    def clear(self) -> None:
        """Forget all: the answer began anew."""
        self._offsets.clear()

    def number(self, offset: int) -> int:
        """Which one it is, counted from 1."""
        return bisect_left(self._offsets, offset) + 1

    def is_any_in(self, start: int, end: int) -> bool:
        """Whether one lies between two places, the second excluded."""
        return bisect_left(self._offsets, start) < bisect_left(self._offsets, end)

    def after(self, offset: int) -> int | None:
        """The next one, around the end; None when there is none at all."""
        if not self._offsets:
            return None
        return self._offsets[bisect_right(self._offsets, offset) % len(self._offsets)]

    def before(self, offset: int) -> int | None:
        """The one before, around the start; None when there is none at all."""
        if not self._offsets:
            return None
        return self._offsets[bisect_left(self._offsets, offset) - 1]
