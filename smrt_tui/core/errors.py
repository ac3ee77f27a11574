"""The one exception that is meant for a person. Shown at one place by the command line and at one by the app."""

from __future__ import annotations


class SmrtError(Exception):
    """Something that stops what was asked, said in words: what, where, and what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
