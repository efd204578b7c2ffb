"""What a form of facts asks, by who determines it, as its template shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from evenhand.facts import FactType, Vocabulary
from evenhand.refusal import Refusal
from evenhand.web.forms import Guarded
from evenhand.web.pages.candidates.facts_form import Block, FactsForm
from evenhand.web.pages.candidates.words import determiners
from evenhand.web.templatetags.evenhand import words

INCOMPLETE: Final = Refusal(
    "the page that was sent is not whole", "form", "Nothing was recorded. Look at it as it is now, and send it again."
)
"""For a form whose hidden fields are damaged: nothing that a user could mend, so the page is made anew."""


def is_whole(form: Guarded) -> bool:
    """Whether the hidden fields of a form, which was judged, are what its page held."""
    return not {"key", "seen"} & set(form.errors)


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that one role determines."""

    who: str
    blocks: tuple[Block, ...]


def groups(form: FactsForm, vocabulary: Vocabulary) -> list[Group]:
    """The blocks of a form by role; a role of which nothing is asked is left out."""
    found = []
    for role, kinds in determiners(vocabulary, identifying=True):
        blocks = tuple(form.block(kind) for kind in kinds if kind in form.kinds)
        if blocks:
            who = words(role)
            found.append(Group(f"{who[:1].upper()}{who[1:]}", blocks))
    return found


def kinds_asked(vocabulary: Vocabulary, *, identifying: bool = False) -> list[FactType]:
    """All facts that a form may ask for, in its order."""
    return [kind for _, kinds in determiners(vocabulary, identifying=identifying) for kind in kinds]
