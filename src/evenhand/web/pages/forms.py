"""The form that records something, under the name by which the pages know it."""

from evenhand.web.forms import Guarded

__all__ = ["Guarded"]
