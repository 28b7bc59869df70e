"""Which model does the registry say is in force, and is it the one that was registered?"""
