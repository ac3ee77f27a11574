"""Whose an address is, by the address alone."""

from __future__ import annotations

import pytest

from smrt_tui.core.hosts import is_aws, is_loopback, needs_consent


@pytest.mark.parametrize(
    ("url", "loopback", "aws"),
    [
        ("http://localhost:8080", True, False),
        ("http://LOCALHOST", True, False),
        ("http://a.localhost", True, False),
        ("http://127.9.9.9/x", True, False),
        ("http://[::1]:80", True, False),
        ("http://[::ffff:127.0.0.1]", True, False),
        ("http://127.0.0.1.example.com", False, False),
        ("http://localhost.example.com", False, False),
        ("http://10.0.0.1", False, False),
        ("https://runtime.sagemaker.us-east-1.amazonaws.com", False, True),
        ("http://runtime.sagemaker.us-east-1.amazonaws.com", False, False),
        ("https://runtime.sagemaker.us-east-1.api.aws", False, True),
        ("https://runtime-fips.sagemaker.us-east-1.amazonaws.com", False, True),
        ("https://runtime.sagemaker.cn-north-1.amazonaws.com.cn", False, True),
        ("https://vpce-0a1b-c2d3.runtime.sagemaker.us-east-1.vpce.amazonaws.com", False, True),
        ("https://my-bucket.s3.eu-west-1.amazonaws.com", False, True),
        ("https://s3.amazonaws.com/b", False, True),
        ("https://runtime.sagemaker.us-east-1.amazonaws.com.evil.example", False, False),
        ("https://evil-runtime.sagemaker.us-east-1.amazonaws.com", False, False),
        ("https://mine-123.us-east-1.elb.amazonaws.com", False, False),
        ("https://abc.execute-api.us-east-1.amazonaws.com", False, False),
        ("https://example.com", False, False),
    ],
)
def test_who_is_asked_before_signed_headers_leave(url: str, loopback: bool, aws: bool) -> None:
    assert (is_loopback(url), is_aws(url)) == (loopback, aws)
    assert needs_consent(url) == (not loopback and not aws)
