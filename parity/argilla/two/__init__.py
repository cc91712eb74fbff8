"""Checks of the Argilla 2.x client."""
