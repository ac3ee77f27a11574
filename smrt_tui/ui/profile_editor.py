"""A profile's file in an editor of the app, its problems listed as it is typed. It saves through the function given.

The text is only let go once it is saved or the person said so; a broken text is saved when they say so too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from smrt_tui.core.plain import plain
from smrt_tui.ui.dialogs import Question
from smrt_tui.ui.pace import Debounce
from smrt_tui.ui.widgets.yaml_editor import YamlEditor

if TYPE_CHECKING:
    from smrt_tui.core.problem import Problem

CHECK_AFTER_S = 0.15


class ProfileEditor(ModalScreen[None]):
    """The text, its problems, and what can be done with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f5", "save", "Save", show=False, priority=True),
        Binding("escape", "leave", "Leave", show=False, priority=True),
        Binding("f7,alt+f", "next_problem", "Next problem", show=False, priority=True),
    ]

    AUTO_FOCUS = "YamlEditor"

    DEFAULT_CSS = """
    ProfileEditor {
        #editor-note { width: 100%; height: auto; color: $text-warning; }
        YamlEditor { height: 1fr; }
        #editor-state { height: 1; width: 100%; color: $text-success; border-top: none; }
        #editor-state.-wrong { color: $text-error; }
        OptionList { height: auto; max-height: 6; padding: 0; background: $panel; }
        OptionList, OptionList:focus { border: none; }
    }
    """

    def __init__(
        self,
        *,
        title: str,
        text: str,
        note: str = "",
        saved: str | None = None,
        check: Callable[[str], Awaitable[Sequence[Problem]]],
        on_disk: Callable[[], Awaitable[str | None]],
        save: Callable[[str], Awaitable[str]],
    ) -> None:
        """`saved` is what stood on disk, when that is not `text`; `on_disk` tells what stands there now, None for no
        file; `save` returns why it failed, or nothing.
        """
        super().__init__()
        self._title = title
        self._text = text
        self._note = note
        self._saved = text if saved is None else saved
        self._check = check
        self._on_disk = on_disk
        self._save = save
        self._problems: tuple[Problem, ...] = ()
        self._check_soon = Debounce(self._look, CHECK_AFTER_S)

    def compose(self) -> ComposeResult:
        """A note, the text, what is wrong with it, and two buttons."""
        with Vertical(classes="dialog -wide") as box:
            box.border_title = plain(self._title)
            box.border_subtitle = "^s saves · f7 next problem · esc leaves"
            if self._note:
                yield Static(plain(self._note), id="editor-note", markup=False)
            yield YamlEditor(self._text)
            yield Static(id="editor-state", markup=False)
            yield OptionList()
            with Horizontal(classes="dialog-buttons"):
                yield Button("Leave", id="leave", compact=True)
                yield Button("Save", id="save", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Say what is wrong from the beginning."""
        self.query_one(OptionList).display = False
        self._look()

    def on_unmount(self) -> None:
        """Stop looking."""
        self._check_soon.drop()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Look again after a pause."""
        event.stop()
        self._check_soon.poke()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go to where the problem is."""
        self._go_to(self._problems[event.option_index])

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Save, or leave."""
        if event.button.id == "save":
            self.action_save()
        else:
            self.action_leave()

    def action_next_problem(self) -> None:
        """Go to the first problem below the cursor, or the first of all."""
        if self._problems:
            row, column = self.query_one(YamlEditor).cursor_location
            below = (p for p in self._problems if (p.line, p.column) > (row + 1, column + 1))
            self._go_to(next(below, self._problems[0]))

    @work(exclusive=True, group="save")
    async def action_save(self) -> None:
        """Save; what is broken, or over what another program wrote meanwhile, only once that is wanted."""
        text = self.query_one(YamlEditor).text
        problems = tuple(await self._check(text))
        self._show(problems)
        if problems and not await self.app.push_screen_wait(_broken(len(problems))):
            return
        if await self._on_disk() not in (None, self._saved, text) and not await self.app.push_screen_wait(_changed()):
            return
        complaint = await self._save(text)
        if complaint:
            self.notify(complaint, severity="error", markup=False, timeout=8)
        else:
            self.dismiss(None)

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave; with something unsaved only once that is wanted."""
        if self.query_one(YamlEditor).text == self._saved or await self.app.push_screen_wait(_unsaved()):
            self.dismiss(None)

    def _look(self) -> None:
        self.run_worker(self._look_now(), exclusive=True, group="check")

    async def _look_now(self) -> None:
        if self.query(YamlEditor):  # it may have been left meanwhile, here and below
            problems = tuple(await self._check(self.query_one(YamlEditor).text))
            if self.query("#editor-state"):
                self._show(problems)

    def _show(self, problems: tuple[Problem, ...]) -> None:
        self._problems = problems
        state = self.query_one("#editor-state", Static)
        state.set_class(bool(problems), "-wrong")
        count = len(problems)
        words = "✓ a sound profile" if not count else f"✗ {count} {'problem' if count == 1 else 'problems'}"
        state.update(words)
        listed = self.query_one(OptionList)
        listed.display = bool(problems)
        listed.clear_options()
        listed.add_options(Option(Content(_line(problem))) for problem in problems)

    def _go_to(self, problem: Problem) -> None:
        editor = self.query_one(YamlEditor)
        row = min(problem.line, editor.document.line_count) - 1
        editor.move_cursor((row, min(problem.column - 1, len(editor.document.get_line(row)))), center=True)
        editor.focus()


def _line(problem: Problem) -> str:
    key = f"{problem.key}: " if problem.path else ""
    return plain(f"{problem.line}:{problem.column}: {key}{problem.message}").replace("\n", " ")


def _broken(count: int) -> Question:
    what = "a problem" if count == 1 else f"{count} problems"
    text = f"The text has {what}. It can be saved as it is; nothing can be sent from this profile until it is mended."
    return Question(title="Save what is broken?", text=text, agree="Save anyway")


def _changed() -> Question:
    text = "Another program changed the file while it was open here. Saving puts this text in place of that change."
    return Question(title="Save over the change?", text=text, agree="Save over it")


def _unsaved() -> Question:
    return Question(title="Leave?", text="What was changed here is not saved.", agree="Leave it")
