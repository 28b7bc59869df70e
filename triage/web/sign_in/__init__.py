"""How does somebody prove who they are?"""
