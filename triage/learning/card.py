"""What should a person know before trusting a learned model? Its card, written from what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from triage.bundle.manifest import CARD, Manifest
from triage.learning.learn import Learned
from triage.outcomes.problems import Remark


def card_files(
    learned: Learned, manifest: Manifest, figures: dict[str, Any], remarks: Sequence[Remark]
) -> dict[str, bytes]:
    """The card and its pictures, by file name."""
    del learned, figures, remarks
    return {CARD: f"# Model card: {manifest.id}\n".encode()}
