"""The composer: one draft in three pages. It edits a value and hands back another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget

from smrt_tui.core.kept_text import is_large
from smrt_tui.core.plain import plain
from smrt_tui.ui.payload_check import (
    PayloadState,
    byte_size,
    check_payload,
    is_json_lines_type,
    is_json_type,
)
from smrt_tui.ui.widgets.payload_page import PayloadPage, about_attached, about_kept
from smrt_tui.ui.widgets.payload_picker import PayloadPicker
from smrt_tui.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.fills import Fill
    from smrt_tui.core.kept_text import KeptText
    from smrt_tui.core.service import Operation, Service
    from smrt_tui.ui.news import FileTold
    from smrt_tui.ui.widgets.variables_bar import VariablesBar

Page: TypeAlias = Literal["payload", "members", "variables"]
PAGES: tuple[Page, ...] = get_args(Page)
TITLES = {"payload": "Payload", "members": "Members & headers", "variables": "Variables"}


class Composer(Vertical):
    """The request being written."""

    ALLOW_MAXIMIZE = True

    DEFAULT_CSS = """
    Composer {
        #composer-row { height: 1; }
        #composer-tabs { width: 1fr; }
        PayloadPage { height: 1fr; }
        .-away { display: none; }
    }
    """

    @dataclass
    class Edited(Message):
        """Posted when a person changed the draft."""

        draft: Draft

    def __init__(self) -> None:
        super().__init__()
        self._draft: Draft | None = None
        self._service: Service | None = None
        self._page: Page = "payload"
        self._form: Widget | None = None
        self._bar: VariablesBar | None = None
        self._input = "inline"
        """Where the profile wants an async payload: `inline`, or a folder in S3."""
        self.state = PayloadState("")
        """What can be said about the payload as it is."""

    def compose(self) -> ComposeResult:
        """Tabs and the payload picker in a row, the page below. The two forms are made when they are looked at."""
        with Horizontal(id="composer-row"):
            yield Segments([(page, TITLES[page]) for page in PAGES], widget_id="composer-tabs")
            yield PayloadPicker()
        yield PayloadPage()

    def on_mount(self) -> None:
        """Say what is not there yet."""
        self.border_title = "Request"
        self.border_subtitle = "loading profiles"

    def name_request(self, entry: ProfileEntry, payload: str) -> None:
        """Say whose request it is, and offer the profile's payloads."""
        self.query_one(PayloadPicker).show(entry.profile.payloads if entry.profile else (), payload)
        self._input = entry.profile.async_.input if entry.profile else "inline"
        self.border_title = f"Request · {plain(entry.id)}"

    async def show_draft(self, draft: Draft, *, is_other: bool = False) -> None:
        """Show a draft that was changed by something else than typing here; `is_other` when it is another one."""
        self._draft = draft
        is_json = self._is_json(draft)
        await self.query_one(PayloadPage).show(draft, is_json=is_json, is_other=is_other)
        self._tell_state()
        await self._show_variables(draft)
        await self._build_form()

    async def show_fills(self, fills: tuple[Fill, ...]) -> None:
        """Tell what fills itself."""
        if self._bar is not None:
            await self._bar.show_fills(fills)

    def show_file(self, told: FileTold) -> None:
        """Tell what the file is that is sent, or why it cannot be."""
        draft, file = self._draft, told.file
        if draft is None or (draft.body_file is None and draft.body_kept is None):
            return
        page = self.query_one(PayloadPage)
        self.set_class(file is None, "-wrong")
        if file is None:
            page.tell_file((plain(told.trouble),))
        elif draft.body_file is None and draft.body_kept is not None:
            page.tell_file(about_kept(file, draft.body_kept, can_go_back=told.can_go_back))
        else:
            page.tell_file(about_attached(file))
        if draft.body_file is not None:
            size = "" if file is None else f" · {self._gauge(draft, file.size)}"
            self.border_subtitle = f"file {plain(draft.body_file)}{size}"

    async def keep_text(self, text: str, kept: KeptText) -> None:
        """The text that was too large to be edited is in a file now."""
        if self._draft is not None and self._draft.body is text:
            self._draft = replace(self._draft, body="", body_kept=kept)
            await self.query_one(PayloadPage).show(self._draft, is_json=self._is_json(self._draft))
            self._tell_state()

    async def _show_variables(self, draft: Draft) -> None:
        """The bar below the payload. Made with the operations: what comes before them has no time for it."""
        if self._service is None or not self.is_attached:  # news may come while the app is closing
            return
        from smrt_tui.ui.widgets.variables_bar import VariablesBar

        if self._bar is None:
            self._bar = VariablesBar()
            await self.mount(self._bar)
        await self._bar.show(draft)

    async def open_page(self, page: Page) -> None:
        """Turn to a page."""
        self._page = page
        self.query_one(Segments).value = page
        self.query_one(PayloadPage).set_class(page != "payload", "-away")
        if self._bar is not None:
            self._bar.set_class(page != "payload", "-away")  # the forms need the row
        await self._build_form()

    async def show_service(self, service: Service) -> None:
        """Take the operations, once they are read."""
        self._service = service
        self._tell_state()
        if self._draft is not None:
            await self._show_variables(self._draft)
        await self._build_form()

    async def on_segments_chosen(self, event: Segments.Chosen) -> None:
        """Turn to the page that was chosen."""
        event.stop()
        await self.open_page(next(page for page in PAGES if page == event.value))

    async def on_payload_page_changed(self, event: PayloadPage.Changed) -> None:
        """Take the text; too much of it becomes a preview."""
        event.stop()
        page = self.query_one(PayloadPage)
        if self._draft is not None:
            self._edit(self._draft.with_body(event.text))
            if page.is_preview or is_large(event.text):
                await page.show(self._draft, is_json=self._is_json(self._draft))

    def on_members_form_changed(self, event: Message) -> None:
        """Take members and headers."""
        from smrt_tui.ui.widgets.members_form import MembersForm

        event.stop()
        if self._draft is not None and isinstance(event, MembersForm.Changed):
            self._edit(event.into(self._draft))

    def on_variables_form_changed(self, event: Message) -> None:
        """Take variables."""
        from smrt_tui.ui.widgets.variables_form import VariablesForm

        event.stop()
        if self._draft is not None and isinstance(event, VariablesForm.Changed):
            self._edit(replace(self._draft, variables=event.variables))

    def on_variables_bar_changed(self, event: Message) -> None:
        """Take a variable."""
        from smrt_tui.ui.widgets.variables_bar import VariablesBar

        event.stop()
        if self._draft is not None and isinstance(event, VariablesBar.Changed):
            self._edit(self._draft.with_variable(event.name, event.value))

    def on_variables_bar_left(self, event: Message) -> None:
        """Back to the payload."""
        event.stop()
        self.query_one(PayloadPage).take_focus()

    def _edit(self, draft: Draft) -> None:
        self._draft = draft
        self._tell_state()
        if self._bar is not None:
            self.call_later(self._bar.show, draft)
        self.post_message(self.Edited(draft))

    async def _build_form(self) -> None:
        if self._form is not None:
            await self._form.remove()
            self._form = None
        if self._draft is None or self._service is None or self._page == "payload":
            return
        self._form = self._make_form(self._draft, self._service)
        await self.mount(self._form, before=self._bar)

    def _make_form(self, draft: Draft, service: Service) -> Widget:
        from smrt_tui.ui.widgets.members_form import MembersForm
        from smrt_tui.ui.widgets.variables_form import VariablesForm

        if self._page == "members":
            return MembersForm(draft, service)
        return VariablesForm(draft)

    def _is_json(self, draft: Draft) -> bool:
        content_type = draft.member("ContentType")
        if content_type is None:
            return draft.body.lstrip()[:1] in ("{", "[")
        return is_json_type(content_type) or is_json_lines_type(content_type)

    def _tell_state(self) -> None:
        draft = self._draft
        if draft is None:
            return
        if draft.body_file is not None:
            self.state = PayloadState(f"file {plain(draft.body_file)}")
            self.border_subtitle = self.state.text
            return
        if draft.body_kept is not None:
            self.state = PayloadState("large text")
            self.border_subtitle = f"{self.state.text} · {self._gauge(draft, draft.body_kept.size)}"
            return
        if is_large(draft.body):  # it is counted when it is kept, and that is soon
            self.state = PayloadState("large text")
            self.border_subtitle = self.state.text
            return
        self.state = check_payload(draft.body, draft.member("ContentType"))
        self.set_class(self.state.is_wrong, "-wrong")
        size = len(draft.body.encode("utf-8", "surrogatepass"))
        self.border_subtitle = f"{self.state.text} · {self._gauge(draft, size)}"

    def _gauge(self, draft: Draft, size: int) -> str:
        """The size against what the operation takes, and for an async payload where it goes."""
        operation = self._service.operation(draft.mode) if self._service else None
        limit = _body_limit(operation) if operation else None
        if draft.mode != "async":
            return byte_size(size) if limit is None else f"{byte_size(size)} of {byte_size(limit)}"
        from smrt_tui.core.placement import INPUT_LOCATION, MOST_UPLOADED_BYTES, placement_of

        placement = placement_of(draft.member(INPUT_LOCATION), self._input)
        match placement.way:
            case "inline":
                return f"{byte_size(size)}{f' of {byte_size(limit)}' if limit else ''} in the request"
            case "upload":
                return f"{byte_size(size)} of {byte_size(MOST_UPLOADED_BYTES)}, uploaded to {plain(placement.location)}"
            case "object":
                return f"not sent: {plain(placement.location)} is the payload"


def _body_limit(operation: Operation) -> int | None:
    body = operation.input("Body")
    return None if body is None else body.maximum
