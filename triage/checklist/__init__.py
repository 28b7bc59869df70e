"""The questionnaire: what is asked, in which words, and which way each answer points."""

from triage.checklist.checklist import COMPLEX_NEEDS, JOB_ENDS, REDUNDANCY_STATUS, Checklist, applies
from triage.checklist.schema import (
    DECLINED,
    NOT_APPLICABLE,
    NOT_ASKED,
    ContextField,
    Factor,
    Label,
    Option,
    Question,
)

__all__ = [
    "COMPLEX_NEEDS",
    "DECLINED",
    "JOB_ENDS",
    "NOT_APPLICABLE",
    "NOT_ASKED",
    "REDUNDANCY_STATUS",
    "Checklist",
    "ContextField",
    "Factor",
    "Label",
    "Option",
    "Question",
    "applies",
]
