"""A member that a newer botocore brings is there by itself: profile, schema, form, help, lint, command line, wire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import convert
from textual.app import App, ComposeResult

from smrt_tui.core import profile_check
from smrt_tui.core import service as service_module
from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.lint import lint
from smrt_tui.core.packaged import packaged_json
from smrt_tui.core.profile import Profile
from smrt_tui.core.profile_check import parse_profile
from smrt_tui.core.profile_schema import json_schema
from smrt_tui.core.request import build_request
from smrt_tui.core.service import packaged_service
from smrt_tui.ui.widgets.member_rows import MemberRow
from smrt_tui.ui.widgets.members_form import MembersForm
from tests.cli.stage import a_story, head
from tests.cli.test_invoke import invoked

NAME, HEADER, DOC = "TenantHint", "X-Amzn-SageMaker-Tenant-Hint", "Which tenant the request is for."


@pytest.fixture(autouse=True)
def newer() -> Iterator[None]:
    """The packaged model with one more member in InvokeEndpoint."""
    model = packaged_json("sagemaker-runtime/2017-05-13/service-2.json")
    shape = model["shapes"][model["operations"]["InvokeEndpoint"]["input"]["shape"]]
    shape["members"][NAME] = {
        "shape": NAME,
        "documentation": f"<p>{DOC}</p>",
        "location": "header",
        "locationName": HEADER,
    }
    model["shapes"][NAME] = {"type": "string", "max": 8, "pattern": "[a-z]+"}
    caches = packaged_service, profile_check._request_keys
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service_module, "packaged_json", lambda _: model)
        for cache in caches:
            cache.cache_clear()
        yield
    for cache in caches:
        cache.cache_clear()


def test_a_profile_may_set_it_and_the_schema_knows_it() -> None:
    profile, problems = parse_profile({"endpoint": "e", "mode": "sync", "request": {NAME: "acme"}})
    assert (problems, profile and profile.request) == ((), {NAME: "acme"})
    assert NAME in json_schema()["properties"]["request"]["properties"]


def test_it_goes_out_under_its_header() -> None:
    draft = ResolvedDraft("sync", "e", ((NAME, "acme"),), (), b"{}")
    assert (HEADER, "acme") in build_request(packaged_service().operation("sync"), draft, "http://h").headers


def linted(draft: Draft) -> list[str]:
    """Every finding, as a text that holds all of it."""
    profile = convert({"endpoint": "e", "mode": "sync"}, Profile)
    return [str(finding) for finding in lint(draft, profile, packaged_service())]


@pytest.mark.parametrize(("value", "is_wrong"), [("acme", False), ("much-too-long", True), ("UPPER", True)])
def test_lint_checks_its_limits_and_its_pattern(value: str, is_wrong: bool) -> None:
    draft = Draft("sync", "e", members=(("ContentType", "application/json"), (NAME, value)), body="{}")
    profile = convert({"endpoint": "e", "mode": "sync"}, Profile)
    found = [
        finding for finding in lint(draft, profile, packaged_service()) if NAME in f"{finding.where} {finding.message}"
    ]
    assert bool(found) == is_wrong


def test_lint_says_where_it_does_not_exist_and_offers_it_for_a_slip() -> None:
    elsewhere = Draft("stream", "e", members=((NAME, "acme"),), body="{}")
    slip = Draft("sync", "e", headers=(("X-Amzn-SageMaker-Tenant-Hnt", "acme"),), body="{}")
    for draft in (elsewhere, slip):
        assert any(NAME in told or HEADER in told for told in linted(draft))


async def test_the_command_line_takes_it(tmp_path: Path) -> None:
    code, _, workbench = await invoked(tmp_path, a_story(head()), mode="sync", members=((NAME, "acme"),))
    assert code == 0
    assert (NAME, "acme") in workbench.fired[0][1].members


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield MembersForm(Draft("sync", "e"), packaged_service())


async def test_the_form_has_a_row_and_its_help() -> None:
    app = Host()
    async with app.run_test(size=(120, 60)) as pilot:
        row = next(row for row in app.query(MemberRow) if row.field == NAME)
        row.query_one("Input").focus()
        await pilot.pause()
        assert DOC in app.query_one(MembersForm).help_text()
