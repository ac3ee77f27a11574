from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import botocore.config
import botocore.session
import pytest

from smrt_tui.client.endpoint import Endpoint, resolve_bucket, resolve_endpoint
from smrt_tui.client.faults import ClientTrouble
from smrt_tui.core.profile import ClientOptions, CredentialsSpec
from smrt_tui.core.target import Target

REGIONS = (
    "us-east-1",
    "eu-central-1",
    "us-gov-west-1",
    "cn-north-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eusc-de-east-1",
)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """A botocore session whose clients tell where they would send to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_CONFIG_FILE", "/nonexistent")
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "s")
        yield botocore.session.Session()


def botocore_address(session: Any, region: str, fips: bool, dualstack: bool, bucket: str | None = None) -> str | None:
    """The base URL that a request of botocore's own client leaves for; None when it refuses."""
    config = botocore.config.Config(
        use_fips_endpoint=fips,
        use_dualstack_endpoint=dualstack,
        s3={"us_east_1_regional_endpoint": "regional"},  # botocore still goes to the old global host by default
    )
    service = "s3" if bucket else "sagemaker-runtime"
    sent: list[str] = []

    def keep(request: Any, **_: object) -> _Answer:
        sent.append(request.url)
        return _Answer()

    try:
        client = session.create_client(service, region_name=region, config=config)
        client.meta.events.register(f"before-send.{service}", keep)
        if bucket is None:
            client.invoke_endpoint(EndpointName="k", Body=b"")
            return sent[0].removesuffix("/endpoints/k/invocations")
        client.head_object(Bucket=bucket, Key="k")
        return sent[0].removesuffix("/k")
    except botocore.exceptions.BotoCoreError:
        return None


class _Answer:
    """As much of an answer as botocore's parser looks at."""

    status_code = 200
    headers: Mapping[str, str] = {}
    content = b""
    raw = BytesIO()


def ours(target: Target, environ: Mapping[str, str], bucket: str | None = None) -> str | None:
    try:
        found = resolve_bucket(target, environ, bucket) if bucket else resolve_endpoint(target, environ)
    except ClientTrouble as refusal:
        assert refusal.code == "endpoint-conflict"
        return None
    return found.url


FLAGS = list(itertools.product((False, True), repeat=2))


@pytest.mark.parametrize("region", REGIONS)
def test_every_partition_and_flag_leads_where_botocore_goes(session: Any, region: str, tmp_path: Path) -> None:
    for fips, dualstack in FLAGS:
        options = ClientOptions(use_fips=fips, use_dualstack=dualstack)
        found = ours(Target(region=region, client=options), {"HOME": str(tmp_path)})
        assert found == botocore_address(session, region, fips, dualstack)


@pytest.mark.parametrize("bucket", ["my-bucket", "my.dotted.bucket"])
@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "cn-north-1"])
def test_a_bucket_is_where_botocore_finds_it(session: Any, region: str, bucket: str, tmp_path: Path) -> None:
    for fips, dualstack in FLAGS:
        options = ClientOptions(use_fips=fips, use_dualstack=dualstack)
        found = ours(Target(region=region, client=options), {"HOME": str(tmp_path)}, bucket)
        assert found == botocore_address(session, region, fips, dualstack, bucket)


def test_a_bucket_at_an_address_of_its_own_is_in_the_path() -> None:
    target = Target(region="us-east-1", s3_endpoint_url="http://127.0.0.1:9000/")
    assert resolve_bucket(target, {}, "my-bucket").url == "http://127.0.0.1:9000/my-bucket"


PROFILE_FILE = """
[default]
region = eu-west-3
[profile ml]
region = eu-north-1
services = here
[services here]
sagemaker_runtime =
  endpoint_url = https://from-the-file.example
"""


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose AWS config file has two profiles."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(PROFILE_FILE)
    return {"HOME": str(tmp_path)}


def test_a_region_is_looked_for_in_order(home: dict[str, str]) -> None:
    in_environment = {"AWS_REGION": "ap-south-1", "AWS_DEFAULT_REGION": "sa-east-1"}
    ml = Target(credentials=CredentialsSpec(profile="ml"))
    found = [
        resolve_endpoint(Target(region="us-west-2"), {**home, **in_environment}),
        resolve_endpoint(Target(), {**home, **in_environment}),
        resolve_endpoint(Target(), {**home, "AWS_DEFAULT_REGION": "sa-east-1"}),
        resolve_endpoint(Target(), home),
        resolve_endpoint(Target(), {**home, "AWS_PROFILE": "ml"}),
        resolve_endpoint(ml, home),
    ]
    regions = ["us-west-2", "ap-south-1", "sa-east-1", "eu-west-3", "eu-north-1", "eu-north-1"]
    assert [endpoint.region for endpoint in found] == regions


def test_an_address_is_looked_for_in_order(home: dict[str, str]) -> None:
    service, every = "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "AWS_ENDPOINT_URL"
    both = {service: "https://one.example", every: "https://all.example"}
    ml = Target(credentials=CredentialsSpec(profile="ml"))
    given = Target(endpoint_url="https://mine.example", credentials=CredentialsSpec(profile="ml"))
    region = "eu-north-1"
    assert [
        resolve_endpoint(given, {**home, **both}),
        resolve_endpoint(ml, {**home, **both}),
        resolve_endpoint(ml, {**home, every: "https://all.example"}),
        resolve_endpoint(ml, home),
        resolve_endpoint(ml, {**home, **both, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}),
    ] == [
        Endpoint("https://mine.example", region, "profile"),
        Endpoint("https://one.example", region, service),
        Endpoint("https://all.example", region, every),
        Endpoint("https://from-the-file.example", region, "AWS profile"),
        Endpoint("https://runtime.sagemaker.eu-north-1.amazonaws.com", region, "endpoint rules"),
    ]


def test_s3_has_a_variable_of_its_own() -> None:
    environ = {"AWS_ENDPOINT_URL_S3": "http://localhost:9000", "AWS_REGION": "us-east-1"}
    assert resolve_bucket(Target(), environ, "b").url == "http://localhost:9000/b"
    assert resolve_endpoint(Target(), environ).source == "endpoint rules"


def refusal(target: Target, **environ: str) -> ClientTrouble:
    with pytest.raises(ClientTrouble) as raised:
        resolve_endpoint(target, environ)
    assert raised.value.hint
    return raised.value


def test_a_missing_region_says_where_to_write_it() -> None:
    found = refusal(Target(), HOME="/nonexistent")
    assert found.code == "region-missing"
    assert "AWS_REGION" in found.hint


def test_an_anonymous_call_to_an_address_of_its_own_needs_no_region() -> None:
    target = Target(endpoint_url="http://localhost:8080", credentials=CredentialsSpec(anonymous=True))
    assert resolve_endpoint(target, {"HOME": "/nonexistent"}) == Endpoint("http://localhost:8080", "", "profile")


@pytest.mark.parametrize("region", ["us east 1", "evil.example/", "-x", "us-east-1\n", "a" * 64, "123"])
def test_a_region_that_is_no_host_label_is_refused(region: str) -> None:
    assert refusal(Target(region=region)).code == "region-malformed"


def test_an_unknown_region_is_noted_and_not_refused() -> None:
    found = resolve_endpoint(Target(region="eu-cental-1"), {})
    assert found.note == "botocore knows no region eu-cental-1; did you mean eu-central-1?"
    assert resolve_endpoint(Target(region="eu-central-1"), {}).note == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hush@example.com",
        "https://hush@example.com",
        "ftp://example.com",
        "https://",
        "https://example.com:port",
        "https://example.com:99999",
        "https://[::1",
        "https://exa mple.com",
        "https://exämple.com",
        "https://example.com\r\nX-Evil: 1",
        "https://example.com/?a=1",
        "https://example.com/#a",
        "example.com",
    ],
)
def test_an_address_that_is_none_is_refused_without_showing_it(url: str) -> None:
    found = refusal(Target(region="us-east-1"), AWS_ENDPOINT_URL=url)
    assert found.code == "url-unsupported"
    assert "AWS_ENDPOINT_URL" in found.message
    assert "hush" not in f"{found.message}{found.hint}"


@pytest.mark.parametrize("options", [ClientOptions(use_fips=True), ClientOptions(use_dualstack=True)])
@pytest.mark.parametrize("url", ["https://mine.example", "http://127.0.0.1:1"])
def test_fips_or_dualstack_with_an_address_of_its_own_is_a_contradiction(options: ClientOptions, url: str) -> None:
    found = refusal(Target(region="us-east-1", endpoint_url=url, client=options))
    assert found.code == "endpoint-conflict"
    assert "custom endpoint are not supported" in found.message


def test_fips_of_the_environment_counts_but_for_this_machine() -> None:
    fips = {"AWS_USE_FIPS_ENDPOINT": "true"}
    assert (
        resolve_endpoint(Target(region="us-east-1"), fips).url
        == "https://runtime-fips.sagemaker.us-east-1.amazonaws.com"
    )
    local = Target(region="us-east-1", endpoint_url="http://127.0.0.1:1")
    assert resolve_endpoint(local, fips).url == "http://127.0.0.1:1"
    assert refusal(Target(region="us-east-1", endpoint_url="https://mine.example"), **fips).code == "endpoint-conflict"


def test_plain_http_off_this_machine_is_refused_unless_allowed() -> None:
    url = "http://gateway.example"
    assert refusal(Target(region="us-east-1", endpoint_url=url)).code == "plain-http"
    allowed = Target(region="us-east-1", endpoint_url=url, client=ClientOptions(allow_plain_http=True))
    assert resolve_endpoint(allowed, {}).url == url
