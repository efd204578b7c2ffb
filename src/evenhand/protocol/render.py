"""The protocol for people: Markdown, and the same as one HTML page."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt

from evenhand.dates import DateSpan
from evenhand.facts import FactType
from evenhand.protocol.model import Criterion, Judgement, Protocol
from evenhand.protocol.phrases import phrase
from evenhand.protocol.rules import Rule
from evenhand.protocol.style import STYLE
from evenhand.protocol.trace import clause_uses

Lines = Iterator[str]


def render_markdown(protocol: Protocol) -> str:
    """The whole protocol version as Markdown (CommonMark with tables)."""
    parts = (
        _head, _design, _eligibility, _judgements, _strata, _follow_up, _inclusion, _vocabulary, _assumptions, _trace,
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
    yield from (f"# {protocol.title}", "")
    yield from (line for text in protocol.objectives for line in (f"**{text}**", ""))
    since = said_date(version.valid_from)
    yield f"Study `{protocol.study}`, protocol version {version.id}, valid from {since}. {version.note}"
    yield from ("", f"Digest of the protocol files: `{protocol.digest}`", "")


def _design(protocol: Protocol) -> Lines:
    ratio = protocol.randomization.ratio
    yield from ("## Design", "", "| arm | share | treatment |", "|---|---|---|")
    for arm in protocol.arms:
        yield f"| {arm.label} (`{arm.id}`) | {ratio[arm.id]} | {arm.treatment} |"
    yield ""
    if protocol.enrollment.prior_therapy:
        yield from (f"Before registration: {protocol.enrollment.prior_therapy}", "")
    yield from (f"Target: {protocol.enrollment.target} randomized participants.", "")


def _eligibility(protocol: Protocol) -> Lines:
    yield from ("## Eligibility", "")
    for kind in ("inclusion", "exclusion"):
        yield from (f"### {kind.capitalize()}", "")
        for criterion in protocol.criteria:
            if criterion.kind == kind:
                yield from _criterion(criterion, protocol)


def _criterion(criterion: Criterion, protocol: Protocol) -> Lines:
    yield from (f"**{criterion.id}. {criterion.title}.** {criterion.text}", "")
    verb = "Passes when" if criterion.kind == "inclusion" else "Excludes when"
    yield f"- {verb}: {_phrase(criterion.rule, protocol)}"
    yield f"- Rule: `{criterion.rule.text.strip()}`"
    for name in criterion.rule.judgements:
        roles = " or ".join(_words(role) for role in protocol.judgements[name].roles)
        yield f"- Signed by the {roles}: `{name}`"
    yield from (f"- Source: {criterion.clause} ({protocol.clauses[criterion.clause]})", "")


def _judgements(protocol: Protocol) -> Lines:
    if not protocol.judgements:
        return
    yield from ("## Judgements that somebody signs", "")
    yield from ("| judgement | statement | signed by | evidence | holds for |", "|---|---|---|---|---|")
    for item in protocol.judgements.values():
        shown = _shown_evidence(item, protocol)
        yield f"| `{item.name}` | {item.statement} | {_signers(item)} | {shown} | {item.expires or 'always'} |"
    yield ""


def _signers(judgement: Judgement) -> str:
    each = f", for each of the {_words(judgement.about)}" if judgement.about else ""
    return " or ".join(_words(role) for role in judgement.roles) + each


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
            yield f"| {stratum.label} | {level.label} | {_phrase(level.rule, protocol)} |"
    yield ""


def _follow_up(protocol: Protocol) -> Lines:
    enrollment = protocol.enrollment
    yield from ("## Consent and follow-up", "")
    yield from (
        f"Consent: {enrollment.consent_document} {enrollment.consent_version}. {enrollment.consent_text}",
        "",
    )
    length = enrollment.follow_up_at_most
    yield (
        f"Everybody is followed until {enrollment.follow_up_until} or for {length} after randomization, "
        "whichever comes first."
    )
    yield ""


def _inclusion(protocol: Protocol) -> Lines:
    facts = [fact.label.lower() for fact in protocol.vocabulary.facts.values() if fact.reporting_only]
    if facts:
        yield from ("## Open to everybody", "")
        yield f"No rule can read {_listed(facts)}: they are recorded to report who takes part, and decide nothing."
        yield ""


def _vocabulary(protocol: Protocol) -> Lines:
    yield from ("## Facts", "", "| fact | what it is | values | determined by |", "|---|---|---|---|")
    for fact in protocol.vocabulary.facts.values():
        yield f"| `{fact.name}` | {fact.label} | {_values(fact)} | {_words(fact.determined_by or '')} |"
    yield ""


def _values(fact: FactType) -> str:
    if fact.derived:
        return f"computed by `{fact.derived}` from {_listed(fact.inputs)}"
    if fact.fields:
        shown = _listed([_words(name) for name in fact.fields])
        return f"list, each with {shown}" if fact.many else f"record with {shown}"
    if fact.codes:
        return ", ".join(fact.codes.values())
    bounds = f" {fact.low} to {fact.high}" if fact.low is not None and fact.high is not None else ""
    return f"{_words(fact.kind)}{bounds}{f' {fact.unit}' if fact.unit else ''}"


def _assumptions(protocol: Protocol) -> Lines:
    yield from ("## Assumptions", "", "What the public description does not state, and what was assumed:", "")
    for origin in protocol.assumptions:
        yield f"- **{origin.about}**: {origin.assumed.strip()}"
    yield ""


def _trace(protocol: Protocol) -> Lines:
    yield from (
        "## Where each clause of the description lives",
        "",
        "| clause | what it asks | where |",
        "|---|---|---|",
    )
    for clause, uses in clause_uses(protocol).items():
        yield f"| {clause} | {protocol.clauses[clause]} | {', '.join(uses)} |"
    yield from ("", "References:", "")
    for name, text in protocol.references.items():
        yield f"- {name}: {text}"


def _phrase(rule: Rule, protocol: Protocol) -> str:
    statements = {name: judgement.statement for name, judgement in protocol.judgements.items()}
    return phrase(rule.expression, protocol.vocabulary, statements).replace("|", "\\|")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def said_date(span: DateSpan) -> str:
    """A date that nobody can misread: 30 Apr 2026."""
    if span.exact:
        return f"{span.first.day} {span.first:%b %Y}"
    return str(span)
