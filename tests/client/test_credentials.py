from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from urllib.parse import parse_qs

import pytest
from botocore.credentials import EnvProvider

from smrt_tui.client.credentials import CredentialResolver, Credentials, environment_credentials, resolve_credentials
from smrt_tui.client.faults import ClientTrouble
from smrt_tui.core.profile import CredentialsSpec
from smrt_tui.core.target import StaticCredentials

NOW = datetime(2026, 3, 4, tzinfo=UTC)


class Aws:
    """A home folder with AWS's two files, and the environment that leads to them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / ".aws").mkdir()
        self.environ = {"HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true"}

    def config(self, text: str) -> None:
        (self.home / ".aws" / "config").write_text(dedent(text))

    def credentials(self, text: str) -> None:
        (self.home / ".aws" / "credentials").write_text(dedent(text))

    def resolver(self, now: datetime = NOW, /, **environ: str) -> CredentialResolver:
        return CredentialResolver({**self.environ, **environ}, now=lambda: now)


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Aws:
    import os

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    return Aws(tmp_path)


def trouble_of(resolver: CredentialResolver, spec: CredentialsSpec | None, region: str | None = None) -> ClientTrouble:
    with pytest.raises(ClientTrouble) as raised:
        resolver.resolve(spec, region=region)
    assert raised.value.hint
    return raised.value


def test_keys_in_memory_are_taken_as_they_are() -> None:
    keys = StaticCredentials("AKIA", "secret", "token")
    assert resolve_credentials(keys, {}) == Credentials("AKIA", "secret", "token", "local")


def test_an_anonymous_profile_has_no_credentials() -> None:
    assert resolve_credentials(CredentialsSpec(anonymous=True), {"AWS_ACCESS_KEY_ID": "AKIA"}) is None


ENVIRONMENTS: dict[str, dict[str, str]] = {
    "pair": {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s"},
    "temporary": {"AWS_ACCESS_KEY_ID": "ASIA", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"},
    "old token name first": {
        "AWS_ACCESS_KEY_ID": "ASIA",
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_SESSION_TOKEN": "new",
        "AWS_SECURITY_TOKEN": "old",
    },
    "empty token": {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": ""},
}


@pytest.mark.parametrize("environ", ENVIRONMENTS.values(), ids=ENVIRONMENTS.keys())
def test_the_environment_is_read_as_botocore_reads_it(environ: Mapping[str, str]) -> None:
    theirs = EnvProvider(environ=environ).load().get_frozen_credentials()
    expected = Credentials(theirs.access_key, theirs.secret_key, theirs.token, "env")
    assert environment_credentials(environ) == expected
    assert resolve_credentials(CredentialsSpec(env=True), environ) == expected
    assert resolve_credentials(None, {**environ, "AWS_PROFILE": "other"}) == expected


def test_keys_of_the_environment_cost_no_botocore(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "smrt_tui.client.credential_chain", raising=False)
    resolve_credentials(None, ENVIRONMENTS["pair"])
    assert "smrt_tui.client.credential_chain" not in sys.modules


@pytest.mark.parametrize(
    ("environ", "code", "said"),
    [
        ({}, "credentials-missing", "AWS_ACCESS_KEY_ID"),
        ({"AWS_ACCESS_KEY_ID": "AKIA"}, "credentials-partial", "AWS_SECRET_ACCESS_KEY is not"),
        ({"AWS_SECRET_ACCESS_KEY": "hush"}, "credentials-partial", "AWS_ACCESS_KEY_ID is not"),
    ],
)
def test_half_a_pair_says_which_half_lacks(environ: Mapping[str, str], code: str, said: str) -> None:
    found = trouble_of(CredentialResolver(environ), CredentialsSpec(env=True))
    assert found.code == code
    assert said in found.message
    assert "hush" not in f"{found.message}{found.hint}"


def test_temporary_keys_that_ended_are_refused(aws: Aws) -> None:
    keys = {**ENVIRONMENTS["temporary"], "AWS_CREDENTIAL_EXPIRATION": "2026-03-04T00:00:00Z"}
    assert trouble_of(aws.resolver(NOW, **keys), None).code == "credentials-expired"
    fresh = aws.resolver(NOW - timedelta(seconds=1), **keys).resolve(None)
    assert fresh is not None
    assert fresh.expires_at == NOW


def test_an_aws_profile_by_name(aws: Aws) -> None:
    aws.credentials("""
        [ml]
        aws_access_key_id = AKIAML
        aws_secret_access_key = s1
        """)
    spec = CredentialsSpec(profile="ml")
    assert aws.resolver().resolve(spec) == Credentials("AKIAML", "s1", None, "shared-credentials-file")


def test_files_named_by_the_environment_count(aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "c.ini").write_text("[profile ml]\naws_access_key_id = AKIAC\naws_secret_access_key = s\n")
    resolver = aws.resolver(AWS_CONFIG_FILE="~/c.ini", AWS_PROFILE="ml")
    assert resolver.resolve(None) == Credentials("AKIAC", "s", None, "config-file")


def test_a_named_profile_wins_over_keys_of_the_environment(aws: Aws) -> None:
    aws.credentials("[ml]\naws_access_key_id = AKIAML\naws_secret_access_key = s1\n")
    found = aws.resolver(**ENVIRONMENTS["pair"]).resolve(CredentialsSpec(profile="ml"))
    assert found is not None
    assert found.access_key == "AKIAML"


def test_an_unknown_profile_names_the_nearest(aws: Aws) -> None:
    aws.config("[profile ml-dev]\nregion = eu-west-1\n")
    found = trouble_of(aws.resolver(), CredentialsSpec(profile="ml-dve"))
    assert found.code == "profile-unknown"
    assert "did you mean 'ml-dev'?" in found.message
    assert trouble_of(aws.resolver(AWS_PROFILE="nothing"), None).code == "profile-unknown"


def test_nothing_anywhere_is_said_so(aws: Aws) -> None:
    assert trouble_of(aws.resolver(), None).code == "credentials-missing"
    assert trouble_of(aws.resolver(AWS_SECRET_ACCESS_KEY="s"), None).code == "credentials-partial"
    aws.config("[profile bare]\nregion = eu-west-1\n")
    assert "'bare'" in trouble_of(aws.resolver(), CredentialsSpec(profile="bare")).message


def test_a_broken_config_file_is_named(aws: Aws) -> None:
    aws.config("[profile ml\nregion")
    found = trouble_of(aws.resolver(), CredentialsSpec(profile="ml"))
    assert found.code == "aws-config-broken"
    assert str(aws.home) in found.message


def test_an_sso_profile_without_a_log_in_says_how_to_log_in(aws: Aws) -> None:
    aws.config("""
        [profile sso]
        sso_session = corp
        sso_account_id = 123456789012
        sso_role_name = Ml
        [sso-session corp]
        sso_region = us-east-1
        sso_start_url = https://example.awsapps.com/start
        """)
    found = trouble_of(aws.resolver(), CredentialsSpec(profile="sso"))
    assert found.code == "sso-login"
    assert "aws sso login --profile sso" in found.hint


def process_profile(aws: Aws, script: str) -> None:
    program = aws.home / "keys.py"
    program.write_text(dedent(script))
    aws.config(f"[profile proc]\ncredential_process = {sys.executable} {program}\n")


def test_a_process_is_run_once_while_its_keys_last(aws: Aws) -> None:
    process_profile(
        aws,
        """
        import json, pathlib
        runs = pathlib.Path(__file__).with_name("runs")
        runs.write_text((runs.read_text() if runs.exists() else "") + "x")
        print(json.dumps({"Version": 1, "AccessKeyId": "ASIAP", "SecretAccessKey": "s", "SessionToken": "t",
                          "Expiration": "2099-01-01T00:00:00Z"}))
        """,
    )
    resolver, spec = aws.resolver(), CredentialsSpec(profile="proc")
    first, second = resolver.resolve(spec), resolver.resolve(spec)
    assert first == second == Credentials("ASIAP", "s", "t", "custom-process", datetime(2099, 1, 1, tzinfo=UTC))
    assert (aws.home / "runs").read_text() == "x"
    resolver.forget()
    resolver.resolve(spec)
    assert (aws.home / "runs").read_text() == "xx"


@pytest.mark.parametrize(
    "script", ["print('no json')", "raise SystemExit(3)", "print('{}')"], ids=["no json", "fails", "wrong version"]
)
def test_a_failing_process_is_a_named_trouble(aws: Aws, script: str) -> None:
    process_profile(aws, script)
    assert trouble_of(aws.resolver(), CredentialsSpec(profile="proc")).code == "credentials-failed"


def test_a_process_that_is_not_there_is_a_named_trouble(aws: Aws) -> None:
    aws.config("[profile proc]\ncredential_process = /no/such/program\n")
    found = trouble_of(aws.resolver(), CredentialsSpec(profile="proc"))
    assert (found.code, "/no/such/program" in found.message) == ("credentials-failed", True)


def test_a_changed_file_is_read_again(aws: Aws) -> None:
    aws.credentials("[ml]\naws_access_key_id = AKIAOLD\naws_secret_access_key = s\n")
    resolver, spec = aws.resolver(), CredentialsSpec(profile="ml")
    old = resolver.resolve(spec)
    aws.credentials("[ml]\naws_access_key_id = AKIANEW\naws_secret_access_key = s\n")
    new = resolver.resolve(spec)
    assert old is not None and new is not None
    assert (old.access_key, new.access_key) == ("AKIAOLD", "AKIANEW")


class FakeSts(ThreadingHTTPServer):
    """Answers AssumeRole: the role `ok` gets keys, any other is denied."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _StsHandler)
        self.asked: list[dict[str, list[str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _StsHandler(BaseHTTPRequestHandler):
    server: FakeSts

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append(asked)
        ok = asked["RoleArn"][0].endswith("/ok")
        body = (_STS_GRANT if ok else _STS_DENIAL).encode()
        self.send_response(200 if ok else 403)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name that http.server calls)
        pass


_STS_GRANT = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>rs</SecretAccessKey><SessionToken>rt</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
<AssumedRoleUser><AssumedRoleId>A:B</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/ok/x</Arn>
</AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>"""
_STS_DENIAL = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>"""
ROLE_KEYS = Credentials("ASIAROLE", "rs", "rt", "assume-role", datetime(2099, 1, 1, tzinfo=UTC))


@pytest.fixture
def sts() -> Iterator[FakeSts]:
    with FakeSts() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def role_profiles(aws: Aws, sts: FakeSts, role: str, extra: str = "") -> None:
    aws.credentials("[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n")
    aws.config(
        f"[profile role]\nrole_arn = arn:aws:iam::123456789012:role/{role}\nsource_profile = base\n"
        f"region = us-east-1\nservices = here\n{extra}\n"
        f"[services here]\nsts =\n  endpoint_url = {sts.url}\n"
    )


def test_a_role_of_an_aws_profile_is_assumed_once(aws: Aws, sts: FakeSts) -> None:
    role_profiles(aws, sts, "ok")
    resolver, spec = aws.resolver(), CredentialsSpec(profile="role")
    assert [resolver.resolve(spec), resolver.resolve(spec)] == [ROLE_KEYS, ROLE_KEYS]
    assert len(sts.asked) == 1


def test_a_role_by_arn_is_assumed_from_the_default_chain(aws: Aws, sts: FakeSts) -> None:
    aws.credentials("[default]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n")
    aws.config(f"[default]\nservices = here\n[services here]\nsts =\n  endpoint_url = {sts.url}\n")
    spec = CredentialsSpec(role_arn="arn:aws:iam::123456789012:role/ok")
    assert aws.resolver().resolve(spec, region="eu-west-1") == ROLE_KEYS
    assert sts.asked[0]["RoleSessionName"] == ["smrt-tui"]


def test_a_role_by_arn_is_assumed_from_keys_of_the_environment(aws: Aws, sts: FakeSts) -> None:
    aws.config(f"[default]\nservices = here\n[services here]\nsts =\n  endpoint_url = {sts.url}\n")
    spec = CredentialsSpec(role_arn="arn:aws:iam::123456789012:role/ok")
    assert aws.resolver(**ENVIRONMENTS["pair"]).resolve(spec, region="eu-west-1") == ROLE_KEYS


def test_a_refused_role_says_what_to_allow(aws: Aws, sts: FakeSts) -> None:
    role_profiles(aws, sts, "denied")
    found = trouble_of(aws.resolver(), CredentialsSpec(profile="role"))
    assert found.code == "role-refused"
    assert "not authorized to perform: sts:AssumeRole" in found.message
    assert "trust policy" in found.hint


def test_a_role_that_wants_a_code_never_asks_on_the_terminal(aws: Aws, sts: FakeSts) -> None:
    role_profiles(aws, sts, "ok", "mfa_serial = arn:aws:iam::123456789012:mfa/me")
    found = trouble_of(aws.resolver(), CredentialsSpec(profile="role"))
    assert (found.code, sts.asked) == ("mfa-needed", [])


def test_a_session_of_the_aws_cli_is_used_for_a_role_that_wants_a_code(aws: Aws, sts: FakeSts) -> None:
    from hashlib import sha1

    role_profiles(aws, sts, "ok", "mfa_serial = arn:aws:iam::123456789012:mfa/me")
    asked = {"RoleArn": "arn:aws:iam::123456789012:role/ok", "SerialNumber": "arn:aws:iam::123456789012:mfa/me"}
    cache = aws.home / ".aws" / "cli" / "cache"
    cache.mkdir(parents=True)
    keys = {
        "AccessKeyId": "ASIAROLE",
        "SecretAccessKey": "rs",
        "SessionToken": "rt",
        "Expiration": "2099-01-01T00:00:00Z",
    }
    name = sha1(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    (cache / f"{name}.json").write_text(json.dumps({"Credentials": keys}))
    assert aws.resolver().resolve(CredentialsSpec(profile="role")) == ROLE_KEYS
    assert sts.asked == []


def test_an_assumed_role_is_never_written_to_disk(aws: Aws, sts: FakeSts) -> None:
    role_profiles(aws, sts, "ok")
    aws.resolver().resolve(CredentialsSpec(profile="role"))
    assert sorted(p.name for p in aws.home.rglob("*") if p.is_file()) == ["config", "credentials"]


def test_threads_share_one_look_up(aws: Aws, sts: FakeSts) -> None:
    role_profiles(aws, sts, "ok")
    resolver, found = aws.resolver(), list[Credentials | None]()
    threads = [
        threading.Thread(target=lambda: found.append(resolver.resolve(CredentialsSpec(profile="role"))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [ROLE_KEYS] * 4
    assert len(sts.asked) == 1


def test_no_secret_is_in_a_repr() -> None:
    assert "hush" not in repr(Credentials("AKIA", "hush-1", "hush-2"))
