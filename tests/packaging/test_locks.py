"""Do the locks pin everything that is declared, by hash, and bind nobody to a registry?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.building import ROOT
from tests.packaging.declared import CORE, DEV, EXTRAS

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def locked(path: Path) -> dict[str, list[str]]:
    """Each requirement of a lock, with the lines of its hashes."""
    entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    return {entry.splitlines()[0].rstrip(" \\"): entry.splitlines()[1:] for entry in entries}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_has_one_version_and_hashes_for_each_requirement(path: Path) -> None:
    """Without a hash, what is installed need not be what was tested."""
    assert locked(path)
    for requirement, hashes in locked(path).items():
        assert re.match(r"^[a-z0-9-]+==[^ ]+( ; .+)?$", requirement), requirement
        assert hashes, requirement
        assert all(re.match(r"^ {4}--hash=sha256:[0-9a-f]{64}( \\)?$", line) for line in hashes), requirement


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_no_address_or_path(path: Path) -> None:
    """An address would bind everyone to the registry of whoever made the lock."""
    assert not re.search(r"://|--index|--find-links|(^|\s)/|\\\\", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_lock_holds_what_is_declared() -> None:
    """`make` would install something that the project no longer asks for, or miss what it does."""
    versions: dict[str, list[str]] = {}
    for text in locked(ROOT / "requirements" / "dev.txt"):
        pinned = Requirement(text)
        versions.setdefault(pinned.name, []).append(str(pinned.specifier).removeprefix("=="))
    for need in [*CORE, *DEV, *EXTRAS["lists"], *EXTRAS["learn"], *EXTRAS["signing"]]:
        if need.name == "ltu-triage":
            continue
        found = versions.get(canonicalize_name(need.name))
        assert found, f"{need} is not locked: run make lock"
        assert all(need.specifier.contains(version) for version in found), f"{need}: locked {found}"
