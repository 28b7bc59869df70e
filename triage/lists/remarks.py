"""What else does a row say that a person should know: comments, phone numbers, contact, repeats?

Nothing of a free comment is repeated. It is only searched for words that say that somebody may have a job.
"""

from __future__ import annotations

import re

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.checklist import REDUNDANCY_STATUS
from triage.features import fold
from triage.lists.fields import spellings_of
from triage.lists.kinds import CLIENT, RowRules
from triage.lists.safety import cleaned
from triage.lists.tidy import Rows
from triage.lists.vocabulary import Vocabulary

_JOB_WORDS = ("job", "deploy", "found work", "tupe", "transferred")
#: "looking for a new job", "no new job yet", "wants help to find a job": no job so far.
_NOT_YET = (
    r"\b(?:no|not|never|without|looking for|searching for|seeking|seeks|wants?|wanting|needs?|needing|find|finding|"
    r"hopes? for|hoping for|hopes? to|hoping to|apply|applying for|applied for|interview for|help with|lost|"
    r"(?:has|have|had|did|does|do|is|was)n['’]?t)\b(?:[\s\-]+[^\s.,;:!?()]+){0,3}?[\s\-]+(?:jobs?|work|redeploy\w*|deployed)\b"
)
_MORE_WORDS = ("has a job", "have a job", "has job", "got another job", "has another job", "re deployed")
_LOST = r"(?i)^\d(?:[.,]\d+)?e\+?\d+$"
_NO = ("no", "n", "do not contact", "dont contact", "false")
LOST_NUMBER = "a spreadsheet turned this number into a power of ten, so its digits are lost"
NO_CONTACT = "The list says no to being contacted: check before you get in touch"
REPEATED = "Marked on the list as being there twice"


class Remarks:
    """Looks through the columns of one table that are not answers."""

    def __init__(self, rules: RowRules, headings: tuple[str, ...]) -> None:
        self._headings = tuple(cleaned(heading) for heading in headings)
        vocabulary = rules.vocabulary
        self._comments = rules.columns("comments")
        self._numbers = rules.columns("mobile", "reference")
        self._contact = rules.columns("ok_to_contact")
        self._words = rules.columns("comments", "attended", "full_name", "session")
        self._repeated = sorted(vocabulary.row_words("repeated"))
        self._job = _job_pattern(vocabulary)
        status = [f"c{at}" for at, role in enumerate(rules.roles) if role.name == REDUNDANCY_STATUS]
        names = rules.columns("full_name", "surname", "forename")
        self._searched = [*self._comments, *status, *names] if self._job else []
        self._status, self._answers = status, _answers(vocabulary)

    def may_have_job(self, rows: Rows) -> NDArray[np.bool_]:
        """True where a comment, status or name says that somebody may have a job or was moved to another."""
        found = np.zeros(len(rows), dtype=bool)
        for name in self._searched:
            text = rows.cells[name].str.to_lowercase()
            said = text.str.contains(self._job).fill_null(False)
            if said.any():
                # Only the few that match are read again, without what says that somebody has none yet.
                rest = text.filter(said).str.replace_all(_NOT_YET, " ")
                if name in self._status:
                    # What is an answer counts as one, and there is nothing left to ask.
                    plain = rest.str.replace_all(r"[^\pL\pN]+", " ").str.strip_chars()
                    rest = rest.set(plain.is_in(self._answers), "")
                said = said.scatter(said.arg_true(), rest.str.contains(self._job))
            found |= said.to_numpy()
        clients: NDArray[np.bool_] = rows.kinds == CLIENT
        return found & clients

    def problems(self, rows: Rows) -> list[pl.Series]:
        """What to say about each row, a text or null, one series for each thing."""
        client = rows.kinds == CLIENT
        found = []
        for name in self._numbers:
            lost = rows.cells[name].str.contains(_LOST).fill_null(False).to_numpy()
            found.append((lost, f"{self._headings[int(name[1:])]}: {LOST_NUMBER}"))
        for name in self._contact:
            no = rows.cells[name].str.to_lowercase().str.strip_chars(" .!").is_in(_NO).fill_null(False).to_numpy()
            found.append((no, NO_CONTACT))
        repeated = np.zeros(len(rows), dtype=bool)
        for name in self._words:
            repeated |= rows.cells[name].str.to_lowercase().is_in(self._repeated).fill_null(False).to_numpy()
        found.append((repeated, REPEATED))
        return [_text(mask & client, text) for mask, text in found if (mask & client).any()]


def _text(mask: NDArray[np.bool_], text: str) -> pl.Series:
    return pl.Series([text, None], dtype=pl.String).gather(pl.Series(np.where(mask, 0, 1)))


def _answers(vocabulary: Vocabulary) -> list[str]:
    """Every spelling of an answer to how things stand with the job, folded."""
    field = vocabulary.checklist.context_by_id.get(REDUNDANCY_STATUS)
    return sorted(spellings_of(field, vocabulary.features)) if field is not None else []


def _job_pattern(vocabulary: Vocabulary) -> str:
    """Words of the synonyms for "already has a job" and "redeployed" that are clear inside a sentence."""
    answers = vocabulary.features.synonyms.answers.get(REDUNDANCY_STATUS, {})
    words = {fold(word) for option in ("has_job", "redeployed") for word in answers.get(option, ())}
    clear = sorted((word for word in words if any(part in word for part in _JOB_WORDS)), key=len, reverse=True)
    if not clear:
        return ""
    clear += [word for word in _MORE_WORDS if word not in clear]
    return r"\b(?:" + "|".join(re.escape(word).replace(r"\ ", r"[\s\-]+") for word in clear) + r")\b"
