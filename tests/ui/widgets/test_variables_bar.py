"""The variables bar: what the request uses is filled there, what is missing is seen, what fills itself is told."""

from __future__ import annotations

from textual.widgets import Input, Static

from smrt_tui.core.profile import Payload
from smrt_tui.ui.widgets.payload_editor import PayloadEditor
from smrt_tui.ui.widgets.variables_bar import VariableCell, VariablesBar
from tests.ui.fakes import FakeInputs, FakeWorkbench, a_catalogue, a_profile, an_entry
from tests.ui.sitting import AppSitting, at_the_terminal


def a_workbench(body: str, **variables: object) -> FakeWorkbench:
    profile = a_profile(payloads=(Payload(name="p", body=body),), variables=variables)
    return FakeWorkbench(a_catalogue(an_entry(profile=profile)), inputs=FakeInputs(environ={"HOME": "/secret"}))


def value_of(sitting: AppSitting, name: str) -> object:
    return dict(sitting.session.draft.variables)[name] if sitting.session.draft else None


def cells(sitting: AppSitting) -> list[tuple[str, str, bool]]:
    found = [cell for cell in sitting.app.screen.query(VariableCell) if cell.query(Input)]
    return [(cell.variable, cell.query_one(Input).value, cell.has_class("-missing")) for cell in found]


async def test_the_variables_in_use_are_filled_on_the_spot_and_keep_their_kind() -> None:
    body = '{"p": "{{prompt}}", "n": "{{n}}"}'
    async with at_the_terminal(a_workbench(body, n=160, prompt="Hi", unused=1), size=(80, 24)) as sitting:
        await sitting.until(lambda: cells(sitting) == [("prompt", "Hi", False), ("n", "160", False)])
        sitting.app.screen.query(VariableCell)[1].query_one(Input).focus()
        await sitting.press("backspace")
        await sitting.until(
            lambda: dict(sitting.session.draft.variables)["n"] == 16 if sitting.session.draft else False
        )
        await sitting.press("enter")
        await sitting.until(lambda: sitting.one(PayloadEditor).has_focus)


async def test_one_that_is_typed_appears_and_one_without_a_value_is_marked_until_it_has_one() -> None:
    async with at_the_terminal(a_workbench("")) as sitting:
        assert sitting.one(VariablesBar).has_class("-none")
        sitting.one(PayloadEditor).insert('"{{name}}"')
        await sitting.until(lambda: cells(sitting) == [("name", "", True)])
        sitting.one(VariableCell).query_one(Input).focus()
        await sitting.press("x")
        await sitting.until(lambda: cells(sitting) == [("name", "x", False)])


async def test_going_back_to_the_saved_text_shows_its_values_again() -> None:
    async with at_the_terminal(a_workbench('"{{n}}"', n=5)) as sitting:
        await sitting.until(lambda: cells(sitting) == [("n", "5", False)])
        sitting.one(VariableCell).query_one(Input).focus()
        await sitting.press("1")
        await sitting.until(lambda: value_of(sitting, "n") == 51)
        await sitting.press("alt+r")
        await sitting.until(lambda: cells(sitting) == [("n", "5", False)])


async def test_a_number_keeps_its_spelling_while_it_is_typed() -> None:
    async with at_the_terminal(a_workbench('"{{n}}"', n=5)) as sitting:
        await sitting.until(lambda: cells(sitting))
        field = sitting.one(VariableCell).query_one(Input)
        field.focus()
        await sitting.press("backspace", *"1e3")
        await sitting.until(lambda: value_of(sitting, "n") == 1000.0)
        assert field.value == "1e3"


async def test_what_fills_itself_is_told_and_no_secret_with_it() -> None:
    body = '["{{uuid}}", "{{env:HOME}}", "{{env:NOBODY}}", "{{file_b64:no.png}}"]'
    async with at_the_terminal(a_workbench(body)) as sitting:
        shown = [
            ("{{env:NOBODY}} is not set", True),
            ("{{file_b64:no.png}} No such file or directory", True),
            ("{{uuid}} another one each time", False),
            ("{{env:HOME}} is set", False),
        ]
        await sitting.until(lambda: told(sitting) == shown)


def told(sitting: AppSitting) -> list[tuple[str, bool]]:
    labels = sitting.app.screen.query(".variable-fill").results(Static)
    return [(str(label.render()), label.has_class("-missing")) for label in labels]
