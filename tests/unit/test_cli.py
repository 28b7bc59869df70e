"""What does a person see who gives the command something wrong?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from triage.cli.main import VERBS, main

CUTOFFS = "models/cutoffs/default.yaml"


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 2) -> str:
    """What the command says on standard error; nothing goes to standard output and it exits with `code`."""
    assert main(list(words)) == code
    found = capsys.readouterr()
    assert found.out == ""
    assert "Traceback" not in found.err
    return found.err


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["explain", "agee=57"], ["'agee'", "Did you mean 'age'?"]),
        (["explain", "age=207", "vehicle=perhaps"], ["2 faults", "16 to 75 years", "Use one of yes, no."]),
        (["explain", "age"], ["QUESTION=ANSWER"]),
        (["explain", "--file", "nowhere.yaml"], ["There is no file nowhere.yaml"]),
        (["explain", "age=57", "--model", "nowhere"], ["nowhere is not a model bundle"]),
        (["explain", "age=57", "--checklist", "nowhere"], ["checklist.yaml"]),
        (["explain", "age=57", "--areas", "LICENSE"], ["LICENSE needs the columns code, name"]),
        (["explain", "age=57", "--public-key", "nowhere.pub"], ["not a public key"]),
        (["cutoffs", "check", "nowhere.yaml"], ["There is no file nowhere.yaml"]),
        (["compare", "default", "nowhere", "list.csv"], ["neither a model bundle"]),
        (["compare", "default", "default", "nowhere.csv"], ["nowhere.csv"]),
        (["model", "build", "nowhere.yaml", "-o", "nowhere-new"], ["There is no file nowhere.yaml"]),
        (["model", "build", "-o", "models"], ["models is not empty", "never overwritten"]),
        (["model", "check", "docs"], ["docs is not a model bundle"]),
        (["model", "sign", "models/evidence-2026.1", "--key", "LICENSE"], ["not a private key"]),
        (["points", "-o", "nowhere/points.html"], ["nowhere/points.html cannot be written"]),
    ],
)
def test_a_mistake_gets_a_message_that_says_what_to_do(
    words: list[str], parts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    message = said(capsys, *words)
    for part in parts:
        assert part in message


def test_an_objection_is_respected(capsys: pytest.CaptureFixture[str]) -> None:
    message = said(capsys, "explain", "age=57", "objects_to_scoring=yes", code=3)
    assert "every service stays open" in message


def test_every_fault_of_a_cutoffs_file_is_named_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(CUTOFFS).read_text(encoding="utf-8")
    text = (
        text.replace("share: 30", "shear: 30")
        .replace("at_least: 5", "at_least: none")
        .replace("reasoning:", "because:")
    )
    path = tmp_path / "cutoffs.yaml"
    path.write_text(text, encoding="utf-8")
    message = said(capsys, "cutoffs", "check", str(path))
    for part in ("shear", "at_least", "because", "reasoning", "cutoffs.yaml, line"):
        assert part in message


def test_bands_in_the_wrong_order_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(CUTOFFS).read_text(encoding="utf-8").replace("share: 8}", "share: 40}")
    path = tmp_path / "cutoffs.yaml"
    path.write_text(text, encoding="utf-8")
    assert "'intensive' must be harder to reach than 'enhanced'" in said(capsys, "cutoffs", "check", str(path))


def test_answers_can_come_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "client.yaml"
    path.write_text("age: 57\nvehicle: yes\n", encoding="utf-8")
    assert main(["explain", "--file", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["answers"] == {"age": 57.0, "vehicle": "yes"}


def test_keys_are_made_used_and_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(tmp_path / "office")
    assert main(["keys", "new", name]) == 0
    assert (tmp_path / "office.key").stat().st_mode & 0o077 == 0
    assert main(["model", "build", "-o", str(tmp_path / "model")]) == 0
    assert main(["model", "sign", str(tmp_path / "model"), "--key", f"{name}.key"]) == 0
    assert main(["model", "check", str(tmp_path / "model"), "--public-key", f"{name}.pub"]) == 0
    assert "signature, hashes and parity cases are right" in capsys.readouterr().out
    assert "is there already" in said(capsys, "keys", "new", name)
    assert "no readable signature" in said(capsys, "model", "check", "--public-key", f"{name}.pub")


def test_the_whole_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for verb in VERBS:
        assert f"    {verb}" in shown


def test_a_reader_who_leaves_early_gets_no_traceback() -> None:
    command = f"{sys.executable} -m triage.cli.main checklist | head -1"
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert ended.stderr == ""


def test_the_doctor_finds_nothing_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert "Nothing is wrong." in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["cutoffs", "check", "checklist/wording.yaml"],
        ["explain", "age=57", "--cutoffs", "checklist/checklist.yaml"],
        ["compare", "default", "checklist/services.yaml", "list.csv"],
    ],
)
def test_a_shipped_file_in_the_wrong_place_is_refused_as_any_other(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "cannot be used" in said(capsys, *words)


def test_keys_keep_the_whole_of_their_name_and_need_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "new", str(tmp_path / "office.v2")]) == 0
    assert (tmp_path / "office.v2.key").is_file()
    capsys.readouterr()
    assert "cannot be used" in said(capsys, "keys", "new", str(tmp_path / "nowhere" / "office"))


def test_a_file_that_grows_by_its_aliases_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 8)]
    path = tmp_path / "client.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "grows too large" in said(capsys, "explain", "--file", str(path))
