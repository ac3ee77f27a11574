"""The gallery as a list with a preview. It returns the template and what it is for; it changes nothing."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from smrt_tui.core.gallery import TEMPLATES, Template, template_members


class Picked(Struct, frozen=True):
    """A template, and whether it is for a new profile or for the open request."""

    template: Template
    is_for_profile: bool


class GalleryScreen(ModalScreen["Picked | None"]):
    """Every template, with what it would send."""

    HELP = """A first request for each family of models. Enter takes it into the open request, which alt+y brings back;
ctrl+n begins a new profile with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close", show=False),
        Binding("ctrl+n,f5", "pick(True)", "New profile", show=False, priority=True),
    ]

    AUTO_FOCUS = "OptionList"

    DEFAULT_CSS = """
    GalleryScreen {
        #gallery { height: 1fr; }
        OptionList { width: 22; height: 100%; max-height: 100%; padding: 0; background: transparent; }
        OptionList, OptionList:focus { border: none; }
        #gallery-preview { width: 1fr; height: 100%; padding: 0 1; border-left: solid $foreground 20%; }
    }
    """

    def __init__(self, *, is_for_profile: bool) -> None:
        """`is_for_profile` says what enter does."""
        super().__init__()
        self._is_for_profile = is_for_profile

    def compose(self) -> ComposeResult:
        """Names at the left, what they send at the right, buttons below."""
        with Vertical(classes="dialog -wide") as box:
            box.border_title = "A new profile from" if self._is_for_profile else "Take a request from the gallery"
            enter = "begins a profile" if self._is_for_profile else "takes it · ^n begins a profile"
            box.border_subtitle = f"enter {enter} · esc closes"
            with Horizontal(id="gallery"):
                yield OptionList(*(Option(Content(template.name)) for template in TEMPLATES))
                with VerticalScroll(id="gallery-preview", can_focus=False):
                    yield Static(id="gallery-text", markup=False)
            with Horizontal(classes="dialog-buttons"):
                if not self._is_for_profile:
                    yield Button("Into the request", id="request", compact=True)
                yield Button("New profile", id="profile", variant="primary", compact=True)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what it would send."""
        self.query_one("#gallery-text", Static).update(Content(template_text(TEMPLATES[event.option_index])))
        self.query_one("#gallery-preview").scroll_home(animate=False)

    def on_option_list_option_selected(self) -> None:
        """Take it."""
        self.action_pick(self._is_for_profile)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take it."""
        self.action_pick(event.button.id == "profile")

    def action_pick(self, is_for_profile: bool) -> None:
        """Hand the highlighted template back."""
        index = self.query_one(OptionList).highlighted
        if index is not None:
            self.dismiss(Picked(TEMPLATES[index], is_for_profile))


def template_text(template: Template) -> str:
    """A template as it would be written."""
    lines = [template.title, *([template.note] if template.note else []), ""]
    lines.append(f"modes: {', '.join(template.modes)}")
    lines += [f"{name}: {value}" for name, value in template_members(template, template.modes[0]).items()]
    lines += [f"stream: {template.preset or template.decoder}"] if template.preset or template.decoder else []
    lines += ["", template.body if template.body_file is None else f"(the bytes of {template.body_file})"]
    lines += [f"{{{{{name}}}}} = {value}" for name, value in template.variables]
    return "\n".join(lines)
