"""Is this installation sound? The command `doctor`."""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec
from pathlib import Path

import triage
from triage.content import content_root
from triage.errors import UserError

#: The extras, and a module by which each is known to be there.
EXTRAS = {
    "lists": ("polars", "xlrd", "xlsxwriter"),
    "learn": (
        "sklearn",
        "lightgbm",
        "pandas",
        "shap",
        "onnx",
        "fairlearn",
        "matplotlib",
        "scipy",
        "threadpoolctl",
    ),
    "web": (
        "alembic",
        "anyio",
        "argon2",
        "authlib",
        "fastapi",
        "filelock",
        "httpx",
        "jinja2",
        "joserfc",
        "prometheus_client",
        "python_multipart",
        "sqlalchemy",
        "starlette",
        "uvicorn",
    ),
    "postgres": ("psycopg",),
    "tuning": ("mlflow.version",),
    "signing": ("cryptography",),
}
_CORE = ("numpy", "onnxruntime", "pydantic", "PyYAML")
#: The distribution of another project that installs the same import name.
_RIVAL = "triage"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `doctor`."""
    doctor = subparsers.add_parser("doctor", help="check this installation")
    doctor.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print what is installed and whether it works; returns 0, or 2 where something is wrong."""
    del args
    faults = [fault for fault in (_rival(), _broken()) if fault]
    lines = [f"ltu-triage {triage.__version__} on Python {sys.version.split()[0]}", f"Content: {content_root()}"]
    lines += [f"  {name} {version(name)}" for name in _CORE]
    lines += [f"  [{extra}] {_state(modules)}" for extra, modules in EXTRAS.items()]
    lines += [f"Wrong: {fault}" for fault in faults] or ["Nothing is wrong."]
    sys.stdout.write("\n".join(lines) + "\n")
    return 2 if faults else 0


def _state(modules: tuple[str, ...]) -> str:
    missing = [name for name in modules if not _there(name)]
    return "installed" if not missing else f"not installed (missing: {', '.join(missing)})"


def _there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _rival() -> str:
    """The other project of that name, if it is installed too."""
    try:
        other = distribution(_RIVAL)
    except PackageNotFoundError:
        return ""
    return (
        f"the distribution '{_RIVAL}' {other.version} is another project that installs the same import name."
        f" Uninstall it: pip uninstall {_RIVAL}, then install ltu-triage again. Now 'import triage' gives"
        f" {Path(triage.__file__).parent}."
    )


def _broken() -> str:
    """Why the shipped model does not load, if it does not."""
    try:
        triage.load()
    except UserError as problem:
        return f"the shipped model does not load: {problem}"
    return ""
