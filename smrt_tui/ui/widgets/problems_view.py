"""What is wrong with a profile file: every problem at its line and column. Shown in the composer's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from smrt_tui.core.plain import plain

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import Catalogue, ProfileEntry


class ProblemsView(VerticalScroll, can_focus=True):
    """The problems of one profile."""

    HELP = """Every problem of this profile's file, with file, line and column. alt+e opens the file
here; corrected in another editor it is read again by itself."""

    DEFAULT_CSS = """
    ProblemsView { padding: 0 1; }
    """

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="problems-text", markup=False)

    def show_nothing(self, catalogue: Catalogue) -> None:
        """Say that there is no profile, why, and what to do."""
        self.border_title = "No profiles"
        lines = ["No profile was found.", "", *(plain(str(problem)) for problem in catalogue.problems)]
        lines += ["", "Put a file such as profiles/mine.yaml beside your work:", ""]
        lines += ["    endpoint: my-endpoint", "    region: us-east-1", "    mode: stream", ""]
        lines.append("It is read by itself, or at once by alt+u. alt+n begins one here.")
        self.query_one("#problems-text", Static).update(Content("\n".join(lines)))

    def show(self, entry: ProfileEntry) -> None:
        """List a profile's problems."""
        count = len(entry.problems)
        self.border_title = f"{plain(entry.id)} cannot be sent"
        lines = [f"{count} {'problem' if count == 1 else 'problems'} in {plain(entry.path)}", ""]
        for problem in entry.problems:
            lines += [plain(str(problem)), ""]
        lines.append("alt+e opens the file here. Corrected in another editor it is read again by itself.")
        self.query_one("#problems-text", Static).update(Content("\n".join(lines)))
