"""Every way a call can fail on our side of the wire, as one table: code, message, hint.

`FAULTS` is the table and `trouble` fills a row in. Which row is meant by what a socket raised is for `client.causes`.
Nothing is retried, logged or shown here, and no other module makes up a code.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from smrt_tui.core.errors import SmrtError


class ClientTrouble(SmrtError):
    """A local failure with a name: what `TransportFault` will say. Raised anywhere in the client."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.code = code


class FaultRow(Struct, frozen=True):
    """What a person reads about one code. `{…}` in the message stands for the facts of the case."""

    message: str
    hint: str


_BROKEN_SERVER = "the server or a proxy between breaks HTTP; look at the head and the received bytes"

FAULTS: Mapping[str, FaultRow] = {
    # who we are and where to
    "credentials-missing": FaultRow(
        "no AWS credentials were found: {detail}",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name an AWS profile under `credentials:`, or send unsigned"
        " with `credentials: {{anonymous: true}}`",
    ),
    "credentials-expired": FaultRow(
        "the AWS credentials have expired: {detail}",
        "log in again (`aws sso login`, or renew the temporary keys) and try again",
    ),
    "credentials-failed": FaultRow(
        "the AWS credentials could not be fetched: {detail}",
        "check the AWS profile's settings and that its source can be reached, with `aws sts get-caller-identity`",
    ),
    "profile-unknown": FaultRow(
        "there is no AWS profile of that name: {detail}",
        "look at the names in ~/.aws/config and ~/.aws/credentials, or set AWS_CONFIG_FILE",
    ),
    "credentials-partial": FaultRow("half of the AWS credentials is missing: {detail}", "set both halves, or neither"),
    "sso-login": FaultRow("the log-in is over or was never made: {detail}", "run `{command}`, then try again"),
    "mfa-needed": FaultRow(
        "the role wants a code that only a person has: {detail}",
        "run `{command}` and type the code there; the AWS CLI's session is used here",
    ),
    "role-refused": FaultRow(
        "the role was refused: {detail}",
        "the role's trust policy has to name the caller, and the caller's policy to allow sts:AssumeRole on the role",
    ),
    "aws-config-broken": FaultRow(
        "AWS's own configuration can't be used: {detail}", "mend ~/.aws/config, or point AWS_CONFIG_FILE elsewhere"
    ),
    "region-malformed": FaultRow("{region} is no region's name", "a region looks like us-east-1"),
    "endpoint-conflict": FaultRow(
        "there is no such endpoint: {detail}",
        "change `region:`, `endpoint_url:`, `client.use_fips` or `client.use_dualstack`",
    ),
    "region-missing": FaultRow(
        "no region is known",
        "set `region:` in the profile, AWS_REGION in the environment, or a region in the AWS profile",
    ),
    "url-unsupported": FaultRow(
        "this address cannot be sent to: {detail}", "write `endpoint_url:` as http://host:port or https://host:port"
    ),
    "plain-http": FaultRow(
        "{where} is not on this machine and plain http would show it the signed request unencrypted",
        "use https://, or allow it with `client: {{allow_plain_http: true}}`",
    ),
    # the request itself
    "header-illegal": FaultRow(
        "the header {name} can't be sent: {detail}", "take it out of the value; HTTP has no way to carry it"
    ),
    "header-name-illegal": FaultRow(
        "{name} is no header name",
        "use letters, digits and - only; a blank or a colon in the name is the usual slip",
    ),
    "header-framing": FaultRow(
        "the header {name} would cut the body wrongly: {detail}",
        "leave the header out: the length is counted for you",
    ),
    # getting there
    "dns-failed": FaultRow(
        "{where} has no address: {detail}",
        "check the region and the endpoint URL for a typo, and the network and its name server",
    ),
    "connect-refused": FaultRow(
        "{where} refused the connection", "nothing listens there: check the port, and that the server is running"
    ),
    "connect-unreachable": FaultRow(
        "there is no way to {where}: {detail}", "check the network, the VPN, and whether a proxy is needed"
    ),
    "connect-failed": FaultRow("no connection to {where}: {detail}", "check the address, the network and the firewall"),
    "connect-timeout": FaultRow(
        "no connection to {where} within {connect_s} s (connect_timeout)",
        "a firewall or a security group may drop it silently; check network and VPN, or raise `connect_timeout`",
    ),
    "tls-expired": FaultRow(
        "the certificate of {where} is out of date: {detail}",
        "check this machine's clock; else its owner must renew it",
    ),
    "tls-unknown-ca": FaultRow(
        "the certificate of {where} comes from an authority that is not trusted here: {detail}",
        "behind a company's proxy, name its PEM file in `ca_bundle:` or AWS_CA_BUNDLE",
    ),
    "tls-name-mismatch": FaultRow(
        "the certificate of {where} is for another name: {detail}", "check the host name in `endpoint_url:`"
    ),
    "tls-not-spoken": FaultRow(
        "{where} does not speak TLS: {detail}", "it may be a plain http:// port, or TLS of another version"
    ),
    "tls-failed": FaultRow(
        "TLS with {where} failed: {detail}", "check the port, the certificate and any proxy between"
    ),
    "ca-bundle": FaultRow(
        "the CA bundle {path} can't be used: {detail}", "check `ca_bundle:` and AWS_CA_BUNDLE; it must be a PEM file"
    ),
    # the proxy
    "proxy-unsupported": FaultRow(
        "{detail} is no proxy that can be used",
        "use an http:// proxy, as http://host:port or http://user:password@host:port",
    ),
    "proxy-unreachable": FaultRow(
        "no connection to the proxy {proxy}: {detail}", "check `proxy:` and HTTPS_PROXY, or set NO_PROXY for this host"
    ),
    "proxy-auth": FaultRow(
        "the proxy {proxy} wants a user and a password, or does not take those it was given",
        "write them into the URL: http://user:password@host:port",
    ),
    "proxy-refused": FaultRow(
        "the proxy {proxy} will not connect to {where}: {detail}", "ask who runs it to allow this host, or set NO_PROXY"
    ),
    "proxy-failed": FaultRow("the proxy {proxy} failed: {detail}", "check that it is an HTTP proxy and is running"),
    # the exchange
    "upload-cut": FaultRow(
        "{where} closed the connection while the body was being sent: {detail}",
        "it may be too large: 25 MB is the most for sync and stream (6 MB before 2025); an older limit may apply here",
    ),
    "write-timeout": FaultRow(
        "{where} took no byte of the body for {read_s} s (read_timeout)", "the network or the server stalls; try again"
    ),
    "read-timeout": FaultRow(
        "nothing came from {where} for {read_s} s (read_timeout)",
        "the model may still be working: raise `read_timeout`; the service itself gives up after 60 s (stream: 8 min)",
    ),
    "total-timeout": FaultRow(
        "the call was not over after {total_s} s (total_timeout)", "raise `total_timeout` or leave it out"
    ),
    "no-answer": FaultRow(
        "{where} hung up without an answer", "the server or something between crashed or restarted; try again"
    ),
    "head-cut": FaultRow(
        "{where} hung up inside the head of its answer: {detail}", "try again; check any proxy between"
    ),
    "connection-reset": FaultRow("the connection to {where} broke: {detail}", "what came before it is kept; try again"),
    "chunk-cut": FaultRow(
        "the answer was cut: {detail}", "the server or a proxy dropped the connection; what came is kept"
    ),
    "length-short": FaultRow(
        "the answer is shorter than its Content-Length: {detail}", "the server or a proxy cut it; what came is kept"
    ),
    "length-malformed": FaultRow("the Content-Length of the answer is no number: {detail}", _BROKEN_SERVER),
    "lengths-conflict": FaultRow("the answer has two different Content-Length: {detail}", _BROKEN_SERVER),
    "transfer-coding": FaultRow("the answer has a transfer coding that is not known: {detail}", _BROKEN_SERVER),
    "chunk-size": FaultRow("a chunk of the answer has no sound size: {detail}", _BROKEN_SERVER),
    "chunk-end": FaultRow("a chunk of the answer does not end where it says: {detail}", _BROKEN_SERVER),
    "header-malformed": FaultRow("a header line of the answer is not one: {detail}", _BROKEN_SERVER),
    "head-too-large": FaultRow("the head of the answer is too large: {detail}", _BROKEN_SERVER),
    "not-http": FaultRow(
        "{where} does not answer in HTTP/1.1: {detail}", "check the port and whether it should be http:// or https://"
    ),
    "protocol-error": FaultRow("the exchange with {where} broke HTTP: {detail}", _BROKEN_SERVER),
    "transport-failed": FaultRow("the exchange with {where} failed: {detail}", "try again"),
    # async: S3 and waiting
    "location-malformed": FaultRow("{location} is no place in S3: {detail}", "an object is written as s3://bucket/key"),
    "s3-denied": FaultRow(
        "S3 refused {what}: {detail}",
        "allow s3:GetObject, s3:PutObject and s3:ListBucket on the bucket, and the key when it is encrypted with one",
    ),
    "s3-failed": FaultRow("S3 failed {what}: {detail}", "look again later; the job itself goes on"),
    "s3-region": FaultRow("the bucket {bucket} is in {region}", "set `region:` to the region of endpoint and bucket"),
    "upload-too-large": FaultRow(
        "{bytes} bytes are more than S3 takes in one request ({most})",
        "upload it in parts (`aws s3 cp` does) and name it with InputLocation; the service itself takes 1 GB",
    ),
    "not-yet": FaultRow(
        "the job has no answer yet: {detail}", "look again later, or wait for it: `smrt-tui jobs ID --wait`"
    ),
    "gave-up": FaultRow("there was no answer after {seconds} s: {detail}", "{again}"),
    # reading the account: endpoints, and the logs of their containers
    "right-missing": FaultRow(
        "{action} is not allowed to these credentials: {detail}",
        "ask for the right {action}; sending needs only sagemaker:InvokeEndpoint or sagemaker:InvokeEndpointAsync",
    ),
    "credentials-refused": FaultRow(
        "{service} does not accept these credentials: {detail}",
        "check the key pair, its session token, this machine's clock, and that keys and region are of one partition",
    ),
    "throttled": FaultRow("{service} is being asked too often: {detail}", "wait a minute, then ask again"),
    "service-refused": FaultRow(
        "{service} did not carry out {operation}: {detail}", "if it looks like a passing fault, ask again"
    ),
    "answer-unreadable": FaultRow(
        "the answer of {service} to {operation} can't be read: {detail}",
        "something else may answer there: check `endpoint_url:`, the AWS_ENDPOINT_URL variables and any proxy",
    ),
    "endpoint-unknown": FaultRow(
        "there is no endpoint {name} in {region} of this account",
        "check name, region and credentials; `smrt-tui endpoints` lists what is there",
    ),
    "log-group-missing": FaultRow(
        "there is no log group {group} in {region} of this account",
        "a container that never wrote a line has none; check region and credentials too",
    ),
    # the event stream
    "stream-truncated": FaultRow(
        "the answer is not whole: {detail}", "the parts before it are sound and kept; send again"
    ),
    "stream-corrupt": FaultRow(
        "the event stream is damaged: {detail}", "look at the rejected bytes; a proxy between may change bodies"
    ),
    "not-an-event-stream": FaultRow(
        "the answer can't be decoded: {detail}", "read the body: it is often an error page of a proxy, or a mock's"
    ),
}


def trouble(code: str, **facts: object) -> ClientTrouble:
    """The filled-in row of that code. Raises `KeyError` for a code or a fact that is not there: that is a bug."""
    row = FAULTS[code]
    return ClientTrouble(code, row.message.format(**facts), row.hint.format(**facts))
