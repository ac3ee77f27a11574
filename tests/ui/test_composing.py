"""Writing a request on the whole screen: payload, members, headers, variables, findings."""

from __future__ import annotations

import functools

import pytest
from textual.widgets import Input, OptionList, Static

from smrt_tui.core.draft import draft_of
from smrt_tui.core.finding import SetMember, Severity
from smrt_tui.core.profile import Payload, Profile
from smrt_tui.ui.dialogs import FindingList
from smrt_tui.ui.widgets.composer import Composer, Page
from smrt_tui.ui.widgets.lint_strip import LintStrip
from smrt_tui.ui.widgets.member_rows import HeaderRow, MemberRow
from smrt_tui.ui.widgets.payload_editor import PayloadEditor
from smrt_tui.ui.widgets.plain_input import PlainInput
from smrt_tui.ui.widgets.rows import Adder, FieldRow, Remover
from smrt_tui.ui.widgets.segments import Segments
from tests.ui.fakes import (
    FakeInputs,
    FakeWorkbench,
    a_catalogue,
    a_finding,
    a_profile,
    an_entry,
)
from tests.ui.sitting import AppSitting, at_the_terminal


def is_in_mode(sitting: AppSitting, mode: str) -> bool:
    draft = sitting.session.draft
    return draft is not None and draft.mode == mode and sitting.one(Segments, "#modes").value == mode


async def test_typing_changes_what_is_sent() -> None:
    async with at_the_terminal() as sitting:
        sitting.one(PayloadEditor).move_cursor((4, 0))
        await sitting.press("x")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body.endswith("x"))
        assert sitting.one(Composer).has_class("-wrong")
        assert "line 5, column 1" in str(sitting.one(Composer).border_subtitle)
        await sitting.send()
        assert sitting.workbench.fired[0].body.endswith(b"x")


@pytest.mark.parametrize("key", ["f2", "ctrl+t"])
async def test_the_mode_goes_round(key: str) -> None:
    async with at_the_terminal() as sitting:
        for mode in ("sync", "async", "stream"):
            await sitting.press(key)
            await sitting.until(functools.partial(is_in_mode, sitting, mode))


async def test_the_mode_switch_is_clickable() -> None:
    async with at_the_terminal() as sitting:
        await sitting.pilot.click("#modes", offset=(2, 0))
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.mode == "sync")


async def test_the_next_payload_comes_by_key_and_by_click_and_nothing_is_lost() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("a", "alt+down")
        await sitting.until(lambda: sitting.session.opened.payload == "whole")
        await sitting.until(lambda: sitting.one(PayloadEditor).text == '{"messages": []}')
        await sitting.pilot.click("PayloadPicker")
        await sitting.until(lambda: sitting.one(PayloadEditor).text.startswith("a{"))


@pytest.mark.parametrize("key", ["alt+r", "alt+backspace"])
async def test_reset_returns_to_the_saved_text(key: str) -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("a", key)
        await sitting.until(lambda: sitting.session.draft == draft_of(a_profile()))
        await sitting.until(lambda: sitting.one(PayloadEditor).text == draft_of(a_profile()).body)


async def test_format_indents_and_keeps_numbers_as_written() -> None:
    profile = a_profile(payloads=(Payload(name="p", body='{"a":1.0,"b":[],"b":[1e400,{"c":"{{x}}"}]}'),))
    async with at_the_terminal(FakeWorkbench(a_catalogue(an_entry(profile=profile)))) as sitting:
        await sitting.press("alt+j")
        wanted = '{\n  "a": 1.0,\n  "b": [],\n  "b": [\n    1e400,\n    {\n      "c": "{{x}}"\n    }\n  ]\n}\n'
        await sitting.until(lambda: sitting.one(PayloadEditor).text == wanted)


async def test_members_are_edited_under_the_names_of_the_operation() -> None:
    async with at_the_terminal(size=(160, 40)) as sitting:
        await sitting.app.main.query_one(Composer).open_page("members")
        await sitting.until(lambda: sitting.sees("MembersForm"))
        rows = {row.field: row for row in sitting.app.screen.query(MemberRow)}
        notes = {name: str(row.query_one(".field-note", Static).render()) for name, row in rows.items()}
        assert notes["Accept"] == "X-Amzn-SageMaker-Accept"
        rows["CustomAttributes"].query_one(Input).focus()
        await sitting.press(*"a=1")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.member("CustomAttributes") == "a=1")
        await sitting.press("f2")
        await sitting.until(
            lambda: any(
                row.field == "Accept" and str(row.query_one(".field-note", Static).render()) == "Accept"
                for row in sitting.app.screen.query(MemberRow)
                if row.is_mounted
            )
        )


async def test_help_under_the_cursor_comes_from_the_service_model() -> None:
    async with at_the_terminal() as sitting:
        await sitting.app.main.query_one(Composer).open_page("members")
        await sitting.until(lambda: sitting.sees("MembersForm"))
        row = next(row for row in sitting.app.screen.query(MemberRow) if row.field == "ContentType")
        row.query_one(Input).focus()
        await sitting.until(lambda: "MIME type" in str(sitting.one(Static, "#member-help").render()))


async def test_headers_are_added_and_taken_away() -> None:
    async with at_the_terminal(size=(120, 60)) as sitting:
        await sitting.app.main.query_one(Composer).open_page("members")
        await sitting.until(lambda: sitting.sees("Adder"))
        sitting.one(Adder).focus()
        await sitting.press("enter")
        await sitting.until(lambda: sitting.sees("HeaderRow"))
        await sitting.press(*"X-A", "tab", *"1")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.headers == (("X-A", "1"),))
        sitting.one(Remover).focus()
        await sitting.press("enter")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.headers == ())
        assert not sitting.app.screen.query(HeaderRow)


async def test_variables_keep_their_kind_and_missing_ones_are_offered() -> None:
    profile = a_profile(payloads=(Payload(name="p", body='{"a": "{{prompt}} {{new}}"}'),))
    async with at_the_terminal(FakeWorkbench(a_catalogue(an_entry(profile=profile)))) as sitting:
        await sitting.app.main.query_one(Composer).open_page("variables")
        await sitting.until(lambda: sitting.sees("VariablesForm"))
        rows = {row.field: row for row in sitting.app.screen.query(FieldRow)}
        assert list(rows) == ["prompt", "max_tokens", "new"]
        for name, text in (("prompt", "5"), ("max_tokens", "5"), ("new", "[1]")):
            rows[name].query_one(Input).value = text
        await sitting.until(
            lambda: (
                sitting.session.draft
                and dict(sitting.session.draft.variables) == {"prompt": "5", "max_tokens": 5, "new": [1]}
            )
        )


async def test_a_file_payload_says_so() -> None:
    profile = a_profile(payloads=(Payload(name="cat", body_file="images/cat.jpg"),))
    async with at_the_terminal(FakeWorkbench(a_catalogue(an_entry(profile=profile)))) as sitting:
        await sitting.until(lambda: sitting.sees("#preview-text"))
        assert "images/cat.jpg" in str(sitting.one(Static, "#preview-text").render())
        assert sitting.one(Composer).border_subtitle == "file images/cat.jpg"


async def test_the_editor_of_the_person_is_asked_for_when_none_is_set() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("f4")
        await sitting.until(lambda: sitting.toasts() == ["Set VISUAL or EDITOR to the editor you like"])


async def test_the_worst_finding_is_shown_and_one_key_fixes_it() -> None:
    fix = SetMember("Accept", "application/json")

    def findings(draft: object) -> tuple[object, ...]:
        is_fixed = getattr(draft, "member")("Accept") == "application/json"  # noqa: B009  any draft
        return () if is_fixed else (a_finding(severity=Severity.ERROR, fix=fix), a_finding(where="other"))

    async with at_the_terminal(FakeWorkbench(findings=findings)) as sitting:  # type: ignore[arg-type]
        await sitting.until(lambda: len(sitting.one(LintStrip, "#lint").findings) == 2)
        assert "Accept" in str(sitting.one(LintStrip, "#lint").render())
        await sitting.press("f7")
        await sitting.until(lambda: sitting.one(LintStrip, "#lint").findings == ())
        assert sitting.session.draft is not None
        assert sitting.session.draft.member("Accept") == "application/json"


async def test_the_list_of_findings_applies_the_chosen_fix() -> None:
    found = (a_finding(severity=Severity.ERROR), a_finding(where="Mode", fix=SetMember("Accept", "text/csv")))
    async with at_the_terminal(FakeWorkbench(findings=lambda draft: found)) as sitting:
        await sitting.until(lambda: sitting.one(LintStrip, "#lint").findings)
        await sitting.press("ctrl+l")
        await sitting.until(lambda: isinstance(sitting.app.screen, FindingList))
        sitting.one(OptionList).highlighted = 1
        await sitting.press("enter")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.member("Accept") == "text/csv")


async def test_user_text_is_never_markup() -> None:
    evil = "[bold red]x[/] [@click=app.quit]y[/]"
    profile = a_profile(title=evil, endpoint=evil, payloads=(Payload(name=evil, description=evil, body=evil),))
    entry = an_entry(f"local/{evil}", profile)
    found = (a_finding(where=evil, message=evil, hint=evil),)
    async with at_the_terminal(FakeWorkbench(a_catalogue(entry), findings=lambda draft: found)) as sitting:
        await sitting.until(lambda: sitting.one(LintStrip, "#lint").findings)
        assert evil in str(sitting.one(LintStrip, "#lint").render())
        assert evil in str(sitting.app.screen.query_one("ProfileTitle").render())
        await sitting.press("ctrl+l")
        await sitting.until(lambda: isinstance(sitting.app.screen, FindingList))
        await sitting.press("escape", "ctrl+p", *"open")
        await sitting.until(lambda: sitting.app.screen is not sitting.app.main)


async def test_a_click_on_the_finding_lists_them_all() -> None:
    found = (a_finding(), a_finding(where="other"))
    async with at_the_terminal(FakeWorkbench(findings=lambda draft: found)) as sitting:
        await sitting.until(lambda: sitting.one(LintStrip, "#lint").findings)
        await sitting.pilot.click("#lint", offset=(5, 0))
        await sitting.until(lambda: isinstance(sitting.app.screen, FindingList))


@pytest.mark.parametrize("page", ["payload", "members", "variables"])
async def test_nothing_that_a_terminal_obeys_is_drawn_and_it_is_sent_as_it_is(page: Page) -> None:
    evil = "a\x1b[31m\x9b\u202eb\x07"
    profile = a_profile(
        request={"CustomAttributes": evil},
        headers={"X-A": [evil]},
        variables={"prompt": evil},
        payloads=(Payload(name=evil, body=evil),),
    )
    async with at_the_terminal(FakeWorkbench(a_catalogue(an_entry(profile=profile))), size=(160, 60)) as sitting:
        await sitting.one(Composer).open_page(page)
        drawn = "".join(
            segment.text
            for widget in sitting.one(Composer).query("*")
            for y in range(widget.size.height)
            for segment in widget.render_line(y)
        )
        assert "a\u241b[31m" in drawn
        assert [character for character in evil if not character.isprintable() and character in drawn] == []
        await sitting.send()
        assert sitting.workbench.fired[0].body == evil.encode()


async def test_formatting_can_be_taken_back() -> None:
    async with at_the_terminal(FakeWorkbench(a_catalogue(an_entry(profile=with_body('{"a":1}'))))) as sitting:
        await sitting.press("alt+j")
        await sitting.until(lambda: sitting.one(PayloadEditor).text == '{\n  "a": 1\n}\n')
        await sitting.press("alt+shift+j")
        await sitting.until(lambda: sitting.one(PayloadEditor).text == '{"a":1}')
        await sitting.press("ctrl+z")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body == '{\n  "a": 1\n}\n')


async def test_enter_goes_on_where_the_line_begins_and_opens_brackets() -> None:
    async with at_the_terminal(FakeWorkbench(a_catalogue(an_entry(profile=with_body("{}"))))) as sitting:
        sitting.one(PayloadEditor).move_cursor((0, 1))
        await sitting.press("enter", "quotation_mark", "a", "quotation_mark", "comma", "enter", "1")
        await sitting.until(lambda: sitting.one(PayloadEditor).text == '{\n  "a",\n  1\n}')


async def test_a_text_is_found_in_the_payload() -> None:
    profile = with_body('{"sea": "The Sea",\n "x": "sea"}')
    async with at_the_terminal(FakeWorkbench(a_catalogue(an_entry(profile=profile)))) as sitting:
        await sitting.press("ctrl+f", *"sea")
        await sitting.until(lambda: sitting.sees("PayloadPage FindBar"))
        count = "PayloadPage #find-count"
        await sitting.until(lambda: str(sitting.one(Static, count).render()) == "1/3")
        await sitting.press("enter", "enter")
        await sitting.until(lambda: str(sitting.one(Static, count).render()) == "3/3")
        await sitting.press("escape")
        await sitting.until(lambda: sitting.one(PayloadEditor).selected_text == "sea" and not sitting.sees("FindBar"))


async def test_a_file_is_chosen_described_and_let_go_again() -> None:
    files = {"cat.png": b"\x89PNG\r\n\x1a\n" + bytes(8) + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")}
    async with at_the_terminal(FakeWorkbench(inputs=FakeInputs(files))) as sitting:
        await sitting.press("shift+f2")
        await sitting.until(lambda: sitting.sees("AttachScreen Input"))
        await sitting.press(*"no.bin", "enter")
        await sitting.until(lambda: "No such file" in str(sitting.one(Static, "#attach-facts").render()))
        await sitting.press(*(["backspace"] * 6), *"ca")
        await sitting.until(lambda: sitting.one(PlainInput)._suggestion == "cat.png")
        await sitting.press("tab", "enter")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body_file == "cat.png")
        assert sitting.session.draft
        assert sitting.session.draft.member("ContentType") == "image/png"
        told = "image/png · 24 bytes · 640 × 480 pixels"
        await sitting.until(lambda: told in str(sitting.one(Static, "#preview-text").render()))
        assert sitting.one(Composer).border_subtitle == "file cat.png · 24 B of 6.29 MB"
        await sitting.press("shift+f2")
        await sitting.until(lambda: sitting.sees("AttachScreen Input"))
        await sitting.press(*(["backspace"] * 7), "enter")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body_file is None)
        await sitting.until(lambda: sitting.sees("PayloadEditor"))


def with_body(body: str) -> Profile:
    return a_profile(payloads=(Payload(name="p", body=body),))


@pytest.mark.parametrize(
    ("wanted", "members", "told"),
    [
        ("inline", {}, "JSON · 7 B of 128.0 kB in the request"),
        ("s3://b/in", {}, "JSON · 7 B of 5.37 GB, uploaded to s3://b/in/"),
        ("s3://b/in", {"InputLocation": "s3://b/x"}, "JSON · not sent: s3://b/x is the payload"),
    ],
)
async def test_it_is_told_where_an_async_payload_goes(wanted: str, members: dict[str, str], told: str) -> None:
    profile = a_profile(
        mode="async",
        request={"ContentType": "application/json", **members},
        payloads=(Payload(name="one", body='{"a":1}'),),
        **{"async": {"input": wanted}},
    )
    async with at_the_terminal(FakeWorkbench(a_catalogue(an_entry(profile=profile)))) as sitting:
        await sitting.until(lambda: sitting.one(Composer).border_subtitle == told, told)
