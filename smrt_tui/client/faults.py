"""Every way a call can fail on our side of the wire, as one table: code, message, hint.

`FAULTS` is the table; `trouble` fills a row in; `fault_of` finds the row for whatever a transport, a resolver or a
socket raised. Nothing is retried, logged or shown here, and no other module makes up a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class ClientTrouble(Exception):
    """A local failure with a name: what `TransportFault` will say. Raised anywhere in the client."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class FaultRow:
    """What a person reads about one code. `{…}` in the message stands for the facts of the case."""

    message: str
    hint: str


FAULTS: Mapping[str, FaultRow] = {
    # who we are and where to
    "credentials-missing": FaultRow(
        "no AWS credentials were found: {detail}",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name an AWS profile under `credentials:`, or send unsigned"
        " with `credentials: {anonymous: true}`",
    ),
    "credentials-expired": FaultRow(
        "the AWS credentials have expired: {detail}",
        "log in again (`aws sso login`, or renew the temporary keys) and send once more",
    ),
    "credentials-failed": FaultRow(
        "the AWS credentials could not be fetched: {detail}",
        "check the AWS profile's settings and that its source can be reached, with `aws sts get-caller-identity`",
    ),
    "profile-unknown": FaultRow(
        "there is no AWS profile of that name: {detail}",
        "look at the names in ~/.aws/config and ~/.aws/credentials, or set AWS_CONFIG_FILE",
    ),
    "region-missing": FaultRow(
        "no region is known",
        "set `region:` in the profile, AWS_REGION in the environment, or a region in the AWS profile",
    ),
}


def trouble(code: str, **facts: object) -> ClientTrouble:
    """The filled-in row of that code. Raises `KeyError` for a code or a fact that is not there: that is a bug."""
    row = FAULTS[code]
    return ClientTrouble(code, row.message.format(**facts), row.hint)
