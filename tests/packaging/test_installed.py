"""Does the wheel serve from any folder, in an environment with its four dependencies and nothing else?"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.packaging.building import ROOT, Installed

# One worker installs it once for all of them.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("installed")]

SCORE = """
import json, sys
import triage
answers = {"age": 57, "qualifications": "scqf_5", "area": "Falkirk", "driving_licence": "none"}
score = triage.load().score(answers)
print(json.dumps({
    "file": triage.__file__,
    "version": triage.__version__,
    "logit": score.logit.hex(),
    "probability": score.probability,
    "reasons": [reason.text for reason in score.reasons],
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
}))
"""
HEAVY = {
    *("cryptography", "fairlearn", "lightgbm", "mlflow", "onnx", "openpyxl", "pandas", "polars"),
    *("scipy", "shap", "sklearn", "xlrd", "xlsxwriter"),
}


def test_it_installs_only_what_it_declares(installed: Installed) -> None:
    """A library that came along unasked is one that every organisation must review."""
    listed = json.loads(
        installed.python(
            "import json; from importlib.metadata import distributions as d; "
            "print(json.dumps([x.metadata['Name'] for x in d()]))"
        )
    )
    names = {name.lower().replace("_", "-") for name in listed}
    assert {"ltu-triage", "numpy", "onnxruntime", "pydantic", "pyyaml"} <= names
    assert not names & {name.replace("_", "-") for name in HEAVY | {"scikit-learn"}}


def test_it_scores_a_client_as_the_checkout_does(installed: Installed) -> None:
    """The installed engine would give another answer than the one that was tested."""
    there = json.loads(installed.python(SCORE))
    here = json.loads(
        subprocess.run([sys.executable, "-c", SCORE], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    )
    assert there["file"] != here["file"]
    for what in ("version", "logit", "probability", "reasons"):
        assert there[what] == here[what]
    assert 0 < there["probability"] < 1


def test_serving_imports_nothing_heavy() -> None:
    """Start-up would take seconds, and serving would need the training libraries.

    Run where all of them are installed, so that an import would succeed and be seen.
    """
    done = subprocess.run([sys.executable, "-c", SCORE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not HEAVY & set(json.loads(done.stdout)["modules"])


@pytest.mark.parametrize(
    "command",
    [
        "--help",
        "--version",
        "checklist",
        "checklist --json",
        "checklist --form event",
        "services",
        "points",
        "explain age=57 area=Falkirk",
        "model check",
        "doctor",
    ],
)
def test_a_command_works_without_extras(installed: Installed, command: str) -> None:
    assert installed.command(*command.split()).stdout.strip()


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        ("score list.csv -o scored.csv", "lists"),
        ("compare a b list.csv", "lists"),
        ("model build evidence.yaml -o bundle", "learn"),
        ("keys new ours", "signing"),
    ],
)
def test_a_command_that_needs_an_extra_says_what_to_install(installed: Installed, command: str, extra: str) -> None:
    """A traceback about polars tells a caseworker nothing."""
    (installed.cwd / "list.csv").write_text("name,age\nA Person,57\n", encoding="utf-8")
    done = installed.command(*command.split(), ok=(2,))
    assert f"ltu-triage[{extra}]" in done.stderr
    assert "Traceback" not in done.stderr
