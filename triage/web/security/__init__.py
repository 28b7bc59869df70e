"""Who may ask, what may be sent, and what may a browser do with the answer?"""
