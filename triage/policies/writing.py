"""What does the cut-offs file of a promotion say, and under which version?"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from triage.cutoffs import Cutoffs
from triage.cutoffs.schema import Governance
from triage.errors import CutoffsError, PolicyError
from triage.policies import files
from triage.policies.evidence import Evidence
from triage.policies.promoted import cutoffs_path
from triage.schema import as_data
from triage.yamlfile import parse_yaml

#: At most so many promotions on one day.
_MOST = 999
_HEAD = """\
# A promoted policy. Who promoted it, why and on what evidence stands in the .json file of the same name.
# It is never changed: promote another one, or go back to an earlier one, with 'ltu-triage policy'.
"""
_SIMULATED = "# It rests on simulated people: for a demonstration only.\n"
#: What two files may differ in and still be one policy.
_OWN = ("version", "title", "reasoning")


def next_version(folder: Path, on: date) -> str:
    """A version that no file in `folder` has: the day, and a number that grows, for instance "2026-11-22.1".

    Raises:
        PolicyError: there were too many on this day.
    """
    ending = re.compile(rf"{on.isoformat()}\.(\d+)\.(yaml|json)")
    taken = [found for path in folder.iterdir() if (found := ending.search(path.name)) is not None]
    number = 1 + max((int(found[1]) for found in taken), default=0)
    if number > _MOST:
        raise PolicyError(f"There are {_MOST} policies of {on} already. Promote the next one tomorrow.")
    return f"{on.isoformat()}.{number}"


def file_text(evidence: Evidence, version: str, governance: Governance, why: str) -> str:
    """The text of the cut-offs file: that of the candidate, with a version, why it was chosen, and who answers for it.

    Raises:
        CutoffsError: the candidate's text is no cut-offs file.
    """
    import yaml

    data = parse_yaml(evidence.cutoffs_file, Path("the candidate's cut-offs"), CutoffsError)
    if not isinstance(data, dict):
        raise CutoffsError("The candidate's cut-offs are no cut-offs file. Run 'ltu-triage tune' again.")
    whole = {**data, "version": version, "reasoning": why, "governance": as_data(governance)}
    head = _HEAD + (_SIMULATED if evidence.simulated else "")
    return head + yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=120)


def check_file(stage: Path, text: str) -> Cutoffs:
    """Write the file to the stage under the name that it will have, and read it as the service will.

    Raises:
        CutoffsError: it has faults; all are named.
    """
    working = stage / "cutoffs.yaml"
    files.write(working, text)
    cutoffs = Cutoffs.load(working)
    if Path(cutoffs.version).name != cutoffs.version:
        raise CutoffsError(f"The id '{cutoffs.file.id}' cannot be the name of a file.")
    working.replace(cutoffs_path(stage, cutoffs.version))
    return cutoffs


def policy_of(cutoffs: Cutoffs) -> dict[str, Any]:
    """What is proposed to whom, and who answers for it: two files that are equal here are one policy."""
    data: dict[str, Any] = as_data(cutoffs.file)
    return {name: value for name, value in data.items() if name not in _OWN}
