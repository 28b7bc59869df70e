"""What can go wrong, and for whom is the message?

TriageError
├── UserError            something a person can put right: shown plainly, never as a traceback
│   ├── ContentError     a checklist, features, wording or services file
│   ├── BundleError      a model bundle: missing, changed, unsigned, not for this checklist
│   ├── CutoffsError     a cut-offs file
│   ├── AnswersError     the answers of one client
│   ├── ObjectedError    a client who objects to being scored, and keeps every service
│   ├── DecisionError    a decision that the rules do not allow
│   ├── ListError        an attendance list or a file beside it
│   ├── OutcomesError    an outcomes file, or outcomes from which nothing can be learned
│   ├── EvaluationError  outcomes that nothing can be judged by
│   ├── SuspendedError   scoring is turned off for now
│   ├── RecordsError     a database, its keys, or a backup
│   ├── AccessError      something that this person may not see or do, or that is not there
│   ├── ConflictError    something that changed in the meantime
│   ├── CaseworkError    a step of casework that the rules do not allow
│   ├── SignInError      a sign-in that did not work
│   ├── SettingsError    the settings of the service
│   ├── TrackingError    a tracking server or its registry, or what is kept there
│   ├── TuningError      cut-offs that these outcomes cannot speak for
│   ├── PolicyError      a policy that may not be promoted, or a folder of policies
│   └── UsageError       the words of a command
└── Defect               a fault of this software: please report it
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from triage.faults import Fault


class TriageError(Exception):
    """The base of every error that this package raises on purpose."""


class UserError(TriageError):
    """Something that a person can put right.

    Attributes:
        faults: every fault found, in the order of the file or of the answers; may be empty.
        code: a stable word for programs, the same in each door.
        exit_code: what the command line exits with.
    """

    code = "user_error"
    exit_code = 2

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        self.message = message
        self.faults = tuple(faults)
        super().__init__("\n".join([message, *(f"  - {fault}" for fault in self.faults)]))


class ContentError(UserError):
    """A content file (checklist, features, areas, services, wording) that cannot be used."""

    code = "content_error"


class BundleError(UserError):
    """A model bundle that cannot be trusted or does not fit the checklist."""

    code = "bundle_error"


class CutoffsError(UserError):
    """A cut-offs file that cannot be used."""

    code = "cutoffs_error"


class AnswersError(UserError):
    """Answers of one client that cannot be scored as they stand."""

    code = "answers_error"


class ObjectedError(UserError):
    """The client objects to being scored. There is no score; every service stays open."""

    code = "objected"
    exit_code = 3


class DecisionError(UserError):
    """A decision that the table of transitions or the rules do not allow."""

    code = "decision_error"


class ListError(UserError):
    """An attendance list, or a file that goes with it, that cannot be used."""

    code = "list_error"


class OutcomesError(UserError):
    """An outcomes file that cannot be used, or outcomes that cannot answer what is asked of them.

    Attributes:
        unusable: the rows at fault (`triage.outcomes.problems.Unusable`), where they were the reason.
    """

    code = "outcomes_error"

    def __init__(self, message: str, faults: Sequence[Fault] = (), unusable: Sequence[Any] = ()) -> None:
        super().__init__(message, faults)
        self.unusable = tuple(unusable)


class EvaluationError(UserError):
    """Outcomes that nothing can be judged by."""

    code = "evaluation_error"


class SuspendedError(UserError):
    """Scoring is suspended. The checklist and the records go on working."""

    code = "suspended"
    exit_code = 3


class RecordsError(UserError):
    """A database that cannot be used as it is, a missing key, or a backup that cannot be restored."""

    code = "records_error"


class AccessError(UserError):
    """Something that is not there, or that this person may not see. The two are not told apart."""

    code = "not_found"


class ConflictError(UserError):
    """Something that somebody else changed in the meantime."""

    code = "conflict"


class CaseworkError(UserError):
    """A step of casework that the rules do not allow, or a field that cannot be used as it is.

    `faults` name the fields: `Fault.where` is the field's name.
    """

    code = "casework_error"


class SignInError(UserError):
    """A sign-in that did not work."""

    code = "sign_in_error"


class SettingsError(UserError):
    """Settings of the service that cannot be used."""

    code = "settings_error"


class TrackingError(UserError):
    """A tracking server or its registry that does not answer, or something there that cannot be used."""

    code = "tracking_error"


class TuningError(UserError):
    """Cut-offs, or outcomes that cannot speak for them: too few, seen by the model already, or of another checklist."""

    code = "tuning_error"


class PolicyError(UserError):
    """A policy that may not be promoted as it stands, or a folder of policies that cannot be used."""

    code = "policy_error"


class UsageError(UserError):
    """The words of a command cannot be understood."""

    code = "usage_error"


class Defect(TriageError):
    """A fault of this software, never of the person who uses it."""
