"""How quick is the engine, and how much memory does it take, beside doing the same without it?

Run: python -m experiments.bench [--quick] [--only PARTS] [--markdown]

A figure that has a baseline was measured with it in the same run on the same data, turn and turn about. All data is
simulated: the answers of nobody, drawn question by question from the reference population of the shipped model, a tenth
of them missing; or the people of `ltu-triage simulate`, with what happened to them.
"""
