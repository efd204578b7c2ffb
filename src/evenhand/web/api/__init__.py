"""The HTTP API for other systems, by django-ninja: the same steps, under the same rights."""

from evenhand.web.api.application import urls

__all__ = ["urls"]
