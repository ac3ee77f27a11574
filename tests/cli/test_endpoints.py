"""`smrt-tui endpoints`: the list, one endpoint, a profile of it, and what goes wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from smrt_tui.cli.arguments import parse
from smrt_tui.cli.diagnostics import ExitCode, Refusal
from smrt_tui.cli.endpoints import run_endpoints
from smrt_tui.cli.options import EndpointsOptions
from smrt_tui.client.faults import trouble
from smrt_tui.core.account import EndpointDescription, EndpointListing, EndpointSummary, VariantSummary
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.profile import CredentialsSpec
from smrt_tui.core.target import Target
from smrt_tui.library import Library
from smrt_tui.store.profiles import load_entry
from tests.cli.stage import a_stage

ONE = EndpointSummary("one", "arn:one", "InService", None, None)
LISTING = EndpointListing("us-east-1", (ONE,))
DESCRIBED = EndpointDescription(
    "one", "arn:one", "us-east-1", "InService", variants=(VariantSummary("AllTraffic", images=("x/vllm:1",)),)
)


@dataclass
class AccountWorkbench:
    """One endpoint, and the real library of an empty folder."""

    library: Library
    listing: EndpointListing = LISTING
    refusal: SmrtError | None = None
    targets: list[Target | None] = field(default_factory=list)

    @property
    def accounts(self) -> AccountWorkbench:
        return self

    async def list_endpoints(self, target: Target | None, name_contains: str = "") -> EndpointListing:
        self.targets.append(target)
        if self.refusal is not None:
            raise self.refusal
        return self.listing

    async def describe(self, target: Target | None, name: str) -> EndpointDescription:
        self.targets.append(target)
        return DESCRIBED


async def test_a_list_names_every_endpoint(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    code = await run_endpoints(EndpointsOptions(), stage.environment, AccountWorkbench(Library(stage.environment)))
    assert (code, stage.stdout.getvalue().decode()) == (
        ExitCode.COMPLETE,
        "NAME  STATE      AGE  CHANGED\none   InService  -    -\n",
    )


async def test_an_empty_part_of_a_list_says_so(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    workbench = AccountWorkbench(Library(stage.environment), EndpointListing("us-east-1", (), is_whole=False))
    await run_endpoints(EndpointsOptions(filter="x"), stage.environment, workbench)
    assert stage.told == "no endpoint in us-east-1 has this in its name\nthere are more; --filter narrows them down\n"


async def test_region_and_keys_are_what_was_asked_for(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    workbench = AccountWorkbench(Library(stage.environment))
    options = EndpointsOptions(region="eu-west-1", aws_profile="dev", as_json=True)
    await run_endpoints(options, stage.environment, workbench)
    await run_endpoints(EndpointsOptions(is_local=True), stage.environment, workbench)
    assert workbench.targets == [Target("eu-west-1", credentials=CredentialsSpec(profile="dev")), None]
    assert json.loads(stage.stdout.getvalue().partition(b"NAME")[0])[0]["name"] == "one"


@pytest.mark.parametrize(("is_local", "saved"), [(True, "local/mine/one"), (False, "mine/one")])
async def test_a_saved_profile_loads(tmp_path: Path, is_local: bool, saved: str) -> None:
    stage = a_stage(tmp_path)
    options = EndpointsOptions(name="one", save="", is_local=is_local)
    assert await run_endpoints(options, stage.environment, AccountWorkbench(Library(stage.environment))) == 0
    path = tmp_path / "config" / "profiles" / f"{saved}.yaml"
    assert stage.told == f"wrote {path}\n"
    entry = load_entry(path, saved)
    assert (entry.problems, entry.is_local) == ((), is_local)
    with pytest.raises(Refusal) as raised:
        await run_endpoints(options, stage.environment, AccountWorkbench(Library(stage.environment)))
    assert (raised.value.code, raised.value.message) == (ExitCode.CANNOT_SEND, f"{path} is there already")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (trouble("right-missing", action="sagemaker:ListEndpoints", detail="no"), ExitCode.ANSWERED_WITH_ERROR),
        (trouble("throttled", service="SageMaker", detail="no"), ExitCode.ANSWERED_WITH_ERROR),
        (trouble("credentials-missing", detail="no"), ExitCode.CANNOT_SEND),
        (trouble("region-missing"), ExitCode.CANNOT_SEND),
        (SmrtError("no network"), ExitCode.NO_CONNECTION),
    ],
)
async def test_a_failure_ends_as_an_invocation_would(tmp_path: Path, error: SmrtError, code: ExitCode) -> None:
    stage = a_stage(tmp_path)
    workbench = AccountWorkbench(Library(stage.environment), refusal=error)
    with pytest.raises(Refusal) as raised:
        await run_endpoints(EndpointsOptions(), stage.environment, workbench)
    assert (raised.value.code, raised.value.message) == (code, error.message)


def test_the_command_line_says_the_same() -> None:
    assert parse(["endpoints", "one", "--local", "--save"]) == EndpointsOptions("one", is_local=True, save="")
    assert parse(["endpoints", "--filter", "x", "--json"]) == EndpointsOptions(filter="x", as_json=True)


@pytest.mark.parametrize(
    "argv", [["endpoints", "--save"], ["endpoints", "a", "--filter", "b"], ["endpoints", "--local", "--region", "r"]]
)
def test_what_contradicts_itself_is_wrong_usage(argv: list[str]) -> None:
    with pytest.raises(Refusal) as raised:
        parse(argv)
    assert raised.value.code == ExitCode.USAGE
