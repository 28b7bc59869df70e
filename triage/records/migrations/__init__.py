"""The migrations of the records, one file for each revision. `python -m experiments.migration` writes them."""
