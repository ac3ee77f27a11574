"""Another mode: which members change their header's name, and which are not sent any more."""

from __future__ import annotations

from smrt_tui.core.draft import Draft
from smrt_tui.core.service import packaged_service
from smrt_tui.core.switching import Renamed, Switched, switched

DRAFT = Draft("sync", "e", (("Accept", "a/b"), ("CustomAttributes", "x"), ("TargetModel", "m"), ("Nonsense", "n")))


def test_a_member_has_another_header_or_none_at_all() -> None:
    assert switched(DRAFT, "sync", "stream", packaged_service()) == Switched(
        renamed=(Renamed("Accept", "Accept", "X-Amzn-SageMaker-Accept"),), dropped=("TargetModel",)
    )


def test_back_again_everything_is_sent_under_its_old_name() -> None:
    back = switched(DRAFT, "stream", "sync", packaged_service())
    assert back == Switched((Renamed("Accept", "X-Amzn-SageMaker-Accept", "Accept"),), regained=("TargetModel",))
    assert back.words == "Accept is sent as Accept (was X-Amzn-SageMaker-Accept); sent again: TargetModel"


def test_a_member_that_is_not_set_is_not_spoken_of() -> None:
    assert switched(Draft("sync", "e"), "sync", "async", packaged_service()).words == ""
