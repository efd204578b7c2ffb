"""The efficacy part of a report, endpoint by endpoint: the primary one compared, the others described."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.efficacy.arms import Arms, arms_of
from evenhand.analysis.efficacy.cases import Cases, cases, everybody
from evenhand.analysis.efficacy.comparing import comparison_table, hazard_cell, ratio, strata_of, test
from evenhand.analysis.efficacy.counts import counts_table
from evenhand.analysis.efficacy.distant import incidence_table
from evenhand.analysis.efficacy.drawings import forest_figure, incidence_figure, survival_figure
from evenhand.analysis.efficacy.estimates import estimates_table
from evenhand.analysis.efficacy.lesions import lesion_table
from evenhand.analysis.efficacy.patterns import patterns_table
from evenhand.analysis.efficacy.people import Profile, adjustment
from evenhand.analysis.efficacy.plan import (
    assumed,
    horizon_of,
    landmarks_of,
    no_arms,
    population_text,
    primary_of,
)
from evenhand.analysis.efficacy.responses import best_responses, response_table
from evenhand.analysis.efficacy.sensitivity import Variant, sensitivity_table
from evenhand.analysis.efficacy.subgroups import subgroup_table
from evenhand.analysis.saying import counted, p_text, people_text
from evenhand.analysis.tables import Figure, Section, Table
from evenhand.protocol.endpoints import Endpoint
from evenhand.protocol.endpoints_sheets import FROM_RANDOMIZATION
from evenhand.protocol.factors import Factor, Subgroups
from evenhand.protocol.markdown import flat


@dataclass(frozen=True)
class _Part:
    """What all sections of one analysis share."""

    analysis: Analysis
    arms: Arms

    @cached_property
    def population(self) -> str:
        return population_text(self.analysis, None)

    @cached_property
    def profile(self) -> Profile:
        return Profile(self.analysis)

    @property
    def subgroups(self) -> Subgroups | None:
        return self.analysis.endpoints.subgroups

    @cached_property
    def stratified(self) -> bool:
        """Whether the design's test is stratified; without a design it is not."""
        design = self.analysis.protocol.design
        return design.stratified if design is not None else False

    @cached_property
    def sided(self) -> int:
        design = self.analysis.protocol.design
        return design.sided if design is not None else 2

    def cases(self, endpoint: Endpoint, estimand: str = "primary", population: str | None = None) -> Cases:
        return cases(self.analysis, self.arms, endpoint.id, estimand, population)


def efficacy_sections(analysis: Analysis) -> tuple[Section, ...]:
    """Every endpoint by arm: for the final report and the closed session of the safety board alone."""
    arms = arms_of(analysis.protocol)
    if arms is None:
        return (Section("efficacy", "Efficacy", (no_arms(analysis),)),)
    return tuple(_sections(_Part(analysis, arms), primary_of(analysis)))


def _sections(part: _Part, primary: Endpoint | None) -> Iterator[Section]:
    if primary is None:
        yield Section("efficacy", "Efficacy", ("The study names no primary endpoint that can be compared here.",))
    else:
        yield _primary(part, primary)
        yield _sensitivity(part, primary)
        yield _subgroups(part, primary)
    for endpoint in part.analysis.endpoints.by_id.values():
        if endpoint is not primary:
            yield _other(part, endpoint)


def _primary(part: _Part, endpoint: Endpoint) -> Section:
    found = part.cases(endpoint)
    landmarks, horizon = landmarks_of(endpoint), horizon_of(endpoint)
    parts: tuple[Table | Figure, ...] = (
        survival_figure(found, endpoint, id=f"{endpoint.id}_curves", population=part.population, landmarks=landmarks,
                        annotation=tuple(one[:1].upper() + one[1:] for one in _annotation(part, found))),
        counts_table(found, endpoint, id=f"{endpoint.id}_counts", population=part.population),
        estimates_table(found, endpoint, id=f"{endpoint.id}_estimates", population=part.population,
                        landmarks=landmarks, horizon=horizon),
        comparison_table(
            found, endpoint, id=f"{endpoint.id}_comparison", stratified=part.stratified, sided=part.sided,
            adjusted=adjustment(found, part.profile, endpoint), population=part.population,
        ),
        patterns_table(found, part.analysis, endpoint, id=f"{endpoint.id}_pattern", population=part.population),
    )  # fmt: skip
    says = (_result(part, found), *_assumed(part, endpoint))
    return Section(f"efficacy_{endpoint.id}", f"Primary endpoint: {endpoint.label.lower()}", says, parts)


def _assumed(part: _Part, endpoint: Endpoint) -> tuple[str, ...]:
    """What the protocol assumes of an endpoint, and of what is estimated of it."""
    about = f"endpoint {endpoint.id}"
    return (*assumed(part.analysis, about), *assumed(part.analysis, f"{about} analysis", "What is estimated"))


def _result(part: _Part, found: Cases) -> str:
    """The primary result in a sentence."""
    control, experimental = found.both()
    counts = " and ".join(
        f"{sum(one.events)} of {people_text(len(one.all))} ({label})"
        for label, one in zip(found.arms.labels, (control, experimental), strict=True)
    )
    return f"{counts} had an event; {', '.join(_annotation(part, found))}."


def _annotation(part: _Part, found: Cases) -> tuple[str, str]:
    """Hazard ratio and p of the design's test, as they stand in the figure."""
    strata = "stratified " if strata_of(found, part.stratified) is not None else ""
    model = hazard_cell(found, ratio(found, stratified=part.stratified))
    result = test(found, stratified=part.stratified)
    p = result.p_better if part.sided == 1 else result.test.p if result.test else None
    sides = "one-sided" if part.sided == 1 else "two-sided"
    said = "not estimable" if p is None else p_text(p) if p_text(p)[0] in "<>" else f"= {p_text(p)}"
    ratio_said = f"{strata}hazard ratio {model.text.replace('(', '(95 % CI ')}"
    return ratio_said, f"{strata}log-rank, {sides} p {said}"


def _sensitivity(part: _Part, endpoint: Endpoint) -> Section:
    estimands: list[Variant] = [
        (one.id, one.label, part.cases(endpoint, one.id)) for one in endpoint.estimands
    ] or [("primary", "Primary analysis", part.cases(endpoint))]  # fmt: skip
    all_randomized = everybody(part.analysis.endpoints)
    chosen = [one for one in part.analysis.endpoints.populations.values() if one.who == "randomized"]
    populations: list[Variant] = [
        (one.id, one.label, part.cases(endpoint, population=None if one is all_randomized else one.id))
        for one in chosen
    ] or [("all", "Everybody randomized", part.cases(endpoint))]  # fmt: skip
    notes = ("Whoever is out of a population, and why, is listed with the populations.",)
    tables = (
        sensitivity_table(estimands, endpoint, id=f"{endpoint.id}_estimands", title="every estimand",
                          stratified=part.stratified, population=part.population),
        sensitivity_table(populations, endpoint, id=f"{endpoint.id}_populations", title="every population",
                          stratified=part.stratified, notes=notes, population="As each row says"),
    )  # fmt: skip
    says = ("Each row changes one thing and leaves the rest as in the primary analysis.",)
    return Section(f"efficacy_{endpoint.id}_sensitivity", f"{endpoint.label}: sensitivity", says, tables)


def _subgroups(part: _Part, endpoint: Endpoint) -> Section:
    id, title, planned = f"efficacy_{endpoint.id}_subgroups", f"{endpoint.label}: subgroups", part.subgroups
    if planned is None:
        return Section(id, title, ("The protocol names no subgroups, so none are shown.",))
    found = part.cases(endpoint)
    table = subgroup_table(
        found, part.profile.groupings, endpoint, id=f"{endpoint.id}_subgroups", population=part.population,
        fewest=planned.fewest_events, notes=tuple(one for by in planned.by for one in _why(part, by)),
    )  # fmt: skip
    figure = forest_figure(table, endpoint, found.arms.labels, id=f"{endpoint.id}_forest")
    return Section(id, title, assumed(part.analysis, "subgroups"), (figure, table))


def _why(part: _Part, factor: Factor) -> tuple[str, ...]:
    return assumed(part.analysis, f"subgroup {factor.id}", flat(factor.label))


def _other(part: _Part, endpoint: Endpoint) -> Section:
    says = _assumed(part, endpoint)
    if endpoint.kind in FROM_RANDOMIZATION:
        parts = _described(part, endpoint)
        says = ("Described, not compared: the design tests another endpoint.", *says)
    elif endpoint.kind == "distant_failure":
        parts = _distant(part, endpoint)
    elif endpoint.kind == "local_failure":
        parts = _local(part, endpoint)
    else:
        found = best_responses(part.analysis, part.arms)
        parts = (response_table(found, part.arms, endpoint, id=f"{endpoint.id}_rates", population=part.population),)
    return Section(f"efficacy_{endpoint.id}", endpoint.label, says, parts)


def _described(part: _Part, endpoint: Endpoint) -> tuple[Table | Figure, ...]:
    found = part.cases(endpoint)
    return (
        survival_figure(found, endpoint, id=f"{endpoint.id}_curves", population=part.population,
                        landmarks=landmarks_of(endpoint)),
        counts_table(found, endpoint, id=f"{endpoint.id}_counts", population=part.population),
        estimates_table(found, endpoint, id=f"{endpoint.id}_estimates", population=part.population,
                        landmarks=landmarks_of(endpoint), horizon=horizon_of(endpoint), compared=False),
    )  # fmt: skip


def _distant(part: _Part, endpoint: Endpoint) -> tuple[Table | Figure, ...]:
    found = part.cases(endpoint)
    return (
        incidence_figure(
            found, endpoint, id=f"{endpoint.id}_curves", landmarks=landmarks_of(endpoint), population=part.population
        ),
        counts_table(found, endpoint, id=f"{endpoint.id}_counts", population=part.population),
        incidence_table(
            found, endpoint, id=f"{endpoint.id}_incidence", landmarks=landmarks_of(endpoint), population=part.population
        ),
    )


def _local(part: _Part, endpoint: Endpoint) -> tuple[Table | Figure, ...]:
    found = part.cases(endpoint)
    lesions = counted(len(found.all), "lesion")
    population = f"{lesions} treated locally, in {people_text(found.subjects)} of the {part.population}"
    table_of_counts = counts_table(found, endpoint, id=f"{endpoint.id}_counts", population=population, unit="Lesions")
    table = lesion_table(
        found, endpoint, id=f"{endpoint.id}_incidence", population=population, landmarks=landmarks_of(endpoint)
    )
    return replace(table_of_counts, title=f"{endpoint.label}: lesions by what became of them"), table
