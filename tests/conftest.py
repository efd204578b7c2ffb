"""Hypothesis profiles: `dev` looks for new examples at every run, `ci` tries the same ones each time."""

from hypothesis import settings

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=100, print_blob=True)
settings.load_profile("dev")
