"""The members of the chosen operation and the free headers as a form. Everything in it comes from the service model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import DescendantFocus
from textual.message import Message
from textual.widgets import Static

from smrt_tui.ui.widgets.rows import Adder, FieldRow, PairRow

if TYPE_CHECKING:
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.service import Member, Operation

ENDPOINT = "EndpointName"


class MembersForm(Vertical):
    """One row a member with the header it becomes in this operation, then the free headers."""

    HELP = """The members of the operation that the mode fires, each with the header it becomes on the wire: the same
member has different names in the three operations. An empty value is not sent. Below them any other header, sent as
typed; the service drops most of those before the container sees them."""

    DEFAULT_CSS = """
    MembersForm {
        & > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        .form-heading { height: 1; color: $text-muted; text-style: bold; margin: 1 0 0 0; }
        #member-help {
            display: none;
            dock: bottom;
            height: auto;
            max-height: 4;
            padding: 0 1;
            background: $boost;
            color: $text-muted;
        }
    }
    """

    @dataclass
    class Changed(Message):
        """Posted when a person changed a member, the endpoint or a header."""

        endpoint: str
        members: tuple[tuple[str, str], ...]
        headers: tuple[tuple[str, str], ...]

    def __init__(self, draft: Draft, operation: Operation) -> None:
        super().__init__()
        self._operation = operation
        self._endpoint = draft.endpoint
        self._members = dict(draft.members)
        self._headers = draft.headers

    def compose(self) -> ComposeResult:
        """Rows of members, rows of headers, help below."""
        with VerticalScroll(can_focus=False):
            yield FieldRow(ENDPOINT, self._endpoint, "in the path")
            for member in self._operation.header_members:
                yield FieldRow(
                    member.name, self._members.get(member.name, ""), member.header or "", placeholder=_hint(member)
                )
            for name in self._foreign():
                note = f"not sent: {self._operation.name} has none"
                yield FieldRow(name, self._members[name], note, is_wrong=True)
            yield Static("Other headers, sent as typed", classes="form-heading", markup=False)
            for name, value in self._headers:
                yield _header_row(name, value)
            yield Adder("+ add a header", markup=False)
        yield Static(id="member-help", markup=False)

    def help_text(self) -> str:
        """What the model says about the member under the cursor; empty when there is none."""
        row = next((row for row in self.query(FieldRow) if row.has_focus_within), None)
        member = self._operation.input(row.field) if row else None
        return "" if member is None else about(member)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the help of the row that has the cursor."""
        text = self.help_text()
        help_line = self.query_one("#member-help", Static)
        help_line.display = bool(text)
        help_line.update(Content(text.replace("\n", " ")))

    def on_field_row_edited(self, event: FieldRow.Edited) -> None:
        """Take a member's value; an empty one takes the member away."""
        event.stop()
        if event.row.field == ENDPOINT:
            self._endpoint = event.value
        elif event.value:
            self._members[event.row.field] = event.value
        else:
            self._members.pop(event.row.field, None)
        self._tell()

    def on_pair_row_edited(self, event: PairRow.Edited) -> None:
        """Take the headers as they are written."""
        event.stop()
        self._read_headers()
        self._tell()

    async def on_pair_row_removed(self, event: PairRow.Removed) -> None:
        """Take a header away."""
        event.stop()
        await event.row.remove()
        self._read_headers()
        self.query_one(Adder).focus()
        self._tell()

    async def on_adder_pressed(self, event: Adder.Pressed) -> None:
        """Put an empty header row in and go there."""
        event.stop()
        row = _header_row("", "")
        await self.query_one(VerticalScroll).mount(row, before=self.query_one(Adder))
        row.query_one(".pair-name").focus()

    def _read_headers(self) -> None:
        self._headers = tuple(row.pair for row in self.query(PairRow) if row.pair[0].strip())

    def _tell(self) -> None:
        self.post_message(self.Changed(self._endpoint, tuple(self._members.items()), self._headers))

    def _foreign(self) -> tuple[str, ...]:
        """Members of the draft that this operation does not have."""
        known = {member.name for member in self._operation.header_members}
        return tuple(name for name in self._members if name not in known)


def _header_row(name: str, value: str) -> PairRow:
    return PairRow(name, value, name_placeholder="X-Header", value_placeholder="value")


def _hint(member: Member) -> str:
    if member.choices:
        return " | ".join(member.choices)
    return "required" if member.is_required else ""


def about(member: Member) -> str:
    """A member's header, limits and the model's own words about it."""
    facts = " · ".join((member.header or member.name, *limits(member)))
    return f"{facts}\n{member.doc}"


def limits(member: Member) -> Iterable[str]:
    """What the model allows, in words."""
    unit = "" if member.kind == "integer" else " characters"
    if member.minimum is not None and member.maximum is not None:
        yield f"{member.minimum:,} to {member.maximum:,}{unit}"
    elif member.maximum is not None:
        yield f"at most {member.maximum:,}{unit}"
    if member.choices:
        yield "one of " + ", ".join(member.choices)
    if member.pattern:
        yield f"pattern {member.pattern}"
