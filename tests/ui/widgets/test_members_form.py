"""The members form: what is switched off stays and is not sent, what is usual is offered, what becomes of a header."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input, Static

from smrt_tui.core.draft import Draft
from smrt_tui.core.service import packaged_service
from smrt_tui.ui.widgets.member_rows import HeaderRow, MemberRow, OnOff, gauge
from smrt_tui.ui.widgets.members_form import MembersForm
from tests.ui.until import eventually

DRAFT = Draft(
    "sync",
    "e",
    members=(("ContentType", "text/csv"),),
    headers=(("X-A", "1"), ("X-A", "2")),
    members_off=(("SessionId", "s"),),
    headers_off=((1, "X-Off", "o"),),
)


class Host(App[None]):
    """The form, and the draft as it says."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft

    def compose(self) -> ComposeResult:
        yield MembersForm(self.draft, packaged_service())

    def on_members_form_changed(self, event: MembersForm.Changed) -> None:
        self.draft = event.into(self.draft)

    def row(self, name: str) -> MemberRow:
        return next(row for row in self.query(MemberRow) if row.field == name)

    def text(self, row: MemberRow | HeaderRow, part: str) -> str:
        return str(row.query_one(part, Static).render())


def at(draft: Draft = DRAFT) -> tuple[Host, Any]:
    app = Host(draft)
    return app, app.run_test(size=(120, 60))


async def test_a_member_that_is_switched_off_keeps_its_value_and_is_not_sent() -> None:
    app, running = at()
    async with running as pilot:
        app.row("ContentType").query_one(Input).focus()
        await pilot.press("insert")
        await eventually(lambda: app.draft.members == ())
        assert app.draft.members_off == (("SessionId", "s"), ("ContentType", "text/csv"))
        await pilot.click(app.row("SessionId").query_one(OnOff))
        await eventually(lambda: app.draft.members == (("SessionId", "s"),))


async def test_headers_keep_order_and_repetitions_whether_they_are_sent_or_not() -> None:
    app, running = at()
    async with running as pilot:
        rows = list(app.query(HeaderRow))
        assert [(row.pair, row.is_on) for row in rows] == [
            (("X-A", "1"), True),
            (("X-Off", "o"), False),
            (("X-A", "2"), True),
        ]
        rows[0].query_one(Input).focus()
        await pilot.press("ctrl+@")
        await eventually(lambda: app.draft.headers == (("X-A", "2"),))
        assert app.draft.headers_off == ((0, "X-A", "1"), (1, "X-Off", "o"))


async def test_the_usual_values_come_in_turn() -> None:
    app, running = at()
    async with running as pilot:
        app.row("CustomAttributes").query_one(Input).focus()
        for key, value in (
            ("pagedown", "accept_eula=true"),
            ("pagedown", "tfs-model-name=model,tfs-method=predict"),
            ("pageup", "accept_eula=true"),
        ):
            await pilot.press(key)
            assert app.row("CustomAttributes").value == value


async def test_the_rest_of_what_is_typed_is_offered() -> None:
    app, running = at(Draft("sync", "e"))
    async with running as pilot:
        field = app.row("ContentType").query_one(Input)
        field.focus()
        await pilot.press(*"application/j")
        await eventually(lambda: field._suggestion == "application/json")
        await pilot.press("right")
        assert field.value == "application/json"


@pytest.mark.parametrize(
    ("name", "fate"),
    [
        ("X-Mine", "stripped by SageMaker"),
        ("Authorization", "the client writes it"),
        ("accept", "is Accept"),
        ("X-Amzn-SageMaker-Nothing", "no header of this call"),
        ("User-Agent", ""),
        ("", ""),
    ],
)
async def test_a_header_says_what_becomes_of_it(name: str, fate: str) -> None:
    app, running = at(Draft("sync", "e", headers=((name or "X", "v"),)))
    async with running as pilot:
        row = app.query_one(HeaderRow)
        await clear(pilot, row)
        row.query_one(".pair-name", Input).value = name
        await eventually(lambda: row.pair[0] == name)
        if name:
            await eventually(lambda: app.text(row, ".pair-fate") == fate)


async def clear(pilot: Pilot[None], row: HeaderRow) -> None:
    row.query_one(".pair-name", Input).value = ""
    await eventually(lambda: row.pair[0] == "")


async def test_up_and_down_go_from_row_to_row_in_the_same_column() -> None:
    app, running = at()
    async with running as pilot:
        app.row("ContentType").query_one(Input).focus()
        await pilot.press("down")
        assert app.row("Accept").has_focus_within
        values = [row.query_one(".pair-value", Input) for row in app.query(HeaderRow)]
        values[0].focus()
        await pilot.press("down")
        assert values[1].has_focus
        await pilot.press("down", "down", "down", "up")
        assert values[2].has_focus or list(app.query(HeaderRow))[2].has_focus_within


def test_a_gauge_tells_the_limit_and_when_it_is_passed() -> None:
    sync, later = packaged_service().operation("sync"), packaged_service().operation("async")
    attributes, ttl = sync.input("CustomAttributes"), later.input("RequestTTLSeconds")
    assert gauge(attributes, "a" * 1024) == ("1,024 / 1,024", False)
    assert gauge(attributes, "a" * 1025) == ("1,025 / 1,024", True)
    assert gauge(attributes, "") == ("", False)
    assert gauge(ttl, "60") == ("60–21,600", False)
    assert gauge(ttl, "59") == ("60–21,600", True)
    assert gauge(ttl, "{{ttl}}") == ("60–21,600", False)
    assert gauge(None, "x") == ("", False)


async def test_the_help_of_a_member_comes_with_its_limits_and_usual_values() -> None:
    app, running = at()
    async with running:
        app.row("ContentType").query_one(Input).focus()
        await eventually(lambda: "MIME type" in str(app.query_one("#member-help", Static).render()))
        shown = str(app.query_one("#member-help", Static).render())
        assert "Content-Type · at most 1,024 characters" in shown
        assert "page down: application/json · text/csv" in shown
