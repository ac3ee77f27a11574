"""Stop strings over a text that comes piece by piece: text is let go only when it can no longer begin a stop string."""

from __future__ import annotations

from collections.abc import Sequence


class StopStrings:
    """Feed it pieces; it gives back what may be shown. After a match it gives nothing more."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.matched: str | None = None
        """The stop string that ended the text."""

    def feed(self, piece: str) -> str:
        """What of the text so far may be shown now; cut before the earliest stop string."""
        text = self._held + piece
        found = [(at, stop) for stop in self._stops if (at := text.find(stop)) >= 0]
        if found:
            at, self.matched = min(found, key=lambda match: match[0])
            self._held = ""
            return text[:at]
        kept = self._unsure(text)
        self._held = text[len(text) - kept :]
        return text[: len(text) - kept]

    def finish(self) -> str:
        """What was held back: no stop string came of it."""
        held, self._held = self._held, ""
        return held

    def _unsure(self, text: str) -> int:
        """How many of the last characters may be the beginning of a stop string."""
        longest = max((len(stop) - 1 for stop in self._stops), default=0)
        lengths = range(min(longest, len(text)), 0, -1)
        return next((n for n in lengths if any(stop.startswith(text[-n:]) for stop in self._stops)), 0)
