"""Released models: a folder with the model, its tables for people, its card and its proofs."""

from triage.bundle.bundle import OUTPUTS, Bundle, shipped_bundle
from triage.bundle.manifest import Manifest
from triage.bundle.reference import ReferenceScores

__all__ = ["OUTPUTS", "Bundle", "Manifest", "ReferenceScores", "shipped_bundle"]
