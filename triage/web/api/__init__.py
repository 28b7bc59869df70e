"""The HTTP API for partners' programs."""
