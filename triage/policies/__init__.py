"""Which cut-offs were promoted, by whom, on what evidence, and which are in force?"""

from triage.policies.checks import Answer, Target, governance_again, read_governance
from triage.policies.evidence import Evidence, sealed
from triage.policies.history import Entry, Pointer
from triage.policies.promoted import Promoted, Record
from triage.policies.store import Candidate, Policies, Signing, policies_folder
from triage.policies.using import InForce, cutoffs_in_force

__all__ = [
    "Answer",
    "Candidate",
    "Entry",
    "Evidence",
    "InForce",
    "Pointer",
    "Policies",
    "Promoted",
    "Record",
    "Signing",
    "Target",
    "cutoffs_in_force",
    "governance_again",
    "policies_folder",
    "read_governance",
    "sealed",
]
