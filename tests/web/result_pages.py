"""What does the result page say of a few people, and how do its parts look in a page of their own?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment

import triage
from triage.checklist.services import load_services
from triage.engine import Engine
from triage.web.result import Changes, ResultView, SheetView, view_of
from triage.web.templates import environment

DAY = date(2026, 11, 21)
ENGINE = triage.load()
SERVICES = load_services(ENGINE.checklist)
#: Somebody with strengths, with answers that point to support, and near a cut-off.
PERSON: dict[str, Any] = {
    "age": 57, "qualifications": "scqf_5", "disability": "yes", "mental_ability": "fair", "area": "Falkirk",
    "expectation": "yes_definitely", "household": "partner", "driving_licence": "full_clean", "vehicle": "yes",
    "dependants": "declined", "redundancy_status": "left", "job_ends": "2026-08-01", "interviews": "one",
    "job_search": "often", "employer_contact": "not_yet",
}  # fmt: skip
#: Somebody for whom several heavy factors come together, before the job has ended.
HEAVY: dict[str, Any] = {
    "age": 52, "qualifications": "none", "disability": "yes", "mental_ability": "poor", "physical_ability": "poor",
    "area": "Glasgow City", "expectation": "probably_not", "confidence": "not_at_all_confident",
    "household": "no_other_adult", "driving_licence": "none", "vehicle": "no", "dependants": "yes",
    "attribution": "mostly_luck", "redundancy_status": "at_risk",
}  # fmt: skip
FEW: dict[str, Any] = {"age": 44, "area": "Glasgow City", "complex_needs": "yes"}
HAS_JOB: dict[str, Any] = PERSON | {"redundancy_status": "has_job"}

RESULT = """{% extends "base.html" %}
{% block title %}Result{% endblock %}
{% block styles %}<link rel="stylesheet" href="{{ static('result.css') }}">{% endblock %}
{% block heading %}
<p class="ltu-quiet">{{ view.answered }}</p>
<h1 class="result-heading">{{ view.heading }}</h1>
{% include "result/_headline.html" %}
{% endblock %}
{% block main %}
{% for name in ("figure", "strengths", "support", "waterfall", "unasked") %}
{% include "result/_%s.html"|format(name) %}
{% endfor %}
{% if changes %}{% include "result/_changes.html" %}{% endif %}
{% endblock %}
{% block side %}{% include "result/_trust.html" %}{% endblock %}"""
SHEET = """{% extends "base.html" %}
{% block title %}Sheet{% endblock %}
{% block styles %}<link rel="stylesheet" href="{{ static('result.css') }}">{% endblock %}
{% block heading %}<h1>{{ sheet.title }}</h1>{% endblock %}
{% block main %}{% include "result/_sheet.html" %}{% endblock %}"""


def view(answers: Mapping[str, Any], engine: Engine = ENGINE, **options: Any) -> ResultView:
    """The result of these answers on `DAY`, with the shipped services where no others are given."""
    return view_of(engine.score(answers, on=DAY), engine, options.pop("services", SERVICES), DAY, **options)


@cache
def _templates() -> Environment:
    return environment()


def result_page(view: ResultView, changes: Changes | None = None, **more: object) -> str:
    """The whole result in a page."""
    return _templates().from_string(RESULT).render(view=view, changes=changes, **more)


def sheet_page(sheet: SheetView) -> str:
    """The client's sheet in a page."""
    return _templates().from_string(SHEET).render(sheet=sheet)


def part(name: str, **values: object) -> str:
    """One part alone."""
    return _templates().get_template(f"result/_{name}.html").render(**values)
