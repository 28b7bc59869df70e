"""How does a model learn from outcomes without losing what it promises?"""
