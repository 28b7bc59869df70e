"""The model as tables of points: how they are made, read, and written as one ONNX file."""

from triage.scorecard.scorecard import InputTable, Scorecard

__all__ = ["InputTable", "Scorecard"]
