"""Casework: what people do with a checklist, an engine and the records."""
