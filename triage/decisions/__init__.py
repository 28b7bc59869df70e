"""Decisions: a person confirms or changes every proposal, and each step leaves a record."""

from triage.decisions.decide import By, Desk
from triage.decisions.decision import Decision, band_in_force, check_reproduces, state_of
from triage.decisions.reasons import ReasonCode, ReasonCodes, load_reasons
from triage.decisions.states import TRANSITIONS, can, check_can, diagram

__all__ = [
    "TRANSITIONS",
    "By",
    "Decision",
    "Desk",
    "ReasonCode",
    "ReasonCodes",
    "band_in_force",
    "can",
    "check_can",
    "check_reproduces",
    "diagram",
    "load_reasons",
    "state_of",
]
