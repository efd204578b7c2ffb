"""ADSL: one row a person randomized."""

from __future__ import annotations

from functools import partial

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.datasets.described import described_fields
from evenhand.analysis.datasets.table import Dataset, Field, Value, entries_text, exact, field, flag, tabled
from evenhand.analysis.populations import Membership
from evenhand.conduct.ending import ends_of
from evenhand.conduct.forms import context

Fields = list[Field[Analysed]]


def keys(analysis: Analysis) -> Fields:
    """The columns that every dataset begins with."""
    study = analysis.cut.history.study
    return [
        field("STUDYID", "Study", "text", "record", lambda one: study),
        field("USUBJID", "Participant (pseudonym)", "text", "record", lambda one: one.person.subject),
        field("SITEID", "Site", "text", "record: site of the first entry", lambda one: one.person.known.site),
        field("TRT01P", "Arm as allocated", "text", "entry randomized", _allocated),
    ]


def subjects(analysis: Analysis) -> Dataset:
    """ADSL, in the order of randomization."""
    who = [*keys(analysis), *_about(), *described_fields(analysis)]
    fields = [*who, *_strata(analysis), *_memberships(analysis), *_end()]
    return tabled("ADSL", "Subject-level dataset", fields, analysis.people)


def _allocated(one: Analysed) -> str | None:
    return context(one.person.known).arm


def _about() -> Fields:
    return [
        field("SUBJID", "Participant number", "text", "entry registered", _number),
        field("PROTVER", "Protocol version followed", "text", "consents", lambda one: one.person.protocol.version.id),
        field("RANDDT", "Day of randomization", "date", "entry randomized", lambda one: one.seen.start),
        field("RANDSEQ", "Entry of the randomization", "whole", "entry randomized", lambda one: one.seen.seq),
    ]


def _number(one: Analysed) -> str | None:
    registration = one.person.known.registration
    return str(registration.body["participant"]) if registration else None


def _strata(analysis: Analysis) -> Fields:
    """The levels that were used for the allocation, whatever turned out later."""
    factors = [factor.id for factor in analysis.protocol.randomization.strata]
    return [
        field(
            f"STRAT{number}",
            f"Stratum at randomization: {name}",
            "text",
            "entry randomized",
            partial(_level, name),
        )
        for number, name in enumerate(factors, start=1)
    ]


def _level(name: str, one: Analysed) -> str | None:
    allocation = one.person.known.allocation
    said = allocation.levels.get(name) if allocation else None
    return said if isinstance(said, str) else None


def membership(one: Analysed, population: str) -> Membership:
    """How a person stands to a population."""
    return next(found for found in one.memberships if found.population == population)


def _flag(population: str, one: Analysed) -> Value:
    return flag(membership(one, population).included)


def _reasons(population: str, one: Analysed) -> Value:
    return "; ".join(why.say for why in membership(one, population).reasons) or None


def flags(analysis: Analysis) -> Fields:
    """The flag of each population."""
    return [
        field(
            population.parameter,
            f"{population.label} population",
            "flag",
            f"endpoints.yaml, {population.id}",
            partial(_flag, name),
        )
        for name, population in analysis.endpoints.populations.items()
    ]


def _memberships(analysis: Analysis) -> Fields:
    """The flags, why somebody is out, and the arm that somebody was treated in."""
    treated = next((one.id for one in analysis.endpoints.populations.values() if one.arm == "treated"), None)
    found = flags(analysis)
    if treated is not None:
        found.append(
            field("TRT01A", "Arm as treated", "text", "forms of treatment", lambda one: membership(one, treated).arm)
        )
    for name, population in analysis.endpoints.populations.items():
        reason = f"{population.parameter.removesuffix('FL')}RS"[:8]
        found += [
            field(
                reason,
                f"{population.label}: why out, or why in another arm",
                "text",
                f"endpoints.yaml, {population.id}",
                partial(_reasons, name),
            )
        ]
    return found


def _end() -> Fields:
    return [
        field("EOSSTT", "How follow-up ended by the cut", "text", "conduct.disposition", _ended),
        field("EOSDT", "Last day of follow-up", "date", "conduct.disposition", _ended_on),
        field("LSTALVDT", "Last seen alive", "date", "forms of visits and tests", lambda one: one.seen.alive),
        field("DTHFL", "Died by the cut", "flag", "form of role death", _died),
        field("DTHDT", "Day of death, where it is known", "date", "form of role death", _death),
        field("MISTAKES", "What is wrong with the record", "text", "analysis.mistakes", _mistakes),
        field("MISTSEQ", "The entries behind it", "text", "analysis.mistakes", _mistaken),
    ]


def _ended(one: Analysed) -> str:
    ends = ends_of(one.person.protocol, one.person.known)
    ended = ends.follow_up
    return ended.ending.label if ended is not None and ends.over(one.seen.until) else "Ongoing"


def _ended_on(one: Analysed) -> Value:
    ends = ends_of(one.person.protocol, one.person.known)
    return ends.last if ends.over(one.seen.until) else None


def _died(one: Analysed) -> str | None:
    return flag(one.seen.died is not None or one.seen.nameless is not None)


def _death(one: Analysed) -> Value:
    return exact(one.seen.died.span) if one.seen.died else None


def _mistakes(one: Analysed) -> Value:
    return " ".join(mistake.say for mistake in one.mistakes) or None


def _mistaken(one: Analysed) -> Value:
    return entries_text(dict.fromkeys(seq for mistake in one.mistakes for seq in mistake.seqs)) or None
