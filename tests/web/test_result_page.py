"""Does the result say all that it must, and nothing that it must not? The rules of the design, through this door."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import pytest

import triage
from tests.web.page_states import RESULTS, START
from tests.web.service import Client, Live
from tests.web.states import ANSWERS, ENOUGH, FEW, HEAVY, LEFT, Clients
from triage.casework import actions, deciding, scoring
from triage.cutoffs import names as band_names
from triage.errors import ConflictError

SCORED = ("crossing", "clear", "heavy", "few", "has_job", "confirmed", "overridden", "rescored", "claimed", "outdated")
SHOWS_A_SCORE = ("result", "print", "sheet?figure=yes")


@pytest.fixture(scope="module")
def engine(shared_live: Live) -> triage.Engine:
    """The engine in force."""
    return shared_live.service.engines.now


def text_of(client: Client, address: str) -> str:
    """What a page says, without its markup."""
    answer = client.get(address)
    assert answer.status_code == 200, (answer.status_code, address)
    body = answer.text[answer.text.index("<main") :]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def said(text: str) -> str:
    return " ".join(text.split())


def test_everything_that_a_score_says_stands_on_the_page(adviser: Client, states: Clients) -> None:
    service = states.service
    row = scoring.latest(service, states.adviser, states["crossing"])
    assert row is not None
    score = scoring.rebuilt(service, row)
    assert score is not None
    page = text_of(adviser, f"/clients/{states['crossing']}/result")
    page_words = service.engines.now.words.wording.result_page
    for sentence in score.sentences[1:3]:
        assert said(sentence) in page
    for reason in (*score.reasons, *score.strengths):
        assert said(reason.text) in page
    order = [page_words.figure, page_words.strengths, page_words.support, page_words.unasked, page_words.trust]
    places = [page.index(said(heading)) for heading in order]
    assert places == sorted(places), "strengths come before everything that could be better"
    assert "You said PACE support with your own adviser before you saw the score." in page


def test_a_band_is_never_shown_without_saying_that_the_range_crosses_a_cut_off(
    adviser: Client, states: Clients, engine: triage.Engine
) -> None:
    """Rule 5, on every page that names the band of a score."""
    row = scoring.latest(states.service, states.adviser, states["crossing"])
    assert row is not None
    reached = band_names(engine.cutoffs, scoring.data_of(row)["bands_possible"])
    warning = engine.words.wording.band.crosses.format(bands=reached)
    on_the_sheet = engine.words.wording.sheet.crosses.format(bands=reached)
    for page in ("result", "print"):
        assert warning in text_of(adviser, f"/clients/{states['crossing']}/{page}")
        assert warning.partition("{")[0][:30] not in text_of(adviser, f"/clients/{states['clear']}/{page}")
    assert on_the_sheet in text_of(adviser, f"/clients/{states['crossing']}/sheet")
    for state in ("confirmed", "overridden", "claimed", "withdrawn", "rescored", "expired", "other_versions"):
        row = scoring.latest(states.service, states.adviser, states[state])
        assert row is not None
        bands = engine.words.wording.band.crosses.format(
            bands=band_names(engine.cutoffs, scoring.data_of(row)["bands_possible"])
        )
        assert bands in text_of(adviser, f"/clients/{states[state]}/result"), state


def test_too_few_answers_give_a_next_step_and_no_band(adviser: Client, states: Clients, engine: triage.Engine) -> None:
    """Rule 5: too little is not low."""
    words = engine.words.wording
    for page in ("result", "print", "sheet"):
        text = text_of(adviser, f"/clients/{states['few']}/{page}")
        assert words.result_page.heading.partition("{")[0] not in text
        assert words.result_page.proposed + " " + words.result_page.undecided not in text
    page = text_of(adviser, f"/clients/{states['few']}/result")
    assert words.result_page.heading_talk in page
    assert words.band.not_enough.format(answered=2, asked=16) in page
    assert "Go on with the questions" in page
    assert "Confirm:" not in page


@pytest.mark.parametrize("state", ["has_job", "redeployed"])
def test_nobody_with_a_job_gets_a_figure_and_everybody_keeps_the_support(
    state: str, adviser: Client, states: Clients, engine: triage.Engine
) -> None:
    page = text_of(adviser, f"/clients/{states[state]}/result")
    assert getattr(engine.words.wording.notes, state) in page
    assert "of 100 people" not in page
    assert "Agree what happens next" in page


def test_silence_contributes_nothing_and_is_never_held_against_anyone(
    adviser: Client, states: Clients, engine: triage.Engine
) -> None:
    """Rule 4: declined, left out and not asked give one figure, and are kept apart."""
    known = {name: value for name, value in ANSWERS.items() if name != "vehicle"}
    scores = {}
    for said_of_it in ("declined", "not_asked", None):
        given: dict[str, object] = known if said_of_it is None else {**known, "vehicle": said_of_it}
        client, row = states.scored(given=given)
        scores[said_of_it] = scoring.data_of(row)
        page = text_of(adviser, f"/clients/{client}/result")
        rows = page[page.index("Starting point, with no answers") : page.index("All answers together")]
        assert "Motor vehicle" not in rows
        declined = engine.words.wording.notes.declined.partition("{")[0]
        named = re.search(rf"{declined}[^.]*Motor vehicle", page) is not None
        assert named == (said_of_it == "declined")
    assert len({(data["logit"], data["lower"], data["upper"], data["band"]) for data in scores.values()}) == 1
    _, full = states.scored(given={**known, "vehicle": "yes"})
    answered = scoring.data_of(full)
    missing = scores[None]
    assert answered["upper_logit"] - answered["lower_logit"] < missing["upper_logit"] - missing["lower_logit"]


@pytest.mark.parametrize("given", [ANSWERS, HEAVY, FEW, ENOUGH], ids=["answers", "heavy", "few", "enough"])
def test_help_is_only_added(
    given: Mapping[str, object], adviser: Client, states: Clients, engine: triage.Engine
) -> None:
    """Rule 6: everybody has the standard support, health adds and never takes away, and no service is withheld."""
    bands = [band.id for band in engine.cutoffs.bands]
    special = {question.id for question in engine.checklist.questions if question.special_category}
    client, score = states.scored(given=given)
    _, without = states.scored(given={name: value for name, value in given.items() if name not in special})
    if score["band"] and without["band"]:
        assert bands.index(score["band"]) >= bands.index(without["band"])
    page = text_of(adviser, f"/clients/{client}/result")
    assert engine.words.wording.band.everyone in page
    offered = adviser.get(f"/clients/{client}/actions").text
    for service in states.service.services.services:
        assert f'<option value="{service.id}"' in offered


def test_nothing_is_decided_before_a_person_decides(adviser: Client, states: Clients, engine: triage.Engine) -> None:
    """Rule 7."""
    client, _ = states.scored(given=ANSWERS)
    page = text_of(adviser, f"/clients/{client}/result")
    assert engine.words.wording.result_page.undecided in page
    assert deciding.history(states.service, states.adviser, client) == []
    assert "Nothing has been decided yet." in text_of(adviser, f"/clients/{client}")
    assert engine.words.wording.sheet.proposed in text_of(adviser, f"/clients/{client}/sheet")
    assert "checked" not in re.findall(
        r'<input[^>]*name="decision"[^>]*>', adviser.get(f"/clients/{client}/result").text
    )


def test_nothing_confirms_more_than_one_client(adviser: Client, states: Clients) -> None:
    """There is no "confirm all": each form that decides belongs to one client's page."""
    for shown in (*START, *RESULTS):
        if shown.who == "adviser" and not shown.press:
            html_text = adviser.get(shown.address.format_map(states)).text
            assert not re.search(r"(?i)(confirm|accept|decide) (all|every)", html_text), shown.name
            for action in re.findall(r'action="([^"]*decision[^"]*)"', html_text):
                assert re.fullmatch(r"/clients/[0-9a-f]{32}/decision", action)


@pytest.mark.parametrize("state", SCORED)
def test_every_score_that_is_shown_carries_its_versions(state: str, adviser: Client, states: Clients) -> None:
    """Rule 8."""
    row = scoring.latest(states.service, states.adviser, states[state])
    assert row is not None
    for page in ("result", "print"):
        text = text_of(adviser, f"/clients/{states[state]}/{page}")
        assert f"Model {row['model']}, checklist {row['checklist']}, cut-offs {row['cutoffs']}." in text
    assert scoring.rebuilt(states.service, row) is not None


@pytest.mark.parametrize("page", SHOWS_A_SCORE)
def test_the_words_are_those_of_the_model_s_source(
    page: str, adviser: Client, states: Clients, engine: triage.Engine
) -> None:
    """Rule 10: this model has seen no outcomes, and says so wherever its figures are shown."""
    text = text_of(adviser, f"/clients/{states['crossing']}/{page}")
    begin = engine.words.wording.result.evidence.partition("{")[0].strip()
    assert begin in text
    assert "in paid work a year after their job ended" in text
    assert " were not in paid work" not in text


def test_the_sheet_has_the_support_first_and_the_number_only_if_it_is_wanted(
    adviser: Client, states: Clients, engine: triage.Engine
) -> None:
    words = engine.words.wording.sheet
    plain = text_of(adviser, f"/clients/{states['crossing']}/sheet")
    assert "of 100 people" not in plain
    wanted = text_of(adviser, f"/clients/{states['crossing']}/sheet?figure=yes")
    assert wanted.index("PACE support") < wanted.index("of 100 people")
    for sentence in (*words.choices_text, words.only_for, words.every_service):
        assert sentence in plain
    objected = text_of(adviser, f"/clients/{states['objected_after']}/sheet?figure=yes")
    assert "of 100 people" not in objected
    assert words.objected in objected


def test_the_print_view_names_no_sensitive_answer(adviser: Client, states: Clients, engine: triage.Engine) -> None:
    page = text_of(adviser, f"/clients/{states['heavy']}/print")
    table = page[page.index("Starting point, with no answers") : page.index("All answers together")]
    for question in engine.checklist.questions:
        if question.kept_apart:
            assert question.label not in table, question.id


def test_looking_at_a_score_is_noted_through_every_page_that_shows_it(shared_live: Live, states: Clients) -> None:
    """So that nobody can note a "view first" after a look at the print view."""
    for page in ("result", "print", "sheet"):
        client = states.start(given=ANSWERS)
        scoring.score(states.service, states.adviser, client)
        shared_live.client("second_adviser").get(f"/clients/{client}/{page}")
        with pytest.raises(ConflictError):
            scoring.first_view(states.service, states.adviser, client, "intensive")


def test_a_view_is_noted_once_and_before_the_score(adviser: Client, states: Clients) -> None:
    client = states.start(LEFT, ANSWERS)
    address = f"/clients/{client}/view"
    assert "Choose the support that you have in mind." in adviser.send_form(address, {}).text
    first = adviser.send_form(address, {"band": "enhanced"})
    assert first.url.path == f"/clients/{client}/result"
    assert "You said <strong>PACE support plus a check-in</strong>" in first.text
    late = adviser.send_form(address, {"band": "intensive"})
    assert late.status_code == 409
    assert f'href="/clients/{client}"' in late.text
    assert actions.of(states.service, states.adviser, client) == []
