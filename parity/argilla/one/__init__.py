"""Checks of the Argilla 1.x client."""
