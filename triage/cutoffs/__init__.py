"""Bands of support: the policy that turns a score into a proposal."""

from triage.cutoffs.capacity import Edge, Proposal, propose
from triage.cutoffs.cutoffs import Cutoffs, CutPoints, cutoffs_for, level_logit, names
from triage.cutoffs.governed import check_governed
from triage.cutoffs.places import Order, Part, Tied, order, with_places
from triage.cutoffs.schema import Band, CutoffsFile

__all__ = [
    "Band",
    "CutPoints",
    "Cutoffs",
    "CutoffsFile",
    "Edge",
    "Order",
    "Part",
    "Proposal",
    "Tied",
    "check_governed",
    "cutoffs_for",
    "level_logit",
    "names",
    "order",
    "propose",
    "with_places",
]
