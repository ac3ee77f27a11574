"""The serving contract, checked against containers that keep it and containers that do not."""

from __future__ import annotations

import re

import pytest

from smrt_tui.core.errors import SmrtError
from smrt_tui.local.contract import Check, ContractReport, Probe, check_contract
from tests.local.own_container import Behaviour, nobody, own_container

STREAM = (b"data: 1\n\n", b"data: 2\n\n", b"data: 3\n\n")


async def checked(behaviour: Behaviour) -> dict[str, Check]:
    with own_container(behaviour) as url:
        report = await check_contract(url)
    return {check.name: check for check in report.checks}


async def verdicts(behaviour: Behaviour) -> dict[str, str]:
    return {name: check.verdict for name, check in (await checked(behaviour)).items()}


KEPT = {
    "connect": "pass",
    "ping": "pass",
    "http": "pass",
    "invocations": "pass",
    "response size": "pass",
    "streaming": "pass",
    "headers": "pass",
    "request size": "pass",
}


async def test_a_container_that_keeps_the_contract_passes_everything_with_figures() -> None:
    checks = await checked(Behaviour(chunks=STREAM))
    assert {name: check.verdict for name, check in checks.items()} == KEPT
    assert re.fullmatch(r"200 after \d+\.\d ms", checks["ping"].measured)
    assert re.fullmatch(r"\d+\.\d ms", checks["connect"].measured)
    assert re.fullmatch(r"3 chunks, the last one \d+\.\d ms after the first", checks["streaming"].measured)
    assert checks["headers"].measured == "200 with them, 200 without"
    assert checks["response size"].measured == "27 bytes"


@pytest.mark.parametrize(
    ("behaviour", "changed"),
    [
        (Behaviour(chunks=STREAM, ping_status=404), {"ping": "fail"}),
        (Behaviour(), {"streaming": "warn"}),
        (Behaviour(chunks=STREAM[:1]), {"streaming": "warn"}),
        (Behaviour(version="HTTP/1.0"), {"http": "fail", "streaming": "warn"}),
        (Behaviour(status=400), {"invocations": "warn", "streaming": "skip"}),
        (Behaviour(status=500), {"invocations": "fail", "streaming": "skip"}),
        (Behaviour(chunks=STREAM, max_body=5_000_000), {"request size": "fail"}),
        (Behaviour(chunks=STREAM, refuses="X-Amzn-SageMaker-Inference-Id"), {"headers": "fail"}),
        (Behaviour(chunks=STREAM, refuses="X-Amzn-SageMaker-Contract-Check"), {"headers": "fail"}),
        (Behaviour(chunks=STREAM * 2, silence_s=1.05), {"streaming": "warn"}),
        (Behaviour(body=bytes(6_291_457)), {"response size": "warn", "streaming": "warn"}),
    ],
    ids=[
        "ping",
        "whole",
        "one-chunk",
        "http-1.0",
        "probe",
        "crash",
        "small",
        "headers",
        "unknown-header",
        "buffered",
        "large",
    ],
)
async def test_each_breach_is_found_and_nothing_else(behaviour: Behaviour, changed: dict[str, str]) -> None:
    assert await verdicts(behaviour) == KEPT | changed


async def test_a_container_that_is_not_there_makes_one_failed_check() -> None:
    report = await check_contract(nobody())
    [check] = report.checks
    assert not report.is_kept
    assert (check.name, check.verdict) == ("connect", "fail")
    assert check.measured.startswith("no connection to 127.0.0.1:")


async def test_a_container_that_hangs_up_fails_the_invocation() -> None:
    assert await verdicts(Behaviour(hangs_up=True)) == {"connect": "pass", "ping": "pass", "invocations": "fail"}


async def test_every_check_says_what_sagemaker_demands_and_would_do() -> None:
    for check in (await checked(Behaviour())).values():
        assert check.demand
        assert check.otherwise.endswith(".")


async def test_the_probe_is_what_the_container_gets() -> None:
    behaviour = Behaviour()
    with own_container(behaviour) as url:
        await check_contract(url, Probe(b"1,2", "text/csv"))
    assert (behaviour.seen[0][2], dict(behaviour.seen[0][1])["Content-Type"]) == (b"1,2", "text/csv")


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "https://127.0.0.1", "http://"])
async def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(SmrtError, match="is no address of a container"):
        await check_contract(url)


async def test_another_machine_is_not_asked_unless_that_is_allowed() -> None:
    with pytest.raises(SmrtError, match=r"192\.0\.2\.1 is another machine"):
        await check_contract("http://192.0.2.1:8080")


def test_the_report_is_a_line_a_check_and_says_what_to_expect_of_a_breach() -> None:
    ping = Check("ping", "pass", "200 after 1.0 ms", "a 200", "It fails.")
    size = Check("request size", "fail", "413 after 1.0 ms", "6 MiB", "Large ones fail.")
    assert ContractReport("http://x", (ping,)).is_kept
    assert ContractReport("http://x", (ping, size)).text() == (
        "pass  ping           200 after 1.0 ms\n"
        "fail  request size   413 after 1.0 ms\n"
        "                     asked for: 6 MiB\n"
        "                     SageMaker: Large ones fail.\n"
        "http://x: 1 of 2 checks failed\n"
    )
