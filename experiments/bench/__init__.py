"""How quick is the engine, and how much memory does it take, beside doing the same without it?

Run: python -m experiments.bench [--quick] [--only PART] [--markdown]

Every figure stands beside a baseline that was measured in the same run on the same data, turn and turn about. All
data is simulated: the answers of nobody, drawn question by question from the reference population of the shipped
model, a tenth of them missing.
"""
