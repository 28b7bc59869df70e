"""How does an adviser work with the checklist in a browser, and a partner's app over HTTP?"""
