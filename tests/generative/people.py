"""Strategies for whole people of any study: facts dated, partial, bounded, missing, conflicting, signed."""

from datetime import date

from hypothesis import strategies as st

from evenhand.codes import Unmapped
from evenhand.dates import DateSpan, month_end, on_day
from evenhand.facts import COMPLETE, Attestation, Fact, Person, Source
from evenhand.units import Range

HERE = Source("generated")
FIRST, LAST = date(2025, 6, 1), date(2026, 9, 30)
days = st.dates(FIRST, LAST)


@st.composite
def spans(draw, around=days, exact=False):
    """Mostly exact days; sometimes a month or a few days."""
    day = draw(around)
    kind = "day" if exact else draw(st.sampled_from(["day"] * 6 + ["month", "days"]))
    if kind == "month":
        return DateSpan(day.replace(day=1), month_end(day.year, day.month))
    if kind == "days":
        return DateSpan(day, max(day, date(day.year, day.month, 28)))
    return on_day(day)


@st.composite
def scalars(draw, kind, exact=False):
    """A value of a fact type; with ``exact`` nothing bounded, partial or unmapped."""
    if kind.kind == "date":
        wide = st.dates(date(2008, 1, 1), LAST) if kind.identifying else st.dates(date(2024, 9, 1), LAST)
        return draw(spans(wide, exact))
    if kind.kind == "number":
        low, high = int(kind.low or 0), int(kind.high if kind.high is not None else 7)
        number = draw(st.integers(low, high)) // int(kind.step or 1) * int(kind.step or 1)
        bound = None if exact else draw(st.sampled_from([None] * 6 + ["low", "high"]))
        return number if bound is None else Range(**{bound: number})
    if kind.kind == "code":
        vague = [] if exact else [Unmapped("somewhere", "1")]
        return draw(st.sampled_from([*kind.codes, *vague]))
    return draw(st.booleans()) if kind.kind == "yes_no" else draw(st.sampled_from(["A", "B"]))


@st.composite
def records(draw, kind, exact=False):
    """An entry: its key always, other fields mostly."""
    return {
        name: draw(scalars(field, exact))
        for name, field in kind.fields.items()
        if name == kind.key or field.required or draw(st.integers(0, 3))
    }


@st.composite
def facts_of(draw, kind, exact=False):
    """Nought to three facts of one name, and perhaps the statement that a list is complete."""
    values = records(kind, exact) if kind.kind == "record" else scalars(kind, exact)
    count = draw(st.sampled_from([0, 1, 1, 1, 2, 3] if kind.many else [0, 1, 1, 1, 2]))
    dated = spans(exact=exact) if exact else st.none() | spans()
    found = [Fact(kind.name, draw(values), draw(dated), HERE) for _ in range(count)]
    if kind.many and draw(st.integers(0, 3)):
        found.append(Fact(kind.name, COMPLETE, draw(st.none() | spans()), HERE))
    return tuple(found)


@st.composite
def attestations(draw, protocol, labels=("A", "B")):
    """Signatures of any judgement by a role that may sign it, for or against, with or without a reason."""
    judgement = draw(st.sampled_from(list(protocol.judgements.values())))
    item = None if judgement.about is None else draw(st.sampled_from(labels))
    return Attestation(
        judgement.name,
        draw(st.sampled_from([True, True, True, False])),
        "Dr G",
        draw(st.sampled_from(judgement.roles)),
        draw(spans(exact=True)),
        HERE,
        item,
        draw(st.sampled_from(["", "", "looked again"])),
    )


@st.composite
def people(draw, protocol, exact=False):
    """Somebody about whom anything may be recorded."""
    kinds = [kind for kind in protocol.vocabulary.facts.values() if kind.derived is None]
    facts = {kind.name: draw(facts_of(kind, exact)) for kind in kinds}
    signed = draw(st.lists(attestations(protocol), max_size=6))
    return Person("generated", facts, tuple(signed))
