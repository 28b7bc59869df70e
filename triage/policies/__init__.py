"""Which cut-offs were promoted, by whom, on what evidence, and which are in force?"""
