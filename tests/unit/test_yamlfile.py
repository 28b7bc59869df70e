"""Does a YAML file with any fault give one plain error that names every fault with its line?"""

from __future__ import annotations

import contextlib
import string
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import examples
from triage.errors import ContentError, CutoffsError
from triage.schema import Content, content, within
from triage.yamlfile import count, line_of, parse_yaml, read_yaml


@content
class Part(Content):
    name: str
    size: Annotated[int, within(ge=1)] = 1
    share: Decimal | None = None


@content
class File(Content):
    title: str
    parts: tuple[Part, ...] = ()


GOOD = "title: Something\nparts:\n  - {name: one, size: 2}\n  - name: two\n"


def read(tmp_path: Path, text: str | bytes) -> File:
    path = tmp_path / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path, File, ContentError)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == File(title="Something", parts=(Part(name="one", size=2), Part(name="two")))
    assert read(tmp_path, "\ufeff" + GOOD).title == "Something", "Windows editors put a mark first"
    assert read(tmp_path, GOOD.replace("\n", "\r\n")).parts[1].name == "two"


def test_every_fault_is_named_at_once_with_its_line(tmp_path: Path) -> None:
    text = "parts:\n  - {size: 0}\n  - name: [a]\n    colour: red\n    size: many\nshare: 3\n"
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    said = str(caught.value)
    assert len(caught.value.faults) == 7
    places = {fault.where for fault in caught.value.faults}
    assert places == {f"file.yaml, line {line}" for line in (1, 2, 3, 4, 5, 6)}
    for word in (
        "'title': this is missing",
        "'parts.0.name': this is missing",
        "'parts.1.colour': this is not a known field",
    ):
        assert word in said
    assert caught.value.message == "file.yaml cannot be used: 7 faults."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: a\ntitle: b\n", "'title' stands here a second time"),
        ("title: a\nparts: [{name: x, name: y}]\n", "line 2: 'name' stands here a second time"),
        ("title: [\n", "is not valid YAML"),
        ("title:\n\t- a\n", "line 2"),
        ("a: 1\n---\nb: 2\n", "is not valid YAML"),
        ("title: \x00\n", "is not valid YAML"),
        ("title: !!python/object/apply:os.system ['true']\n", "could not determine a constructor"),
        ("? [a, b]\n: c\n", "is not valid YAML"),
        ("title: 2021-02-30\n", "a date that does not exist"),
        ("title: " + "9" * 5000 + "\n", "a number that is too long"),
        ("", "cannot be used"),
        ("just words\n", "cannot be used"),
        ("- a\n- b\n", "cannot be used"),
        (b"title: caf\xe9\n", "is not UTF-8"),
        (b"\x50\x4b\x03\x04\xff\xfe", "is not UTF-8"),
        ("title: *nowhere\n", "is not valid YAML"),
    ],
)
def test_a_damaged_file_is_refused_plainly(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    assert says in str(caught.value)
    assert "file.yaml" in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert "Error" not in str(caught.value), "no name of a class of this program"


def test_aliases_that_multiply_do_not_hang(tmp_path: Path) -> None:
    """Nine to the power of fourteen, if each alias were followed."""
    lines = ["a: &a [x]"] + [f"{chr(98 + k)}: &{chr(98 + k)} [{','.join([f'*{chr(97 + k)}'] * 9)}]" for k in range(14)]
    with pytest.raises(ContentError):
        read(tmp_path, "\n".join(lines))


@pytest.mark.parametrize("text", ["&a [*a]", "title: &a {b: *a}", "&a\ntitle: *a\n"])
def test_a_file_that_holds_itself_does_not_hang(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError):
        read(tmp_path, text)


def test_a_file_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    depth = 30_000
    with pytest.raises(ContentError):
        read(tmp_path, "title: " + "[" * depth + "]" * depth)


def test_a_missing_file_a_folder_and_a_huge_file_are_told_apart(tmp_path: Path) -> None:
    for name, says in (("none.yaml", "There is no file"), (".", "cannot be read")):
        with pytest.raises(CutoffsError, match=says):
            read_yaml(tmp_path / name, File, CutoffsError)
    (tmp_path / "huge.yaml").write_bytes(b"#" * 2_000_001)
    with pytest.raises(CutoffsError, match="larger than"):
        read_yaml(tmp_path / "huge.yaml", File, CutoffsError)


def test_the_line_of_a_place_is_that_of_its_nearest_parent() -> None:
    assert line_of(GOOD, ()) == 1
    assert line_of(GOOD, ("parts", 1, "name")) == 4
    assert line_of(GOOD, ("parts", 0, "nowhere")) == 3
    assert line_of("", ("a",)) is None


def test_one_fault_is_not_faults() -> None:
    assert count([]) == "0 faults"
    assert count([object()]) == "1 fault"


@given(text=st.text(alphabet=string.printable + "äß—\u2028\U0001f600", max_size=200))
@examples(300)
def test_any_text_is_read_or_refused_and_never_trips(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text, encoding="utf-8")
    with contextlib.suppress(ContentError):
        read_yaml(path, File, ContentError)
    with contextlib.suppress(ContentError):
        parse_yaml(text, path, ContentError)


@pytest.mark.parametrize("text", ["partnership,places\nEast,2\nWest,8\n", "- a\n- b\n", "", "12"])
def test_a_file_that_is_none_is_told_what_was_expected(text: str, tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(
        "file.yaml cannot be used: it is no YAML file with named parts. What is meant here has"
    )
    assert "the part 'title'" in str(caught.value)
    with pytest.raises(ContentError, match=r"'parts\.0': this must be named parts") as caught:
        read(tmp_path, "title: a\nparts: [one]\n")
    assert "instance of" not in str(caught.value)
