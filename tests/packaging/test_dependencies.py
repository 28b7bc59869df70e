"""Is every library that triage imports declared, in the right place, and every declared one used?"""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.packaging.building import ROOT
from tests.packaging.declared import CORE, EXTRAS, names
from triage.cli import doctor

# Import names that differ from the distribution's. pydantic and its core are one library in two wheels.
DISTRIBUTION = {"argon2": "argon2-cffi", "pydantic_core": "pydantic", "sklearn": "scikit-learn", "yaml": "pyyaml"}
# Ours, and the type checker's own.
NOT_A_LIBRARY = {"triage", "_typeshed"}


def test_the_extra_all_is_every_other_extra() -> None:
    [everything] = EXTRAS["all"]
    assert everything.name == "ltu-triage"
    assert everything.extras == set(EXTRAS) - {"all"}


def test_no_dependency_of_the_library_is_pinned() -> None:
    """A pin clashes with somebody's application. MLflow's one known bad release is the exception."""
    for need in [*CORE, *(need for needs in EXTRAS.values() for need in needs if need.name != "ltu-triage")]:
        operators = {specifier.operator for specifier in need.specifier}
        assert operators == ({">=", "<"} if need.name == "mlflow" else {">="}), str(need)


def top_level_imports(path: Path) -> set[str]:
    """The first part of every absolute import in a file, wherever in the file it stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@cache
def imported() -> dict[str, set[str]]:
    """The distributions that triage imports, each with the modules that do."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "triage").rglob("*.py")):
        for name in top_level_imports(path) - sys.stdlib_module_names - NOT_A_LIBRARY:
            distribution = canonicalize_name(DISTRIBUTION.get(name, name))
            found.setdefault(distribution, set()).add(path.relative_to(ROOT).as_posix())
    return found


def test_every_import_is_declared() -> None:
    """An undeclared library works for the developer and fails for the user."""
    declared = names([*CORE, *(need for needs in EXTRAS.values() for need in needs)])
    assert not {name: where for name, where in imported().items() if name not in declared}


def test_every_library_of_the_core_and_of_lists_is_used() -> None:
    """A library that nothing imports is weight, and one more thing to review."""
    assert not names([*CORE, *EXTRAS["lists"]]) - set(imported())


def test_only_lists_and_outcomes_import_the_libraries_of_lists_and_only_the_graph_writer_imports_onnx() -> None:
    lists = names(EXTRAS["lists"])
    for name, where in imported().items():
        if name in lists:
            assert all(path.startswith(("triage/lists/", "triage/outcomes/")) for path in where), f"{name} in {where}"
    assert imported()["onnx"] == {"triage/scorecard/graph.py"}


def test_the_doctor_looks_for_the_libraries_of_every_extra() -> None:
    """`ltu-triage doctor` would call an extra installed although it cannot work, or ask for what is not needed."""
    looked_for = {
        extra: {canonicalize_name(DISTRIBUTION.get(top, top)) for top in (name.partition(".")[0] for name in modules)}
        for extra, modules in doctor.EXTRAS.items()
    }
    own = {"ltu-triage"}
    assert looked_for == {extra: names(needs) - own for extra, needs in EXTRAS.items() if extra != "all"}
