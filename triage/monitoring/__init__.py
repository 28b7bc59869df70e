"""Does the model in use still do what it did when it was released?"""
