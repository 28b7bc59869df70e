"""What can a program ask for? Every operation of the API, for its document. A test holds the table to the routes."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from triage.web.api.models import assessments as a
from triage.web.api.models import outcomes as o
from triage.web.api.models import policy as p
from triage.web.api.models import scores as s
from triage.web.api.models.lists import ScoredList

#: The parts of the API, in the order of its document.
TAGS = {
    "Scoring": "Score answers without storing anything.",
    "Assessments": "Hold an interview. An assessment belongs to the key that started it and to its office.",
    "Decisions": "A score is a proposal. A person decides, and a client may object at any time.",
    "Outcomes": "What became of clients, for learning.",
    "Lists": "Score an attendance list without storing it.",
    "In force": "The model, the checklist and the cut-offs. Nothing about any client.",
}


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        tag: one of `TAGS`.
        summary, about: what it does, in a few words and in full.
        takes: the model of the body; None for no body.
        gives: the model of the answer.
        status: of the answer.
        query: the model of the query.
        stores: True where an Idempotency-Key counts.
        pins: True where versions can be pinned by headers.
        conflicts: True where something may have changed meanwhile.
        suspends: True where it stops while scoring is turned off.
        file: True where a file is sent.
    """

    tag: str
    summary: str
    about: str
    takes: type[BaseModel] | None
    gives: type[BaseModel]
    status: int = 200
    query: type[BaseModel] | None = None
    stores: bool = False
    pins: bool = False
    conflicts: bool = False
    suspends: bool = False
    file: bool = False


OPERATIONS: dict[str, Operation] = {
    "api_score": Operation(
        "Scoring", "Score one client", "Scores the answers of one client. Nothing is stored.", s.ScoreRequest, s.Score,
        pins=True, conflicts=True, suspends=True,
    ),
    "api_score_batch": Operation(
        "Scoring", "Score several clients",
        "Scores the answers of up to 1,000 clients. Each one comes out in its place, scored or with the reason why"
        " not.", s.BatchRequest, s.Batch, pins=True, conflicts=True, suspends=True,
    ),
    "api_assessment_start": Operation(
        "Assessments", "Start an assessment", "Starts the interview of one client.", a.StartRequest, a.Assessment, 201,
        stores=True, conflicts=True,
    ),
    "api_assessments": Operation(
        "Assessments", "List assessments", "The assessments that were started with this key, the newest first.", None,
        a.AssessmentPage, query=a.AssessmentsQuery,
    ),
    "api_assessment": Operation(
        "Assessments", "Read an assessment", "One assessment, with its answers and what to ask next. The audit trail"
        " notes who looked.", None, a.Assessment,
    ),
    "api_assessment_change": Operation(
        "Assessments", "Change details", "Changes what is noted beside the answers.", a.ChangeRequest, a.Assessment,
        conflicts=True,
    ),
    "api_answer": Operation(
        "Assessments", "Answer a question", "Keeps one answer. `declined` and `null` (not asked) are kept apart.",
        a.AnswerRequest, a.Saved, conflicts=True,
    ),
    "api_answers": Operation(
        "Assessments", "Answer several questions", "Keeps several answers: all of them, or none.", a.AnswersRequest,
        a.Saved, conflicts=True,
    ),
    "api_assessment_score": Operation(
        "Assessments", "Score an assessment",
        "Scores the answers as they are. If nothing has changed since the last score, that one is given again.",
        a.KeepScoreRequest, s.KeptScore, stores=True, pins=True, conflicts=True, suspends=True,
    ),
    "api_assessment_score_kept": Operation(
        "Assessments", "Read the score", "The score that counts. The audit trail notes to whom it was shown.", None,
        s.KeptScore, conflicts=True,
    ),
    "api_assessment_rescore": Operation(
        "Assessments", "Ask again after a change",
        "Begins a new round with the answers so far; attitudes are asked again. The decision in force stays until a"
        " person takes another one.", a.RescoreRequest, a.Assessment, stores=True, conflicts=True,
    ),
    "api_decision": Operation(
        "Decisions", "Record a decision",
        "Records what a caseworker decided, in their name. Nothing counts before that, and there is no way to confirm"
        " many at once.", a.DecisionRequest, a.Decision, 201, stores=True, conflicts=True,
    ),
    "api_objection": Operation(
        "Decisions", "Record an objection",
        "The client objects to being scored: from now on no score is made, shown or used. Every service stays open.",
        a.ObjectionRequest, a.Assessment, stores=True, conflicts=True,
    ),
    "api_objection_back": Operation(
        "Decisions", "Take an objection back", "The client no longer objects.", None, a.Assessment, conflicts=True,
    ),
    "api_outcome": Operation(
        "Outcomes", "Record an outcome", "Records what became of a client. Several can be recorded over time.",
        o.OutcomeRequest, o.Outcome, 201, stores=True, conflicts=True,
    ),
    "api_outcomes": Operation(
        "Outcomes", "Read outcomes",
        "What became of the clients who were started with this key, as rows of the outcomes contract: a digest in"
        " place of the client, the answers that were scored, the support received. Invented clients and those who"
        " object are left out.", None, o.OutcomePage, query=a.ListQuery,
    ),
    "api_list": Operation(
        "Lists", "Score a list",
        "Scores every row of an attendance list. By the header Accept the answer is rows as JSON, which name nobody,"
        " or the list as a workbook or CSV.", None, ScoredList, pins=True, conflicts=True, suspends=True, file=True,
    ),
    "api_model": Operation("In force", "The model", "The summary of the model's card.", None, p.Model),
    "api_checklist": Operation(
        "In force", "The checklist", "The questions with the answers that can be sent, and what can become of clients.",
        None, p.Checklist,
    ),
    "api_cutoffs": Operation(
        "In force", "The cut-offs", "The bands, and the reasons for choosing another one than is proposed.", None,
        p.Cutoffs,
    ),
}  # fmt: skip
