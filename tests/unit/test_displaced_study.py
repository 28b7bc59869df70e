"""Does the study of the displaced workers weigh and rank as it says, and does the page say what it prints?"""

from __future__ import annotations

import numpy as np
import pytest

from experiments import displaced_evidence as study

pytestmark = pytest.mark.slow


def test_the_weights_give_the_kaplan_meier_share() -> None:
    """Checked by hand: of four people one leaves at 1, one is lost at 1, one leaves at 2, one stays; 3/4 times 1/2."""
    spell, censored = np.array([1.0, 1.0, 2.0, 3.0]), np.array([False, True, False, False])
    weight = study.known_weights(spell, censored, 2)
    assert weight.tolist() == pytest.approx([1.0, 0.0, 1.5, 1.5])
    assert np.average(spell > 2, weights=weight) == pytest.approx(3 / 8)


def test_a_tie_counts_a_half() -> None:
    score, outcome = np.array([1.0, 2.0, 2.0, 3.0]), np.array([False, False, True, True])
    assert study.auc(score, outcome, np.ones(4)) == pytest.approx(3.5 / 4)


def test_the_page_says_what_the_study_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The README would report a figure that nobody can reproduce."""
    study.main()
    page = (study.FOLDER / "README.md").read_text(encoding="utf-8")
    for line in capsys.readouterr().out.splitlines():
        assert line in page
