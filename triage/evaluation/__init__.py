"""How well does a model do on people whose outcome is known?"""
