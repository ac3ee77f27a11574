"""`docs/client-options.md` leaves out no option of ours, none of botocore's and none of the JavaScript SDK's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from botocore.config import Config

from smrt_tui.core.profile import ClientOptions

DOCUMENT = (Path(__file__).parents[2] / "docs" / "client-options.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`]+)`", DOCUMENT))


JAVASCRIPT_SDK = Path(__file__).parents[1] / "outside" / "node_modules" / "aws-sdk"
NESTED = [
    "httpOptions.timeout",
    "httpOptions.connectTimeout",
    "httpOptions.proxy",
    "httpOptions.agent",
    "httpOptions.xhrAsync",
    "httpOptions.xhrWithCredentials",
    "retryDelayOptions.base",
    "retryDelayOptions.customBackoff",
]
OF_JAVASCRIPT = [
    *[
        "apiVersion",
        "apiVersions",
        "clientSideMonitoring",
        "computeChecksums",
        "convertResponseTypes",
        "correctClockSkew",
        "credentialProvider",
        "credentials",
        "customUserAgent",
        "dynamoDbCrc32",
        "endpoint",
        "endpointCacheSize",
        "endpointDiscoveryEnabled",
        "hostPrefixEnabled",
        "logger",
        "maxRedirects",
        "maxRetries",
        "paramValidation",
        "region",
        "s3BucketEndpoint",
        "s3DisableBodySigning",
        "s3ForcePathStyle",
        "s3UsEast1RegionalEndpoint",
        "s3UseArnRegion",
        "signatureCache",
        "signatureVersion",
        "sslEnabled",
        "stsRegionalEndpoints",
        "systemClockOffset",
        "token",
        "useAccelerateEndpoint",
        "useDualstackEndpoint",
        "useFipsEndpoint",
    ],
    *[
        "accessKeyId",
        "secretAccessKey",
        "sessionToken",
        "params",
        "tokenProvider",
    ],  # of the constructor, not of its table
    *NESTED,
]
"""What the constructor of the JavaScript SDK v2's client takes."""


@pytest.mark.parametrize("option", OF_JAVASCRIPT)
def test_every_option_of_the_javascript_sdk_is_answered(option: str) -> None:
    assert option in NAMED


@pytest.mark.outside
@pytest.mark.skipif(
    not JAVASCRIPT_SDK.exists(), reason="the JavaScript SDK v2 is not installed: npm ci in tests/outside"
)
def test_the_list_is_the_javascript_sdks_own() -> None:
    source = (JAVASCRIPT_SDK / "lib" / "config.js").read_text(encoding="utf-8")
    table = source[source.index("keys: {") :]
    keys = set(re.findall(r"^    (\w+): ", table, re.MULTILINE)) - {"httpOptions", "retryDelayOptions"}
    assert keys <= set(OF_JAVASCRIPT)
    assert len(keys) > 30


@pytest.mark.parametrize("field", ClientOptions.__struct_fields__)
def test_every_client_option_has_a_place_in_the_table(field: str) -> None:
    assert f"client.{field}" in NAMED


@pytest.mark.parametrize("option", Config.OPTION_DEFAULTS)
def test_every_option_of_botocores_config_is_answered(option: str) -> None:
    assert any(name == option or name.startswith(f"{option}=") for name in NAMED)


def test_the_table_names_no_client_option_that_is_not_there() -> None:
    told = {name.removeprefix("client.") for name in NAMED if name.startswith("client.")}
    assert told == set(ClientOptions.__struct_fields__)
