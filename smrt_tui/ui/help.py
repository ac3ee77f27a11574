"""Help for the part of the screen that has the focus: what it is, its own keys, then every key of the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from smrt_tui.core.plain import plain
from smrt_tui.ui.actions import ACTIONS, Action, keys_of, shown_key

if TYPE_CHECKING:
    from textual.widget import Widget


@runtime_checkable
class Explaining(Protocol):
    """A widget with more to say than its class: about what is under its cursor."""

    def help_text(self) -> str:
        """Empty when there is nothing to say."""
        ...


class Explanation(Struct, frozen=True):
    """What there is to say about one widget."""

    title: str
    text: str
    keys: tuple[tuple[str, str], ...]
    """The widget's own keys and what they do."""


def explain(widget: Widget | None) -> Explanation:
    """What the focused widget, or the nearest part around it that has something to say, is for."""
    if widget is None:
        return Explanation("smrt-tui", "", ())
    around = [node for node in widget.ancestors_with_self if hasattr(node, "HELP")]
    own = next((node.help_text() for node in around if isinstance(node, Explaining) and node.help_text()), "")
    speaking = next((node for node in around if node.HELP), None)
    general = cleandoc(speaking.HELP).replace("\n", " ") if speaking is not None and speaking.HELP else ""
    title = _words(type(speaking or widget).__name__)
    return Explanation(title, "\n\n".join(filter(None, (own, general))), tuple(_own_keys(widget)))


def _own_keys(widget: Widget) -> Iterator[tuple[str, str]]:
    told: dict[str, list[str]] = {}
    for base in type(widget).__mro__:
        for binding in base.__dict__.get("BINDINGS", ()):
            made = binding if isinstance(binding, Binding) else Binding(*binding)
            if made.description and not made.system:
                told.setdefault(made.description, []).extend(shown_key(key.strip()) for key in made.key.split(","))
    for words, keys in told.items():
        yield " ".join(dict.fromkeys(keys)), words


def _words(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip().capitalize()


class HelpScreen(ModalScreen[None]):
    """The explanation over the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,f1,question_mark", "dismiss", "Close", show=False)]

    def __init__(self, explanation: Explanation, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._explanation = explanation
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """The text, then the keys in two columns."""
        with VerticalScroll(classes="dialog -large") as box:
            box.border_title = f"Help · {self._explanation.title}"
            box.border_subtitle = "esc closes"
            if self._explanation.text:
                yield Static(plain(self._explanation.text), markup=False, classes="help-text")
            for group, rows in self._groups():
                yield Static(group, markup=False, classes="help-group")
                with Grid(classes="help-keys"):
                    for keys, words in rows:
                        yield Static(keys, markup=False, classes="help-key")
                        yield Static(words, markup=False)

    def _groups(self) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
        for group in dict.fromkeys(action.group for action in ACTIONS):
            yield group, [self._row(action) for action in ACTIONS if action.group == group]
        if self._explanation.keys:
            yield self._explanation.title, self._explanation.keys

    def _row(self, action: Action) -> tuple[str, str]:
        return " ".join(shown_key(key) for key in keys_of(action, self._keymap)), action.help
