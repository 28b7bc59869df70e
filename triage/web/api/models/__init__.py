"""What is sent to the API, and what does it answer? The models behind its document."""
