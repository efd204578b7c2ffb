"""What of a person may stand in a record that is never erased.

A name of a file may not, since people name files after patients. A birth date may not either. What rules need of it is
the age in whole years on the day on which it was recorded, so it is kept as the span of all birth dates of that age:
every rule about age has the same answer on that day.
"""

from __future__ import annotations

from datetime import date

from evenhand.dates import DateSpan, age_on, birth_span, on_day
from evenhand.facts.fact import Fact, Person, Source
from evenhand.facts.vocabulary import Vocabulary


def for_the_record(person: Person, vocabulary: Vocabulary, on: date) -> tuple[Fact, ...]:
    """The person's facts that the study names, identifying ones coarsened as of ``on``."""
    return tuple(
        _unnamed(_coarsened(fact, on) if vocabulary.facts[name].identifying else fact)
        for name, facts in person.facts.items()
        if name in vocabulary.facts and vocabulary.facts[name].derived is None
        for fact in facts
    )


def _unnamed(fact: Fact) -> Fact:
    """File names may name people, so the source keeps the path within what was submitted, and who entered it."""
    return Fact(fact.name, fact.value, fact.date, Source("submission", fact.source.path, fact.source.by))


def _coarsened(fact: Fact, on: date) -> Fact:
    if not isinstance(fact.value, DateSpan):
        raise TypeError(f"{fact.name}: only dates can be kept without identifying somebody")
    oldest, youngest = age_on(fact.value.first, on), age_on(fact.value.last, on)
    span = DateSpan(birth_span(oldest, on).first, birth_span(youngest, on).last)
    return Fact(fact.name, span, on_day(on), fact.source)
