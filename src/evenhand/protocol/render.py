"""The protocol for people: Markdown, and the same as one HTML page."""

from __future__ import annotations

import html

from markdown_it import MarkdownIt

from evenhand.facts import FactType
from evenhand.protocol.baseline_text import baseline_lines, column_lines
from evenhand.protocol.design_text import design_lines
from evenhand.protocol.endpoints_text import endpoint_lines
from evenhand.protocol.markdown import Lines, flat, listed, row, said_date, words
from evenhand.protocol.model import Criterion, Enrollment, Judgement, Protocol
from evenhand.protocol.monitoring_text import monitoring_lines
from evenhand.protocol.plan.text import plan_lines
from evenhand.protocol.style import STYLE
from evenhand.protocol.trace import clause_uses
from evenhand.rules import outline, phrase
from evenhand.rules.nodes import Rule


def render_markdown(protocol: Protocol) -> str:
    """The whole protocol version as Markdown (CommonMark with tables)."""
    parts = (
        _head, _design, _eligibility, _judgements, _notes, _strata, _follow_up, _statistics, _plan, _inclusion,
        _vocabulary, _assumptions, _trace,
    )  # fmt: skip
    return "\n".join(line for part in parts for line in part(protocol)) + "\n"


def render_html(protocol: Protocol) -> str:
    """The same as a page of its own, readable on a phone and on paper, light and dark."""
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(render_markdown(protocol))
    body = body.replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(protocol.short_title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _head(protocol: Protocol) -> Lines:
    version = protocol.version
    yield from (f"# {flat(protocol.title)}", "")
    yield from (line for text in protocol.objectives for line in (f"**{flat(text)}**", ""))
    since = said_date(version.valid_from)
    yield f"Study `{protocol.study}`, protocol version {version.id}, valid from {since}. {flat(version.note)}"
    yield from ("", f"Digest of the protocol files: `{protocol.digest}`", "")


def _design(protocol: Protocol) -> Lines:
    ratio = protocol.randomization.ratio
    yield from ("## Design", "", "| arm | share | treatment |", "|---|---|---|")
    for arm in protocol.arms:
        yield row(f"{arm.label} (`{arm.id}`)", str(ratio[arm.id]), arm.treatment)
    yield ""
    if protocol.enrollment.prior_therapy:
        yield from (f"Before registration: {flat(protocol.enrollment.prior_therapy)}", "")
    yield from (f"Target: {_target(protocol.enrollment)}.", "")


def _target(enrollment: Enrollment) -> str:
    months = enrollment.accrual_months
    pace = f", at an even pace over {months} {'month' if months == 1 else 'months'} from activation" if months else ""
    return f"{enrollment.target} randomized participants{pace}"


def _eligibility(protocol: Protocol) -> Lines:
    yield from ("## Eligibility", "")
    for kind in ("inclusion", "exclusion"):
        yield from (f"### {kind.capitalize()}", "")
        for criterion in protocol.criteria:
            if criterion.kind == kind:
                yield from _criterion(criterion, protocol)


def _criterion(criterion: Criterion, protocol: Protocol) -> Lines:
    yield from (f"**{criterion.id}. {flat(criterion.title)}.** {flat(criterion.text)}", "")
    verb = "Passes when" if criterion.kind == "inclusion" else "Excludes when"
    asked, *parts = _outline(criterion.rule, protocol).splitlines()
    yield f"- {verb} {asked}"
    yield from (f"  {part}" for part in parts)
    yield f"- Rule: `{flat(criterion.rule.text)}`"
    for name in criterion.rule.judgements:
        yield f"- Signed by the {protocol.judgements[name].signers}: `{name}`"
    yield from (f"- Source: {criterion.clause} ({flat(protocol.clauses[criterion.clause])})", "")


def _judgements(protocol: Protocol) -> Lines:
    if not protocol.judgements:
        return
    yield from ("## Judgements that somebody signs", "")
    yield from ("| judgement | statement | signed by | evidence | holds for |", "|---|---|---|---|---|")
    for item in protocol.judgements.values():
        shown = _shown_evidence(item, protocol)
        yield row(f"`{item.name}`", item.statement, _signers(item), shown, str(item.expires or "always"))
    yield ""


def _notes(protocol: Protocol) -> Lines:
    if not protocol.flags:
        return
    yield from ("## Notes", "", "Shown beside a verdict; they decide nothing.", "", "| note | when |", "|---|---|")
    for flag in protocol.flags:
        yield row(flag.say, _phrase(flag.when, protocol))
    yield ""


def _signers(judgement: Judgement) -> str:
    each = f", for each of the {words(judgement.about)}" if judgement.about else ""
    return judgement.signers + each


def _shown_evidence(judgement: Judgement, protocol: Protocol) -> str:
    if judgement.evidence is None:
        return "the signature alone"
    needed = " (needed: a signature cannot stand in for it)" if judgement.needs_evidence else ""
    return _phrase(judgement.evidence, protocol) + needed


def _strata(protocol: Protocol) -> Lines:
    design = protocol.randomization
    yield from ("## Randomization", "")
    ratio = " : ".join(str(share) for share in design.ratio.values())
    if design.method == "permuted_blocks":
        sizes = ", ".join(f"{size} (weight {weight})" for size, weight in sorted(design.block_sizes.items()))
        yield f"Ratio {ratio}, by permuted blocks within strata; block sizes drawn at random from {sizes}."
    else:
        yield f"Ratio {ratio}, by minimization; the preferred arm is given with probability {design.probability}."
    yield from (
        "",
        "Strata are read from facts, never typed.",
        "",
        "| factor | level | when |",
        "|---|---|---|",
    )
    for stratum in design.strata:
        for level in stratum.levels:
            yield row(stratum.label, level.label, _phrase(level.rule, protocol))
    yield ""


def _follow_up(protocol: Protocol) -> Lines:
    enrollment = protocol.enrollment
    yield from ("## Consent and follow-up", "")
    yield from (
        f"Consent: {enrollment.consent_document} {enrollment.consent_version}. {flat(enrollment.consent_text)}",
        "",
    )
    if enrollment.declined_because:
        why = "; ".join(flat(label) for label in enrollment.declined_because.values())
        yield from (f"Why somebody declines, where the person says so: {why}.", "")
    length = enrollment.follow_up_at_most
    yield (
        f"Everybody is followed until {flat(enrollment.follow_up_until)} or for {length} after randomization, "
        "whichever comes first."
    )
    yield ""


def _statistics(protocol: Protocol) -> Lines:
    if protocol.design is not None:
        strata = protocol.randomization.strata
        labels = {one.id: (one.label, {level.id: level.label for level in one.levels}) for one in strata}
        yield from design_lines(protocol.design, labels)
    if protocol.endpoints is not None:
        yield from endpoint_lines(protocol.endpoints)
        if protocol.endpoints.baseline is not None:
            yield from baseline_lines(protocol.endpoints.baseline, protocol.vocabulary)
        yield from column_lines(protocol.endpoints.columns)
    if protocol.monitoring is not None:
        safety = protocol.plan.safety if protocol.plan else None
        given = {one.id: one.label for one in safety.interventions.values()} if safety else {}
        yield from monitoring_lines(protocol.monitoring, given)


def _plan(protocol: Protocol) -> Lines:
    if protocol.plan is not None:
        yield from plan_lines(protocol.plan, {arm.id: arm.label for arm in protocol.arms})


def _inclusion(protocol: Protocol) -> Lines:
    facts = [flat(fact.label.lower()) for fact in protocol.vocabulary.facts.values() if fact.reporting_only]
    if facts:
        yield from ("## Open to everybody", "")
        yield f"No rule can read {listed(facts)}: they are recorded to report who takes part, and decide nothing."
        yield ""


def _vocabulary(protocol: Protocol) -> Lines:
    yield from ("## Facts", "", "| fact | what it is | values | determined by |", "|---|---|---|---|")
    for fact in protocol.vocabulary.facts.values():
        yield row(f"`{fact.name}`", fact.label, _values(fact), words(fact.determined_by or ""))
    yield ""


def _values(fact: FactType) -> str:
    if fact.derived:
        return f"computed by `{fact.derived}` from {listed(fact.inputs)}"
    if fact.fields:
        shown = listed([words(name) for name in fact.fields])
        return f"list, each with {shown}" if fact.many else f"record with {shown}"
    if fact.codes:
        return ", ".join(fact.codes.values())
    bounds = f" {fact.low} to {fact.high}" if fact.low is not None and fact.high is not None else ""
    return f"{words(fact.kind)}{bounds}{f' {fact.unit}' if fact.unit else ''}"


def _assumptions(protocol: Protocol) -> Lines:
    yield from ("## Assumptions", "", "What the public description does not state, and what was assumed:", "")
    for origin in protocol.assumptions:
        yield f"- **{origin.about}**: {flat(origin.assumed)}"
    yield ""


def _trace(protocol: Protocol) -> Lines:
    yield from (
        "## Where each clause of the description lives",
        "",
        "| clause | what it asks | where |",
        "|---|---|---|",
    )
    for clause, uses in clause_uses(protocol).items():
        yield row(clause, protocol.clauses[clause], ", ".join(uses))
    yield from ("", "References:", "")
    for name, text in protocol.references.items():
        yield f"- {name}: {flat(text)}"


def _phrase(rule: Rule, protocol: Protocol) -> str:
    statements = {name: judgement.statement for name, judgement in protocol.judgements.items()}
    return phrase(rule.expression, protocol.vocabulary, statements)


def _outline(rule: Rule, protocol: Protocol) -> str:
    statements = {name: judgement.statement for name, judgement in protocol.judgements.items()}
    return outline(rule.expression, protocol.vocabulary, statements)
