"""Which model is in force, which may follow it, and what must it pass before?"""
