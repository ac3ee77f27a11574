"""Profile folders: good files beside bad ones, every problem with its place, nothing that stops the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smrt_tui.core.catalogue import Catalogue
from smrt_tui.store.profiles import MAX_BYTES, CatalogueReader, load_catalogue

GOOD = "endpoint: e\n"


def write(folder: Path, **files: str | bytes) -> Path:
    """Profile files; `__` in a name is a slash."""
    for name, content in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def ids(catalogue: Catalogue) -> list[str]:
    return [entry.id for entry in catalogue.entries]


def problems(folder: Path, profile_id: str = "p") -> list[str]:
    """The problems of one profile, without the file's name."""
    entry = load_catalogue([folder]).find(profile_id)
    assert entry is not None
    assert entry.profile is None
    return [str(problem).removeprefix(f"{entry.path}:") for problem in entry.problems]


def test_the_path_without_suffix_is_the_id_and_folders_group(tmp_path: Path) -> None:
    write(tmp_path, a=GOOD, local__b=GOOD, deep__er__c=GOOD)
    (tmp_path / "d.yml").write_text(GOOD)
    (tmp_path / "e.json").write_text(GOOD)
    assert ids(load_catalogue([tmp_path])) == ["local/b", "a", "d", "deep/er/c"]


def test_the_first_folder_wins(tmp_path: Path) -> None:
    first = write(tmp_path / "1", a="endpoint: first\n", b="endpoint: first\n")
    second = write(tmp_path / "2", a="endpoint: second\n", c="endpoint: second\n")
    catalogue = load_catalogue([first, second])
    told = [(entry.id, entry.profile.endpoint) for entry in catalogue.entries if entry.profile]
    assert told == [("a", "first"), ("b", "first"), ("c", "second")]
    assert catalogue.problems == ()


def test_a_broken_profile_hides_the_one_behind_it(tmp_path: Path) -> None:
    """Else a slip in one's own file would silently bring back the starter of that name."""
    catalogue = load_catalogue([write(tmp_path / "1", a="- no\n"), write(tmp_path / "2", a=GOOD)])
    assert [entry.profile for entry in catalogue.entries] == [None]


def test_one_id_twice_in_a_folder_is_told(tmp_path: Path) -> None:
    write(tmp_path, a=GOOD)
    (tmp_path / "a.yml").write_text(GOOD)
    catalogue = load_catalogue([tmp_path])
    assert ids(catalogue) == ["a"]
    assert [problem.file for problem in catalogue.problems] == [str(tmp_path / "a.yml")]


def test_hidden_files_and_folders_are_no_profiles(tmp_path: Path) -> None:
    write(tmp_path, a=GOOD, **{".git__b": GOOD, ".c": GOOD})
    assert ids(load_catalogue([tmp_path])) == ["a"]


def test_a_folder_that_is_not_there_is_a_problem_and_no_stop(tmp_path: Path) -> None:
    catalogue = load_catalogue([tmp_path / "nowhere", write(tmp_path / "there", a=GOOD)])
    assert ids(catalogue) == ["a"]
    assert [str(p) for p in catalogue.problems] == [
        f"{tmp_path / 'nowhere'}:1:1: the folder cannot be read: No such file or directory"
    ]


def test_one_file_is_a_folder_of_one(tmp_path: Path) -> None:
    write(tmp_path, a=GOOD, b=GOOD)
    entry = load_catalogue([tmp_path / "a.yaml"]).entries[0]
    assert (entry.id, entry.folder) == ("a", str(tmp_path))


def test_all_problems_of_a_file_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    write(
        tmp_path,
        p="""\
endpoint: a
mod: stream
request: {Acept: x, ContentType: true}
client: {connect_timeout: abc, param_validation: of}
payloads:
  - nam: x
  - {name: y, body: {a: 1}}
variables: {k: AKIAABCDEFGHIJKLMNOP}
credentials: {profile: a, env: true}
endpoint: b
async: {input: foo}
""",
    )
    assert problems(tmp_path) == [
        "2:1: mod: unknown key; did you mean `mode`?",
        "3:11: request.Acept: unknown key; did you mean `Accept`?",
        '3:34: request.ContentType: this is text; quote it: "true"',
        "4:27: client.connect_timeout: this is a number, above 0 and at most 600 (it is 'abc')",
        "4:50: client.param_validation: 'of' is not allowed; use 'warn', 'block' or 'off'",
        "6:5: payloads[0].nam: unknown key; did you mean `name`?",
        "6:5: payloads[0]: `name` is missing",
        "7:15: payloads[1].body: the body is text; write JSON as a block (`body: |` and the JSON below it)",
        "8:16: variables.k: an AWS access key is no part of a profile; name an AWS profile under `credentials:`",
        "9:1: credentials: name exactly one of profile, role_arn, env, anonymous",
        "10:1: endpoint: this key stands above already, at line 1",
        "11:16: async.input: 'foo' is not allowed; write `inline` or a prefix such as s3://my-bucket/input/",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "1:1: a profile is a mapping of keys, such as `endpoint: my-endpoint`"),
        (b"just words", "1:1: a profile is a mapping of keys, such as `endpoint: my-endpoint`"),
        (b"a: 1\nb: \xe9t\xe9\n", "2:4: this is no UTF-8 text: byte 0xe9"),
        (b"\xff\xfea\x00", "1:1: this is no UTF-8 text: byte 0xff"),
        (b"\x7fELF\x02\x00", "1:1: the character U+007F cannot stand in YAML"),
        (b"title: x\n", "1:1: `endpoint` is missing"),
        (b"#" * (MAX_BYTES + 1), "1:1: the file is larger than 1,048,576 bytes; put large payloads into a body_file"),
    ],
    ids=["empty", "words", "latin-1", "utf-16", "binary", "no endpoint", "too large"],
)
def test_a_file_that_is_none_says_why(tmp_path: Path, content: bytes, told: str) -> None:
    assert problems(write(tmp_path, p=content)) == [told]


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    assert load_catalogue([write(tmp_path, p=b"\xef\xbb\xbfendpoint: e\n")]).entries[0].profile is not None


def test_what_yaml_objects_to_is_not_told_twice(tmp_path: Path) -> None:
    assert problems(write(tmp_path, p="endpoint: e\nregion: !mine x\n")) == [
        "2:9: region: the tag !mine has no meaning in a profile"
    ]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.yaml")
    assert problems(tmp_path) == ["1:1: this is no ordinary file"]


def test_a_link_into_nowhere_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").symlink_to("nowhere")
    assert problems(tmp_path) == ["1:1: this is no ordinary file"]


def test_a_link_to_a_parent_folder_ends(tmp_path: Path) -> None:
    write(tmp_path, sub__a=GOOD)
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "sub")
    assert sum(profile_id.endswith("a") for profile_id in ids(load_catalogue([tmp_path]))) == 1


def test_body_files_are_relative_to_the_profiles_own_folder(tmp_path: Path) -> None:
    entry = load_catalogue([write(tmp_path, group__p=GOOD)]).entries[0]
    assert (entry.folder, entry.path) == (str(tmp_path / "group"), str(tmp_path / "group" / "p.yaml"))


def test_what_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, a=GOOD, b=GOOD)
    reader = CatalogueReader()
    before = reader.load([tmp_path])
    write(tmp_path, b="endpoint: other\n", c=GOOD)
    after = reader.load([tmp_path])
    assert [entry.profile.endpoint for entry in after.entries if entry.profile] == ["e", "other", "e"]
    assert after.find("a") is before.find("a")


def test_a_renamed_file_is_another_profile(tmp_path: Path) -> None:
    """A rename leaves the inode, the size and the time of modification as they were."""
    write(tmp_path, a=GOOD)
    reader = CatalogueReader()
    reader.load([tmp_path])
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    assert [(entry.id, entry.path) for entry in reader.load([tmp_path]).entries] == [("b", str(tmp_path / "b.yaml"))]


def test_one_file_read_by_way_of_two_folders_has_the_id_of_each(tmp_path: Path) -> None:
    write(tmp_path, sub__a=GOOD)
    reader = CatalogueReader()
    assert ids(reader.load([tmp_path])) == ["sub/a"]
    assert ids(reader.load([tmp_path / "sub"])) == ["a"]
    assert ids(reader.load([tmp_path / "sub", tmp_path])) == ["a", "sub/a"]
