"""The record of an async job: what each event adds to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.events import Ended, Event, JobMoved, JobState, Signed
from smrt_tui.core.job import MOST_DETAIL, JobRecord, age_text, entry_for, is_same_job
from smrt_tui.core.profile import CredentialsSpec, Profile

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=9)
PLACED = JobRecord("k", "p", "e", NOW)
ACCEPTED = JobMoved(0.1, JobState.ACCEPTED, "id", "s3://b/o", "s3://b/f", "receipt")


def moved(state: JobState, detail: str = "told") -> JobMoved:
    return replace(ACCEPTED, state=state, detail=detail)


def after(*events: Event, record: JobRecord = PLACED) -> JobRecord:
    for event in events:
        record = record.after(event, LATER)
    return record


def test_an_acceptance_brings_the_id_and_the_places() -> None:
    assert after(ACCEPTED) == replace(
        PLACED,
        state=JobState.ACCEPTED,
        detail="receipt",
        inference_id="id",
        output_location="s3://b/o",
        failure_location="s3://b/f",
    )


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.COMPLETED, JobState.FAILED, JobState.GAVE_UP])
def test_every_look_is_dated(state: JobState) -> None:
    record = after(ACCEPTED, moved(state))
    assert (record.state, record.looked_at, record.is_placed) == (state, LATER, True)


def test_an_upload_is_no_look_and_no_acceptance() -> None:
    record = after(JobMoved(0.1, JobState.UPLOADED, "", "", "", "3 bytes to s3://b/in"))
    assert (record.looked_at, record.is_placed, record.detail) == (None, False, "3 bytes to s3://b/in")


def test_the_region_is_the_one_that_was_signed_for() -> None:
    signed = Signed(0.1, "env", "AK", "20261122/eu-west-1/sagemaker/aws4_request", (), "", "", "", False, None)
    assert after(signed).region == "eu-west-1"
    assert after(replace(signed, scope="")).region is None


def test_other_events_change_nothing() -> None:
    assert after(Ended(1.0, "complete")) is PLACED


def test_a_servers_words_are_kept_to_a_limit() -> None:
    assert len(after(moved(JobState.ACCEPTED, "x" * 10_000)).detail) == MOST_DETAIL


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "begun"),
        ({"detail": "it was sent and no answer came"}, "sent"),
        ({"state": JobState.UPLOADING}, "upload begun"),
        ({"state": JobState.GAVE_UP}, "gave-up"),
        ({"state": JobState.WAITING, "is_out_of_reach": True}, "out of reach"),
        ({"state": JobState.COMPLETED, "is_out_of_reach": True}, "completed"),
    ],
)
def test_the_state_in_a_word(changes: dict[str, object], told: str) -> None:
    assert replace(PLACED, **changes).state_text == told


def test_a_job_is_called_by_its_inference_id_once_there_is_one() -> None:
    assert (PLACED.name, after(ACCEPTED).name) == ("k", "id")


def test_events_and_records_of_one_job_know_each_other() -> None:
    record = after(ACCEPTED)
    assert is_same_job(record, moved(JobState.WAITING))
    assert not is_same_job(record, replace(ACCEPTED, output_location="s3://b/other"))
    assert not is_same_job(PLACED, JobMoved(0.1, JobState.UPLOADED, "", "", "", ""))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-3, "0 s"), (0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (7200, "2 h"), (90_000, "1 d")],
)
def test_an_age_has_one_unit(seconds: float, told: str) -> None:
    assert age_text(seconds) == told


def test_the_profile_as_it_is_today_looks_again() -> None:
    entry = ProfileEntry("p", "/p.yaml", "/", Profile(endpoint="e", region="us-west-2"))
    assert entry_for(PLACED, Catalogue((entry,))) is entry


@pytest.mark.parametrize("catalogue", [Catalogue(), Catalogue((ProfileEntry("p", "/p.yaml", "/", None),))])
def test_without_a_sound_profile_the_records_own_hints_look(catalogue: Catalogue) -> None:
    record = replace(PLACED, region="eu-west-1", credentials=(("env", True),), s3_endpoint_url="http://127.0.0.1:1")
    profile = entry_for(record, catalogue).profile
    assert profile is not None
    assert (profile.region, profile.credentials, profile.s3_endpoint_url) == (
        "eu-west-1",
        CredentialsSpec(env=True),
        "http://127.0.0.1:1",
    )
