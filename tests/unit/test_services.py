"""Does an entry that nobody has checked for long say so, and does a wrong entry say what is wrong with it?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from triage.checklist import Checklist
from triage.checklist.services import Services, load_services
from triage.errors import ContentError

TINY = Path(__file__).parents[1] / "golden" / "tiny"


def tiny(folder: Path, old: str, new: str) -> Checklist:
    """The tiny checklist with one change to its services."""
    services = (TINY / "services.yaml").read_text(encoding="utf-8")
    assert services.count(old) == 1
    (folder / "services.yaml").write_text(services.replace(old, new), encoding="utf-8")
    (folder / "checklist.yaml").write_bytes((TINY / "checklist.yaml").read_bytes())
    return Checklist.load(folder)


@pytest.mark.parametrize(("on", "stale"), [("2026-09-01", False), ("2026-10-01", False), ("2026-10-02", True)])
def test_an_entry_is_stale_from_the_day_after_its_time(on: str, stale: bool) -> None:
    offer = load_services(Checklist.load(TINY)).offers[0]
    assert offer.stale(date.fromisoformat(on), 30) is stale


def test_an_organisation_without_services_has_none(tmp_path: Path) -> None:
    """The shipped Scottish partners are not offered to the clients of somebody else."""
    (tmp_path / "checklist.yaml").write_bytes((TINY / "checklist.yaml").read_bytes())
    assert load_services(Checklist.load(tmp_path)) == Services()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{service: bus, partner: depot, reached: direct", "{service: buss, partner: depot, reached: direct",
         "an offer names the unknown service 'buss'. Did you mean 'bus'?"),
        ("partner: depot, reached: signpost", "partner: deport, reached: signpost",
         "an offer names the unknown partner 'deport'. Did you mean 'depot'?"),
        ("{id: lunch,", "{id: bus,", "the service 'bus' stands here twice"),
        ("reached: signpost", "reached: signposts", "'offers.1.reached'"),
        ("last_checked: 2026-10-20", 'last_checked: "soon"', "'offers.1.last_checked'"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_services(tiny(tmp_path, old, new))
    assert message in str(caught.value)


def test_support_that_no_service_gives_is_found(tmp_path: Path) -> None:
    """Otherwise a form would point a client to nothing."""
    checklist = Checklist.load(TINY)
    text = (TINY / "checklist.yaml").read_text(encoding="utf-8").replace("support: [bus]", "support: [buss]")
    (tmp_path / "checklist.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "services.yaml").write_bytes((TINY / "services.yaml").read_bytes())
    assert load_services(checklist).names(("bus",)) == ("Bus pass",)
    with pytest.raises(ContentError, match=r"'journey': it points to the unknown service 'buss'\. Did you mean"):
        load_services(Checklist.load(tmp_path))
