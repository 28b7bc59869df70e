"""What does every run say of itself: which software, of which kind, and whether its people exist?"""

from __future__ import annotations

import platform
import re
from importlib.metadata import PackageNotFoundError, version

from triage._version import __version__

#: The experiment of what is learned and registered, and the folder of such a run that says whom the model has seen.
LEARNING, TRAINING = "ltu-triage learn", "training"
#: Whose versions may move a figure.
_LIBRARIES = (
    "numpy", "scipy", "scikit-learn", "lightgbm", "onnx", "onnxruntime", "pandas", "polars", "shap", "fairlearn",
    "mlflow",
)  # fmt: skip
_SIMULATED = "**Simulated people: nobody in these data exists.**"
#: What a metric's name may not hold.
_NOT_NAME = re.compile(r"[^A-Za-z0-9_./-]+")


def versions() -> dict[str, str]:
    """Of this software, Python, the type of machine, and the libraries that are installed."""
    found = {"ltu-triage": __version__, "python": platform.python_version(), "machine": platform.machine()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def tags_of(kind: str, simulated: bool, words: str = "") -> dict[str, str]:
    """The tags of a run.

    Args:
        kind: "learn", "evaluate", "tune", "policy", "monitor" or "study".
        simulated: True where nobody in the data exists.
        words: what people should know first, in Markdown; that the data are simulated is added.
    """
    note = "\n\n".join(text for text in (_SIMULATED if simulated else "", words) if text)
    tags = {"ltu.kind": kind, "simulated": str(simulated).lower(), "ltu.version": __version__}
    tags["mlflow.source.name"] = f"ltu-triage {kind}"
    return {**tags, "mlflow.note.content": note} if note else tags


def run_name(words: str, simulated: bool) -> str:
    """The name of a run, which says whether its people are simulated."""
    return f"{words} (simulated people)" if simulated else words


def metric_name(text: str) -> str:
    """`text` with an underscore for each run of signs that a metric's name may not hold."""
    return _NOT_NAME.sub("_", text)
