"""What is planned after randomization, for people: the part of the rendered protocol between consent and facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from evenhand.dates import on_day
from evenhand.oncology.recist import TreatedPolicy
from evenhand.oncology.recist.criteria import MM
from evenhand.protocol.markdown import Lines, flat, row, said_date, words
from evenhand.protocol.plan.assessments import Assessments
from evenhand.protocol.plan.endings import Ending, Endings
from evenhand.protocol.plan.forms import Check, Field, Form
from evenhand.protocol.plan.model import Plan
from evenhand.protocol.plan.safety_rules import Deadline, Safety
from evenhand.protocol.plan.therapy import Treatment
from evenhand.protocol.plan.visits import Anchor, PlannedVisit, Schedule
from evenhand.rules import phrase

Arms = Mapping[str, str]
"""The label of each arm."""


def plan_lines(plan: Plan, arms: Arms) -> Lines:
    """Visits, endings, treatment, safety and forms, each where the study has it."""
    if plan.schedule is not None:
        yield from _visits(plan.schedule, plan.forms, arms)
        yield from _endings(plan.schedule.endings)
    if plan.treatment is not None:
        yield from _treatment(plan.treatment, _regimens(plan), arms)
    if plan.assessments is not None:
        yield from _assessments(plan.assessments, arms)
    if plan.safety is not None:
        yield from _safety(plan.safety, arms)
    yield from _forms(plan.forms, arms)


def _visits(schedule: Schedule, forms: Mapping[str, Form], arms: Arms) -> Lines:
    yield from ("## Visits", "", "| visit | arms | when | in time | what is recorded |", "|---|---|---|---|---|")
    for visit in schedule.visits.values():
        asked = [_expected(item.form, item.when is not None, forms) for item in visit.forms]
        yield row(visit.label, _arms(visit.arms, arms), _when(visit, schedule), _window(visit), ", ".join(asked))
    asked = [_expected(item.form, item.when is not None, forms) for item in schedule.unscheduled]
    yield row("Unscheduled visit", "all", "whenever it is needed", "", ", ".join(asked))
    yield ""


def _expected(form: str, conditional: bool, forms: Mapping[str, Form]) -> str:
    title = forms[form].title if form in forms else words(form)
    return f"{title} (where it applies)" if conditional else title


def _arms(chosen: Iterable[str], arms: Arms) -> str:
    named = [arms[arm] for arm in arms if arm in set(chosen)]
    return ", ".join(named) or "all"


def _when(visit: PlannedVisit, schedule: Schedule) -> str:
    start = _anchor(visit.anchor, schedule)
    first = f"{visit.offset} after {start}" if visit.offset.count else f"on the day of {start}"
    if visit.every is None:
        return first
    times = f", {visit.times} times" if visit.times else ""
    until = f" until {_anchor(visit.until, schedule)}" if visit.until else ""
    counted = ", counted from the visit before" if visit.moves == "later" else ""
    return f"{first}, then every {visit.every}{times}{until}{counted}"


def _anchor(anchor: Anchor, schedule: Schedule) -> str:
    if anchor.kind == "visit":
        other = schedule.visits.get(anchor.names[0])
        return flat(other.label) if other else words(anchor.names[0])
    if anchor.kind == "form":
        named = " or ".join(words(name) for name in anchor.names)
        return f"the {anchor.which} {words(anchor.field)} of {named}"
    return anchor.kind


def _window(visit: PlannedVisit) -> str:
    window = visit.window
    if window.tiled:
        return "nearer to this than to any other of the series"
    if not window.before.count and not window.after.count:
        return "on the day"
    return f"{window.before} before to {window.after} after"


def _endings(endings: Endings) -> Lines:
    if not endings.by_id:
        return
    yield from ("## How follow-up ends", "", "| ending | what ends | recorded afterwards |", "|---|---|---|")
    for ending in endings.by_id.values():
        yield row(ending.label, words(ending.ends), _afterwards(ending))
    yield ""


def _afterwards(ending: Ending) -> str:
    if ending.afterwards is None:
        return "everything"
    allowed = [
        words(name) + (f" for {length}" if length is not None else "") for name, length in ending.afterwards.items()
    ]
    return ", ".join(allowed) or "nothing"


def _regimens(plan: Plan) -> Mapping[str, str]:
    """The label of each class of regimens, as the forms have it."""
    fields = (form.fields.get("regimen") for form in plan.reading("systemic_therapy"))
    return {code: label for field in fields if field is not None for code, label in field.type.codes.items()}


def _treatment(treatment: Treatment, regimens: Mapping[str, str], arms: Arms) -> Lines:
    yield from ("## Treatment", "")
    if treatment.usual_approach:
        yield from ("The usual approach is recorded, not mandated. What was usual, from when on:", "")
        for version in treatment.usual_approach:
            since = said_date(on_day(version.since))
            named = "; ".join(flat(regimens.get(name, words(name))) for name in version.regimens)
            yield f"- from {since}: {named}. {flat(version.note)}"
        yield ""
    for window in treatment.windows:
        where = _arms(window.arms, arms)
        since = f"from {window.not_before} and " if window.not_before.count else ""
        days = f"{since}within {window.within} after {words(window.after)}"
        yield f"- {flat(window.label)} ({where}): {days}"
    yield f"- A radiation course counts as delivered from {treatment.delivered_percent} % of the planned dose."
    for allowed in treatment.prescriptions:
        yield f"- Prescriptions of {words(allowed.role)} are held against {allowed.table.id}."
    if treatment.organ_limits is not None:
        yield f"- Doses to organs are held against {treatment.organ_limits.table.id}."
    for caution in treatment.cautions:
        yield f"- {flat(caution.say)}"
    yield ""


def _assessments(plan: Assessments, arms: Arms) -> Lines:
    yield from (
        "## Lesions and response",
        "",
        f"Response is proposed by {plan.version} and determined by a person.",
        "",
    )
    best = plan.best
    kept = "after confirmation" if plan.confirmed else "without confirmation"
    yield f"- Best response counts {kept}; stable disease from {best.stable_from} days after baseline."
    yield from _treated(plan.treated)
    for arm, again in plan.second_baseline.items():
        since = f"{again.offset} after {words(again.after)}" if again.offset.count else f"after {words(again.after)}"
        yield f"- {arms.get(arm, arm)}: sums begin anew at the first whole scan {since}."
    yield ""


def _treated(policy: TreatedPolicy) -> Lines:
    if not policy.excluded:
        yield "- Lesions that were treated locally are read as any other."
        return
    yield "- Lesions that were treated locally leave the sums; irradiated ones are followed as non-targets."
    grown = f"{policy.growth} % and {Decimal(policy.growth_size) / MM:f} mm beyond its smallest size after treatment"
    confirmed = " or ".join(sorted(words(way) for way in policy.confirmed_by))
    yield f"- An irradiated lesion has progressed when it grew {grown}, confirmed by {confirmed}, dated back."


def _safety(safety: Safety, arms: Arms) -> Lines:
    yield from ("## Safety", "", f"Adverse events are graded by CTCAE {safety.ctcae}, and by no other version.", "")
    for one in safety.interventions.values():
        terms = f"; expected: {', '.join(one.expected)}" if one.expected else ""
        yield f"- {flat(one.label)} ({_arms(one.arms, arms)}){terms}"
    yield from (
        "",
        f"An event up to {safety.acute_days} days after a course's first fraction is acute, later ones late.",
    )
    yield from ("", "| report | to | when | within |", "|---|---|---|---|")
    for regime in safety.regimes:
        if regime.active:
            for deadline in regime.deadlines:
                yield row(f"{regime.label}: {deadline.label}", regime.to, _wanted(deadline), str(deadline.within))
    yield ""


def _wanted(deadline: Deadline) -> str:
    asked = [("" if wanted else "not ") + words(question) for question, wanted in deadline.when.items()]
    grades = f"grade {', '.join(map(str, sorted(deadline.grades)))}" if deadline.grades else ""
    return ", ".join([*asked, *([grades] if grades else [])]) or "always"


def _forms(forms: Mapping[str, Form], arms: Arms) -> Lines:
    yield from (
        "## Forms",
        "",
        "| form | CDISC | arms | filled in by | signed by | questions |",
        "|---|---|---|---|---|---|",
    )
    for form in forms.values():
        asked = [_question(field) for field in form.fields.values()]
        entered, signed = (", ".join(map(words, roles)) for roles in (form.entered_by, form.signed_by))
        yield row(form.title, form.domain, _arms(form.arms, arms), entered, signed, "; ".join(asked))
    yield ""
    checks = [(form, check) for form in forms.values() for check in form.checks]
    if checks:
        yield from ("### Edit checks", "", "| form | check | asked or refused | fires when |", "|---|---|---|---|")
        for form, check in checks:
            yield row(form.title, check.say, "refused" if check.hard else "queried", _fires(form, check))
        yield ""


def _question(field: Field) -> str:
    label = flat(field.type.label)
    standard = f" ({field.cdash})" if field.cdash else ""
    must = "" if field.required else ", if known"
    return f"{label}{standard}{must}"


def _fires(form: Form, check: Check) -> str:
    return phrase(check.rule.expression, form.vocabulary, {})


__all__ = ["plan_lines"]
