"""Where should the cut-off points be, and what follows from each choice?"""
