"""Are people whom a model has seen known again, however their rows come back, and nobody else?"""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.learning_people import people, start_of, write_content
from tests.worlds import examples
from triage.bundle import Bundle
from triage.errors import OutcomesError, UsageError
from triage.learning import Start
from triage.outcomes import Outcomes
from triage.outcomes.held_out import OUT_OF_FOLD, HeldOut
from triage.outcomes.seen import SEEN, Overlap, Seen, training_folder


@lru_cache
def tiny() -> Start:
    return start_of(write_content(Path(mkdtemp()) / "tiny"))


def of(seed: int, n: int, **more: object) -> Outcomes:
    return people(seed, tiny(), n, **more)


def named(found: Outcomes, prefix: str) -> Outcomes:
    """The same rows under ids that begin otherwise."""
    return replace(found, client=np.array([f"{prefix}{client}" for client in found.client], dtype=object))


def joined(one: Outcomes, other: Outcomes) -> Outcomes:
    """The rows of both."""
    parts = {name: (value, getattr(other, name)) for name, value in vars(one).items() if isinstance(value, np.ndarray)}
    return replace(one, **{name: np.concatenate(pair) for name, pair in parts.items()})


def mixed(found: Outcomes, seed: int) -> Outcomes:
    return found.take(np.random.default_rng(seed).permutation(len(found)))


SPELLINGS = (
    str.upper,
    str.title,
    lambda text: f"  {text}\t",
    lambda text: text.replace("-", "_"),
    lambda text: text + ".",
)
outcomes = st.builds(of, st.integers(0, 10**6), st.integers(20, 120), clients=st.sampled_from([None, 15]))


@examples(30)
@given(outcomes, st.integers(0, 100), st.sampled_from(SPELLINGS))
def test_a_client_is_known_again_whatever_the_order_the_spelling_and_the_row(
    found: Outcomes, seed: int, spelling: object
) -> None:
    found = named(found, "Área-")
    seen = Seen.of(found, Bundle.load())
    again = mixed(found, seed)
    edited = replace(
        again,
        client=np.array([spelling(client) for client in again.client], dtype=object),
        weeks=again.weeks + 1,
        inputs=np.full_like(again.inputs, np.nan),
    )
    clients = len(set(found.client))
    assert seen.overlap(again) == seen.overlap(edited) == Overlap(clients, 0)
    half = edited.take(np.arange(len(found)) % 2 == 0)
    assert seen.overlap(half).clients == len(set(half.client))


@examples(30)
@given(outcomes, st.integers(0, 100), st.integers(1, 10))
def test_a_copy_under_another_id_is_known_by_its_row(found: Outcomes, seed: int, copies: int) -> None:
    seen = Seen.of(found, Bundle.load())
    strangers = named(of(seed + 10**7, 60), "other-")
    few = named(mixed(found, seed).take(np.arange(copies)), "other-")
    both = joined(strangers, few)
    assert seen.overlap(strangers) == Overlap(0, 0)
    assert seen.overlap(both) == Overlap(0, copies)
    # Neither a weight nor a note nor a group makes another row of it.
    assert seen.overlap(replace(both, weight=both.weight * 2, groups={"town": both.client})).rows == copies


def test_rows_that_are_alike_by_chance_are_no_copies() -> None:
    """People who answered nothing and were never reached have equal rows, and are not one person."""
    nothing = of(1, 80)
    empty = replace(
        nothing,
        inputs=np.full_like(nothing.inputs, np.nan),
        states=np.zeros_like(nothing.states),
        weeks=np.zeros(80),
        place=np.zeros(80, dtype=np.int8),
        kind=np.full(80, "lost_contact", dtype=object),
    )
    assert Seen.of(empty, Bundle.load()).overlap(named(empty, "other-")) == Overlap(0, 0)


@examples(20)
@given(outcomes)
def test_no_two_records_can_be_linked_and_none_holds_an_id(found: Outcomes) -> None:
    found = named(found, "client-")
    one, other = Seen.of(found, Bundle.load()), Seen.of(found, Bundle.load())
    assert one.key != other.key
    assert not one.clients & other.clients
    assert not one.rows & other.rows
    with TemporaryDirectory() as folder:
        held_out = HeldOut.of(one, found, np.zeros(len(found)))
        one.save(Path(folder))
        held_out.save(Path(folder))
        texts = "".join(path.read_text(encoding="utf-8") for path in Path(folder).iterdir())
    assert "client-" not in texts
    assert "client c" not in texts


@examples(30)
@given(outcomes, st.integers(0, 100))
def test_what_is_written_is_read_back_whatever_the_order_of_the_rows(found: Outcomes, seed: int) -> None:
    # Rows of one client that are equal have one score.
    logits = np.nansum(found.inputs, axis=1) / 3 - found.weeks / 7
    with TemporaryDirectory() as above:
        folder = training_folder(Path(above) / "model")
        seen = Seen.of(found, Bundle.load())
        seen.save(folder)
        HeldOut.of(seen, found, logits).save(folder)
        assert folder.name == "model.training"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        again, held_out = Seen.load(folder), HeldOut.load(folder)
        with pytest.raises(UsageError, match="never written over"):
            seen.save(folder)
    assert again.is_of(Bundle.load())
    assert vars(again) == vars(seen)
    assert seen.simulated
    order = np.random.default_rng(seed).permutation(len(found))
    assert np.array_equal(held_out.logits(found.take(order)), logits[order])


def test_a_record_stands_beside_a_bundle_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model" / "inside").mkdir(parents=True)
    wanted = tmp_path / "model.training"
    for place, named in (("model", "."), ("model/inside", "..")):
        monkeypatch.chdir(tmp_path / place)
        assert training_folder(Path(named)) == wanted
    assert training_folder(Path("model")) == Path("model.training")
    with pytest.raises(UsageError, match="is no folder of a model"):
        training_folder(Path("/"))


def test_rows_that_were_not_learned_from_have_no_score_and_are_counted() -> None:
    found = of(3, 40)
    held_out = HeldOut.of(Seen.of(found, Bundle.load()), found, np.zeros(40))
    edited = replace(found, weeks=np.where(np.arange(40) < 3, found.weeks + 1, found.weeks))
    with pytest.raises(
        OutcomesError, match=r"invented\.csv: 3 rows of 40 are not among those that evidence-2026\.1 learned from"
    ):
        held_out.logits(edited)
    with pytest.raises(OutcomesError, match="40 rows of 40"):
        held_out.logits(named(found, "x"))


WHOLE = {
    "format": 1,
    "model": "m",
    "manifest_sha256": "00" * 32,
    "key": "00" * 32,
    "clients": [],
    "rows": [],
    "answers": {},
}
DAMAGED = [
    (SEEN, "not json", "seen.json is damaged"),
    (SEEN, "[]", "seen.json is damaged"),
    (SEEN, '{"format": 2}', "has another format than 1"),
    (SEEN, json.dumps(WHOLE | {"key": "00"}), "is damaged"),
    (SEEN, json.dumps(WHOLE | {"clients": ["c00001"]}), "is damaged"),
    (SEEN, json.dumps(WHOLE | {"manifest_sha256": "x"}), "is damaged"),
    (SEEN, json.dumps(WHOLE | {"answers": {"00" * 32: 0}}), "is damaged"),
    (SEEN, json.dumps(WHOLE | {"answers": []}), "is damaged"),
    (
        SEEN,
        json.dumps({name: value for name, value in WHOLE.items() if name != "manifest_sha256"}),
        "does not say which",
    ),
    (SEEN, None, "is no training record: it has no seen.json"),
    (OUT_OF_FOLD, None, "has no out-of-fold.csv"),
    (OUT_OF_FOLD, "client,logit\nx,1\n", "out-of-fold.csv is damaged"),
    (OUT_OF_FOLD, "row,logit\nx,nan\n", "is damaged"),
    (OUT_OF_FOLD, "row,logit\nx\n", "is damaged"),
    (OUT_OF_FOLD, "", "is damaged"),
]


@pytest.mark.parametrize(("name", "text", "said"), DAMAGED)
def test_a_record_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, name: str, text: str | None, said: str) -> None:
    found = of(4, 20)
    seen = Seen.of(found, Bundle.load())
    seen.save(tmp_path)
    HeldOut.of(seen, found, np.zeros(20)).save(tmp_path)
    (tmp_path / name).unlink()
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(OutcomesError, match=said):
        HeldOut.load(tmp_path)
