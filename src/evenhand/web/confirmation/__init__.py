"""The printed confirmation of a randomization."""

from evenhand.web.confirmation.content import confirmation_of
from evenhand.web.confirmation.document import as_pdf

__all__ = ["as_pdf", "confirmation_of"]
