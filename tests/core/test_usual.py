"""What is offered while a value is typed can be sent as it is."""

from __future__ import annotations

import pytest

from smrt_tui.core.service import MODES, Mode, packaged_service
from smrt_tui.core.usual import usual_headers, usual_values


@pytest.mark.parametrize("mode", MODES)
def test_every_offered_value_fits_the_members_limits(mode: Mode) -> None:
    for member in packaged_service().operation(mode).header_members:
        for value in usual_values(member):
            is_beginning = value in ("s3://", "{{uuid}}") or (value == "NEW_SESSION" and mode == "stream")
            assert is_beginning or member.matches(value), (member.name, value)


def test_the_headers_of_the_operation_are_offered_first() -> None:
    names = usual_headers(packaged_service().operation("stream"))
    assert names[:2] == ("Content-Type", "X-Amzn-SageMaker-Accept")
    assert len({name.lower() for name in names}) == len(names)
