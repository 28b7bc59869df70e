"""Who may do what? One table: every route by its name. A route that is not here answers nobody.

Which clients somebody may see is decided in casework, by their office.
"""

from __future__ import annotations

from dataclasses import dataclass

from triage.casework.api_keys import SCOPES, Scope
from triage.records.actor import Role

ADVISER: frozenset[Role] = frozenset({"adviser", "manager"})
MANAGER: frozenset[Role] = frozenset({"manager"})
FIGURES: frozenset[Role] = frozenset({"manager", "analyst"})
ADMINISTRATOR: frozenset[Role] = frozenset({"administrator"})
ANYONE: frozenset[Role] = frozenset({"adviser", "manager", "analyst", "administrator"})


@dataclass(frozen=True)
class Rule:
    """Who may use a route.

    Attributes:
        roles: accounts with one of these roles, signed in.
        scope: API keys with this scope.
        loopback: beside that, programs on this machine without a key.
        public: everybody, signed in or not.
    """

    roles: frozenset[Role] = frozenset()
    scope: Scope | None = None
    loopback: bool = False
    public: bool = False


PUBLIC = Rule(public=True)

RULES: dict[str, Rule] = {
    # Signing in
    "sign_in": PUBLIC,
    "sign_in_post": PUBLIC,
    "sign_in_link": PUBLIC,
    "sign_in_link_post": PUBLIC,
    "sign_in_provider": PUBLIC,
    "sign_in_provider_back": PUBLIC,
    "signed_out": PUBLIC,
    "sign_out_post": Rule(ANYONE),
    "password": Rule(ANYONE),
    "password_post": Rule(ANYONE),
    "resume": Rule(ANYONE),
    "resume_post": Rule(ANYONE),
    # What everybody may read
    "privacy": PUBLIC,
    "accessibility": PUBLIC,
    "logo": PUBLIC,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    # What watches over the service
    "metrics": Rule(scope="read", loopback=True),
    # The API
    "api_answer": Rule(scope="assess"),
    "api_answers": Rule(scope="assess"),
    "api_assessment": Rule(scope="assess"),
    "api_assessment_change": Rule(scope="assess"),
    "api_assessment_rescore": Rule(scope="assess"),
    "api_assessment_score": Rule(scope="assess"),
    "api_assessment_score_kept": Rule(scope="assess"),
    "api_assessment_start": Rule(scope="assess"),
    "api_assessments": Rule(scope="assess"),
    "api_checklist": Rule(scope="read"),
    "api_cutoffs": Rule(scope="read"),
    "api_decision": Rule(scope="decide"),
    "api_list": Rule(scope="lists"),
    "api_model": Rule(scope="read"),
    "api_objection": Rule(scope="assess"),
    "api_objection_back": Rule(scope="assess"),
    "api_openapi": PUBLIC,
    "api_outcome": Rule(scope="outcomes"),
    "api_outcomes": Rule(scope="outcomes"),
    "api_score": Rule(scope="score"),
    "api_score_batch": Rule(scope="score"),
    # Home
    "home": Rule(ANYONE),
    "practice_post": Rule(ADVISER),
    # Clients: the interview, the result, what follows
    "action_step_post": Rule(ADVISER),
    "actions": Rule(ADVISER),
    "actions_post": Rule(ADVISER),
    "ask_again": Rule(ADVISER),
    "ask_again_post": Rule(ADVISER),
    "ask_review": Rule(ADVISER),
    "ask_review_post": Rule(ADVISER),
    "changes": Rule(ADVISER),
    "check_answers": Rule(ADVISER),
    "claim_post": Rule(ADVISER),
    "client": Rule(ADVISER),
    "client_details": Rule(ADVISER),
    "client_details_post": Rule(ADVISER),
    "client_job": Rule(ADVISER),
    "client_job_post": Rule(ADVISER),
    "client_privacy": Rule(ADVISER),
    "client_privacy_post": Rule(ADVISER),
    "client_sheet": Rule(ADVISER),
    "close_post": Rule(ADVISER),
    "decision_post": Rule(ADVISER),
    "earlier_score": Rule(ADVISER),
    "find_client": Rule(ADVISER),
    "find_client_post": Rule(ADVISER),
    "first_view": Rule(ADVISER),
    "first_view_post": Rule(ADVISER),
    "new_client": Rule(ADVISER),
    "new_client_post": Rule(ADVISER),
    "next_question": Rule(ADVISER),
    "objection": Rule(ADVISER),
    "objection_post": Rule(ADVISER),
    "outcome_back_post": Rule(ADVISER),
    "outcome_post": Rule(ADVISER),
    "print_result": Rule(ADVISER),
    "question": Rule(ADVISER),
    "question_post": Rule(ADVISER),
    "result": Rule(ADVISER),
    "review": Rule(ADVISER),
    "review_post": Rule(ADVISER),
    "reviews": Rule(ADVISER),
    "score_post": Rule(ADVISER),
    "stop_questions_post": Rule(ADVISER),
    "take_over_post": Rule(ADVISER),
    "withdraw_post": Rule(ADVISER),
    # Events and their lists
    "attendance_list": Rule(ADVISER),
    "event": Rule(ADVISER),
    "event_details": Rule(ADVISER),
    "event_details_post": Rule(ADVISER),
    "event_new": Rule(ADVISER),
    "event_new_post": Rule(ADVISER),
    "events": Rule(ADVISER),
    "list_answers_post": Rule(ADVISER),
    "list_claim_post": Rule(ADVISER),
    "list_decision_post": Rule(ADVISER),
    "list_erase_post": Rule(ADVISER),
    "list_mapping": Rule(ADVISER),
    "list_mapping_post": Rule(ADVISER),
    "list_match_post": Rule(ADVISER),
    "list_matches": Rule(ADVISER),
    "list_places": Rule(ADVISER),
    "list_places_post": Rule(ADVISER),
    "list_plan": Rule(ADVISER),
    "list_plan_download_post": Rule(ADVISER),
    "list_plan_release_post": Rule(ADVISER),
    "list_plan_row": Rule(ADVISER),
    "list_plan_row_post": Rule(ADVISER),
    "list_plan_withdraw_post": Rule(ADVISER),
    "list_row": Rule(ADVISER),
    "list_sample_post": Rule(ADVISER),
    "list_score_post": Rule(ADVISER),
    "list_upload": Rule(ADVISER),
    "list_upload_post": Rule(ADVISER),
    "list_workbook_post": Rule(ADVISER),
    "list_worker_post": Rule(ADVISER),
    # API keys
    "api_key": Rule(ADMINISTRATOR),
    "api_key_new": Rule(ADMINISTRATOR),
    "api_key_new_post": Rule(ADMINISTRATOR),
    "api_key_revoke_post": Rule(ADMINISTRATOR),
    "api_keys": Rule(ADMINISTRATOR),
    # People and offices
    "account": Rule(ADMINISTRATOR),
    "account_link_post": Rule(ADMINISTRATOR),
    "account_new": Rule(ADMINISTRATOR),
    "account_new_post": Rule(ADMINISTRATOR),
    "account_post": Rule(ADMINISTRATOR),
    "account_switch_post": Rule(ADMINISTRATOR),
    "accounts": Rule(ADMINISTRATOR),
    "office": Rule(ADMINISTRATOR),
    "office_new": Rule(ADMINISTRATOR),
    "office_new_post": Rule(ADMINISTRATOR),
    "office_post": Rule(ADMINISTRATOR),
    "office_switch_post": Rule(ADMINISTRATOR),
    # Equality monitoring
    "equality": Rule(ADVISER),
    "equality_counts": Rule(FIGURES),
    "equality_post": Rule(ADVISER),
    # Figures
    "figures": Rule(FIGURES),
    "figures_csv": Rule(FIGURES),
    # The service itself
    "resume_scoring_post": Rule(ADMINISTRATOR),
    "service": Rule(ADMINISTRATOR),
    "suspend_post": Rule(ADMINISTRATOR),
}


def scopes() -> tuple[Scope, ...]:
    """Every scope that a key can have."""
    return SCOPES
