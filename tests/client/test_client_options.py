"""`docs/client-options.md` leaves out no option of ours and none of botocore's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from botocore.config import Config

from smrt_tui.core.profile import ClientOptions

DOCUMENT = (Path(__file__).parents[2] / "docs" / "client-options.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`]+)`", DOCUMENT))


@pytest.mark.parametrize("field", ClientOptions.model_fields)
def test_every_client_option_has_a_place_in_the_table(field: str) -> None:
    assert f"client.{field}" in NAMED


@pytest.mark.parametrize("option", Config.OPTION_DEFAULTS)
def test_every_option_of_botocores_config_is_answered(option: str) -> None:
    assert any(name == option or name.startswith(f"{option}=") for name in NAMED)


def test_the_table_names_no_client_option_that_is_not_there() -> None:
    told = {name.removeprefix("client.") for name in NAMED if name.startswith("client.")}
    assert told == set(ClientOptions.model_fields)
