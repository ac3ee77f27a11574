"""The members of the chosen operation and the free headers as a form. Everything in it comes from the service model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import DescendantFocus
from textual.message import Message
from textual.widgets import Static

from smrt_tui.core.lint.headers import fate
from smrt_tui.core.usual import usual_headers, usual_values
from smrt_tui.ui.widgets.member_rows import HeaderRow, MemberRow, SwitchedRow
from smrt_tui.ui.widgets.rows import Adder, FieldRow, RowList

if TYPE_CHECKING:
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.service import Member, Operation, Service

ENDPOINT = "EndpointName"


class MembersForm(Vertical):
    """One row a member with the header it becomes in this operation, then the free headers."""

    HELP = """The members of the operation that the mode fires, each with the header it becomes on the wire: the same
member has different names in the three operations. An empty value is not sent; insert or a click on ● keeps a value
without sending it. Page down puts the usual values in, one after the other; right takes what is offered while you type.
Below them any other header, sent as typed; the service drops most of those before the container sees them."""

    DEFAULT_CSS = """
    MembersForm {
        & > RowList { height: 1fr; }
        FieldRow > .field-name { width: 26; padding: 0 0 0 2; }
        .form-heading { height: 1; color: $text-muted; text-style: bold; margin: 1 0 0 2; }
        Adder { margin: 0 0 0 2; }
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
        members_off: tuple[tuple[str, str], ...]
        headers: tuple[tuple[str, str], ...]
        headers_off: tuple[tuple[int, str, str], ...]

        def into(self, draft: Draft) -> Draft:
            """The draft with what was changed."""
            return replace(
                draft,
                endpoint=self.endpoint,
                members=self.members,
                members_off=self.members_off,
                headers=self.headers,
                headers_off=self.headers_off,
            )

    def __init__(self, draft: Draft, service: Service) -> None:
        super().__init__()
        self._service = service
        self._operation: Operation = service.operation(draft.mode)
        self._names = usual_headers(self._operation)
        self._endpoint = draft.endpoint
        self._members = dict(draft.members)
        self._members_off = dict(draft.members_off)
        self._headers = draft.headers
        self._headers_off = draft.headers_off

    def compose(self) -> ComposeResult:
        """Rows of members, rows of headers, help below."""
        with RowList():
            yield FieldRow(ENDPOINT, self._endpoint, "in the path")
            for member in self._operation.header_members:
                yield self._member_row(member.name, member, member.header or "")
            for name in self._foreign():
                yield self._member_row(name, None, f"not sent: {self._operation.name} has none")
            yield Static("Other headers, sent as typed", classes="form-heading", markup=False)
            for name, value, is_on in all_headers(self._headers, self._headers_off):
                yield self._header_row(name, value, is_on=is_on)
            yield Adder("+ add a header", markup=False)
        yield Static(id="member-help", markup=False)

    def help_text(self) -> str:
        """What the model says about the member under the cursor; empty when there is none."""
        row = next((row for row in self.query("MemberRow, FieldRow").results() if row.has_focus_within), None)
        member = self._operation.input(row.field) if isinstance(row, MemberRow | FieldRow) else None
        return "" if member is None else about(member)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the help of the row that has the cursor."""
        text = self.help_text()
        help_line = self.query_one("#member-help", Static)
        help_line.display = bool(text)
        help_line.update(Content(text))

    def on_field_row_edited(self, event: FieldRow.Edited) -> None:
        """Take the endpoint's name."""
        event.stop()
        self._endpoint = event.value
        self._tell()

    def on_switched_row_edited(self, event: SwitchedRow.Edited) -> None:
        """Take a member's value, an empty one takes the member away; or the headers as they are written."""
        event.stop()
        if isinstance(event.row, MemberRow):
            self._take_member(event.row)
        else:
            self._read_headers()
        self._tell()

    async def on_header_row_removed(self, event: HeaderRow.Removed) -> None:
        """Take a header away."""
        event.stop()
        await event.row.remove()
        self._read_headers()
        self.query_one(Adder).focus()
        self._tell()

    async def on_adder_pressed(self, event: Adder.Pressed) -> None:
        """Put an empty header row in and go there."""
        event.stop()
        row = self._header_row("", "")
        await self.query_one(RowList).mount(row, before=self.query_one(Adder))
        row.query_one(".pair-name").focus()

    def _member_row(self, name: str, member: Member | None, note: str) -> MemberRow:
        is_on = name in self._members or name not in self._members_off
        value = self._members.get(name, self._members_off.get(name, ""))
        usual = () if member is None else usual_values(member)
        return MemberRow(name, value, note, member=member, usual=usual, is_on=is_on)

    def _header_row(self, name: str, value: str, *, is_on: bool = True) -> HeaderRow:
        return HeaderRow(name, value, names=self._names, fate=self._fate(name), is_on=is_on)

    def _fate(self, name: str) -> str:
        return fate(self._operation, self._service, name)

    def _take_member(self, row: MemberRow) -> None:
        for values, is_here in ((self._members, row.is_on), (self._members_off, not row.is_on)):
            if is_here and row.value:
                values[row.field] = row.value
            else:
                values.pop(row.field, None)

    def _read_headers(self) -> None:
        rows = [row for row in self.query(HeaderRow) if row.pair[0].strip()]
        self._headers = tuple(row.pair for row in rows if row.is_on)
        self._headers_off = tuple((place, *row.pair) for place, row in enumerate(rows) if not row.is_on)
        for row in rows:
            row.show_fate(self._fate(row.pair[0]))

    def _tell(self) -> None:
        members, off = tuple(self._members.items()), tuple(self._members_off.items())
        self.post_message(self.Changed(self._endpoint, members, off, self._headers, self._headers_off))

    def _foreign(self) -> tuple[str, ...]:
        """Members of the draft that this operation does not have."""
        known = {member.name for member in self._operation.header_members}
        return tuple(name for name in {**self._members, **self._members_off} if name not in known)


def all_headers(
    on: Iterable[tuple[str, str]], off: Iterable[tuple[int, str, str]]
) -> tuple[tuple[str, str, bool], ...]:
    """Every header in the order it is written in, and whether it is sent."""
    rows = [(name, value, True) for name, value in on]
    for place, name, value in sorted(off):
        rows.insert(place, (name, value, False))
    return tuple(rows)


def about(member: Member) -> str:
    """A member's header and limits, what is usually written, and the model's own words about it."""
    facts = " · ".join((member.header or member.name, *limits(member)))
    usual = usual_values(member)
    offered = f"\npage down: {' · '.join(usual[:5])}" if usual else ""
    pattern = f"\npattern {member.pattern}" if member.pattern else ""
    return f"{facts}{offered}\n{member.doc.replace(chr(10), ' ')}{pattern}"


def limits(member: Member) -> Iterable[str]:
    """What the model allows, in words."""
    unit = "" if member.kind == "integer" else " characters"
    if member.minimum is not None and member.maximum is not None:
        yield f"{member.minimum:,} to {member.maximum:,}{unit}"
    elif member.maximum is not None:
        yield f"at most {member.maximum:,}{unit}"
    if member.choices:
        yield "one of " + ", ".join(member.choices)
