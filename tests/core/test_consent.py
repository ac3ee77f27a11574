"""Who may be sent signed headers without being asked about."""

from __future__ import annotations

import pytest

from smrt_tui.core.consent import foreign_host, foreign_store
from smrt_tui.core.profile import CredentialsSpec
from tests.ui.fakes import a_broken_entry, a_profile, an_entry


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (None, None),
        ("http://127.0.0.1:8080", None),
        ("http://[::1]:8080", None),
        ("http://localhost", None),
        ("https://runtime.sagemaker.us-east-1.amazonaws.com", None),
        ("https://runtime.sagemaker.cn-north-1.amazonaws.com.cn", None),
        ("https://amazonaws.com.example.net", "amazonaws.com.example.net"),
        ("https://notamazonaws.com", "notamazonaws.com"),
        ("https://mine-123.us-east-1.elb.amazonaws.com", "mine-123.us-east-1.elb.amazonaws.com"),
        ("https://abc.execute-api.us-east-1.amazonaws.com", "abc.execute-api.us-east-1.amazonaws.com"),
        ("https://10.0.0.1", "10.0.0.1"),
    ],
)
def test_only_strangers_are_asked_about(url: str | None, host: str | None) -> None:
    assert foreign_host(an_entry("x/y", a_profile(endpoint_url=url))) == host


def test_an_unsigned_call_needs_no_word() -> None:
    anonymous = a_profile(endpoint_url="https://example.com", credentials=CredentialsSpec(anonymous=True))
    assert foreign_host(an_entry("x/y", anonymous)) is None


def test_a_broken_profile_goes_nowhere() -> None:
    assert foreign_host(a_broken_entry()) is None


def test_objects_have_an_address_of_their_own() -> None:
    entry = an_entry("x/y", a_profile(s3_endpoint_url="https://objects.example.com"))
    assert (foreign_host(entry), foreign_store(entry)) == (None, "objects.example.com")


def test_a_profile_of_the_local_endpoint_has_its_objects_there_whatever_it_says() -> None:
    entry = an_entry("local/y", a_profile(s3_endpoint_url="https://objects.example.com"))
    assert foreign_store(entry) is None
