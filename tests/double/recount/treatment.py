"""Treatment given, recounted from the forms: systemic therapy, operations, radiation, what became of each lesion."""

from tests.double.recount.raw import DAY, counted, in_columns, middle, months_after, plainly

MONTH = 30.4375
ROLES = ("locoregional_radiation", "metastasis_radiation")
REACHED = 0.95  # of the dose planned, as the study has it


def things(row, columns, many, wholes=None):
    """A row of counts of things."""
    wholes = wholes or [None] * len(columns)
    return {(row, place): counted(one, whole) for place, (one, whole) in enumerate(zip(many, wholes, strict=True))}


# ---- systemic therapy -------------------------------------------------------------------------------


def on_day(who, day):
    """The latest regimen that had begun by a day and had not stopped."""
    given = [one for one in who.forms("systemic_therapy")
             if one.day("started") <= day and (one.day("stopped") is None or day <= one.day("stopped"))]  # fmt: skip
    return max(given, key=lambda one: (one.day("started"), one.seq), default=None)


def over_time(world):
    told = {}
    codes = {one.values["regimen"] for who in world.randomized for one in who.forms("systemic_therapy")}
    for months in (0, 6, 12, 24, 36):
        there = [[who for who in some if who.observed_until >= months_after(who.start, months)]
                 for some in world.of_arms]  # fmt: skip
        told |= plainly(f"month_{months}", there, lambda who: True)
        for code in (*codes, "-"):
            told |= in_columns(
                f"month_{months}/{code}",
                there,
                lambda who, code=code, months=months: _code(on_day(who, months_after(who.start, months))) == code,
            )
    return told


def _code(regimen):
    return regimen.values["regimen"] if regimen else "-"


def changes(world):
    told, columns = {}, world.of_arms
    plan = world.protocol.plan.treatment
    for stands, wanted in (("within", True), ("outside", False), ("", None)):
        told |= in_columns(f"usual/{stands}", columns, lambda who, w=wanted: _usual(who, plan) is w)
    told |= _by_reason("begun", columns, "systemic_therapy", "because", lambda who, one: one.day("started") > who.start)
    told |= in_columns("line", columns, _further_line)
    told |= _by_reason(
        "stopped",
        columns,
        "systemic_therapy",
        "stopped_because",
        lambda who, one: one.day("stopped") is not None and one.day("stopped") >= who.start,
    )
    whats = world.protocol.plan.forms["therapy_change"].fields["what"].type.codes
    for what in whats:
        told |= _by_reason(
            f"change/{what}",
            columns,
            "therapy_change",
            "because",
            lambda who, one, what=what: one.values["what"] == what and one.day("changed") >= who.start,
        )
    for place, some in enumerate(columns):
        told["days_held", place] = middle(
            _held(who, one) for who in some for one in who.forms("therapy_change")
            if one.values["what"] == "held" and one.day("changed") >= who.start
        )  # fmt: skip
    return told


def _usual(who, plan):
    regimen = on_day(who, who.start)
    versions = [one for one in plan.usual_approach if one.since <= who.start]
    if regimen is None or not versions:
        return None
    return regimen.values["regimen"] in max(versions, key=lambda one: one.since).regimens


def _by_reason(row, columns, form, field, holds):
    told = in_columns(row, columns, lambda who: any(holds(who, one) for one in who.forms(form)))
    reasons = {one.values.get(field) for who in columns[-1] for one in who.forms(form) if holds(who, one)}
    for reason in reasons:
        told |= in_columns(
            f"{row}/{reason or ''}",
            columns,
            lambda who, reason=reason: any(
                holds(who, one) and one.values.get(field) == reason for one in who.forms(form)
            ),
        )
    return told


def _lines(who):
    """The day and the line of each regimen: one begun for progression is of a further line than the one before."""
    line, told = 0, []
    for one in sorted(who.forms("systemic_therapy"), key=lambda one: (one.day("started"), one.seq)):
        said = int(one.values.get("line") or 0)
        line = max(line + (one.values["because"] == "progression"), said) if line else said or 1
        told.append((one.day("started"), line))
    return told


def _further_line(who):
    before = max((line for day, line in _lines(who) if day <= who.start), default=1)
    return any(day > who.start and line > before for day, line in _lines(who))


def _held(who, one):
    resumed = min(who.observed_until, one.day("resumed") or who.observed_until)
    return max(0, (resumed - one.day("changed")).days)


# ---- operations -------------------------------------------------------------------------------------


def operations(world):
    told, columns = {}, world.of_arms
    done = {who.name: [one for one in who.forms("surgery") if one.day("performed") >= who.start] for who in columns[-1]}
    told |= in_columns("surgery", columns, lambda who: done[who.name])
    operated = [sum(bool(done[who.name]) for who in some) for some in columns]
    for field in ("procedure", "axilla", "margin"):
        for code in {one.values.get(field) for some in done.values() for one in some}:
            told |= in_columns(
                f"{field}/{code or ''}",
                columns,
                lambda who, f=field, c=code: any(one.values.get(f) == c for one in done[who.name]),
                None if field == "procedure" else operated,
            )
    reasons = {
        who.name: {one.body["not_done"] for one in who.kinds["form_entered"]
                   if one.body["form"] == "surgery" and one.body.get("not_done")}
        for who in columns[-1]
    }  # fmt: skip
    told |= in_columns("not_done", columns, lambda who: reasons[who.name])
    for reason in set().union(*reasons.values()):
        told |= in_columns(f"not_done/{reason}", columns, lambda who, reason=reason: reason in reasons[who.name])
    return told | in_columns("resection", columns, lambda who: who.local(("metastasis_resection",)))


GRADES = ("I", "II", "IIIa", "IIIb", "IVa", "IVb", "V")


def complications(world):
    columns, told = world.of_arms, {}
    operated = [[who for who in some if _operated(who)] for some in columns]
    told |= plainly("operated", operated, lambda who: True)
    worst = {who.name: max((GRADES.index(one.values["grade"]) for one in _complications(who)), default=-1)
             for who in operated[-1]}  # fmt: skip
    told |= in_columns("complication/any", operated, lambda who: worst[who.name] >= 0)
    told |= in_columns("complication/major", operated, lambda who: worst[who.name] >= GRADES.index("IIIa"))
    for place, grade in enumerate(GRADES):
        told |= in_columns(f"complication/{grade}", operated, lambda who, place=place: worst[who.name] == place)
    every = {who.name: who.forms("surgical_complication") for who in operated[-1]}
    return told | plainly("unowned", operated, lambda who: every[who.name] and not _complications(who))


def _operated(who):
    return [day for day, _ in who.local(("surgery", "metastasis_resection"))]


def _complications(who):
    """Those that began within 90 days of the latest operation before them."""
    for one in who.forms("surgical_complication"):
        latest = max((day for day in _operated(who) if day <= one.day("began")), default=None)
        if latest is not None and (one.day("began") - latest).days <= 90:
            yield one


# ---- radiation --------------------------------------------------------------------------------------


class Course:
    """One course of radiation; ``doses``: planned and delivered, in Gy and fractions, of each target."""

    def __init__(self, who, form):
        self.who, self.form, self.values = who, form, form.values
        self.doses = form.values.get("volumes") or [form.values]
        self.began, self.ended = form.day("started"), form.day("ended")

    def share(self):
        """The least share of the dose planned that a target got; None where none is told."""
        given = [(one.get("delivered_gy"), one.get("planned_gy")) for one in self.doses]
        return min((float(got) / float(asked) for got, asked in given if got is not None and asked), default=None)

    def state(self):
        """As delivered, cut short for a reason, or open."""
        told = all(one.get("delivered_gy") is not None for one in self.doses)
        if self.ended and told and round(self.share(), 12) >= REACHED:
            return "complete"
        return "closed with a reason" if self.ended and self.values.get("stopped_because") else "open"


def courses(who, role):
    return [Course(who, one) for one in who.forms(role) if one.day("started") >= who.start]


def radiation(role):
    def recount(world):
        columns = world.of_arms
        given = [[one for who in some for one in courses(who, role)] for some in columns]
        many = [len(some) for some in given]
        told = in_columns("people", columns, lambda who: courses(who, role))
        told |= things("courses", columns, many)

        def of_courses(row, holds):
            return things(row, columns, [sum(map(bool, map(holds, some))) for some in given], many)

        for state in ("complete", "closed with a reason", "open"):
            told |= of_courses(f"state/{state}", lambda one, state=state: one.state() == state)
        told |= of_courses("short", lambda one: one.values.get("stopped_because") and one.state() != "complete")
        for why in {one.values.get("stopped_because") for one in given[-1]} - {None}:
            told |= of_courses(
                f"short/{why}",
                lambda one, why=why: one.values.get("stopped_because") == why and one.state() != "complete",
            )
        told |= of_courses("contradicted", lambda one: one.values.get("stopped_because") and one.state() == "complete")
        told |= of_courses("gaps", lambda one: one.values.get("gaps"))
        for why in {gap.get("because") for one in given[-1] for gap in one.values.get("gaps", ())}:
            told |= of_courses(
                f"gaps/{why or ''}",
                lambda one, why=why: any(gap.get("because") == why for gap in one.values.get("gaps", ())),
            )
        doses = [[_prescribed(dose) for one in some for dose in one.doses] for some in given]
        for code in set(doses[-1]):
            told |= things(f"prescribed/{code}", columns, [some.count(code) for some in doses], list(map(len, doses)))
        for place, some in enumerate(given):
            ended = [one for one in some if one.ended]
            told["percent", place] = middle(100 * one.share() for one in ended if one.share() is not None)
            told["elapsed", place] = middle((one.ended - one.began).days + 1 for one in ended)
            gaps = [one.values["gaps"] for one in some if one.values.get("gaps")]
            told["missed", place] = middle(sum(int(gap.get("missed") or 0) for gap in one) for one in gaps)
        told |= of_courses("unexplained", _unexplained)
        return told

    return recount


def _prescribed(dose):
    return f"{float(dose['planned_gy']):g}/{dose['planned_fractions']}"


def _unexplained(one):
    """More weekdays from the first to the last day than sessions and recorded gaps."""
    sessions = one.values.get("sessions")
    if one.ended is None or sessions is None:
        return False
    days = (one.ended - one.began).days + 1
    weekdays = sum((one.began.toordinal() + number - 1) % 7 < 5 for number in range(days))
    return weekdays - int(sessions) - sum(int(gap.get("missed") or 0) for gap in one.values.get("gaps", ())) > 0


# ---- lesions and parts ------------------------------------------------------------------------------


def lesions_of(who):
    """The metastases that were known at registration."""
    day = who.kinds["registered"][0].latest["recorded_at"]
    rows = [
        fact for one in who.kinds["facts_recorded"] if one.latest["recorded_at"] <= day for fact in one.body["facts"]
    ]
    return list(dict.fromkeys(one["value"]["lesion"] for one in rows
                              if one["fact"] == "metastases" and "lesion" in one["value"]))  # fmt: skip


def standing(who, label):
    """Where a lesion stands: its state, how or why, and since when."""
    said = []
    for role, field in (("metastasis_radiation", "ended"), ("metastasis_resection", "performed"),
                        ("metastasis_untreated", "decided")):  # fmt: skip
        for one in who.forms(role):
            if any(row["lesion"] == label for row in one.values["lesions"]):
                state, how = _said_of(who, role, one)
                said.append((one.day(field) or one.day("started"), state != "open", one.seq, state, how))
    done = [one for one in said if one[3] == "complete"]
    if done:
        return (*min(done)[3:], min(done)[0])
    return (*max(said)[3:], max(said)[0]) if said else ("open", "nothing", None)


def _said_of(who, role, one):
    if role == "metastasis_resection":
        return "complete", role
    if role == "metastasis_untreated":
        return "closed with a reason", one.values["because"]
    state = Course(who, one).state()
    return state, {"complete": role, "open": "begun"}.get(state, one.values.get("stopped_because"))


def metastases(world):
    columns, told = world.of_arms, {}
    every = [[standing(who, label)[:2] for who in some for label in lesions_of(who)] for some in columns]
    many = [len(some) for some in every]
    labels = world.protocol.plan.forms["metastasis_untreated"].fields["because"].type.codes
    labels = {**world.protocol.plan.forms["metastasis_radiation"].fields["stopped_because"].type.codes, **labels}
    told |= things("lesions", columns, many)
    for state in ("complete", "closed with a reason", "open"):
        row = state.replace(" ", "_")
        told |= things(row, columns, [sum(one == state for one, _ in some) for some in every], many)
        for how in {how for some in every for one, how in some if one == state}:
            numbers = [some.count((state, how)) for some in every]
            told |= things(f"{row}/{labels.get(how, how)}", columns, numbers, many)
    return told | plainly("none", columns, lambda who: not lesions_of(who))


def parts_of(who):
    """The state and the day of each part of local therapy."""
    surgery = [one for one in who.kinds["form_entered"] if one.body["form"] == "surgery"]
    done = [one for one in surgery if not one.body.get("not_done") and one.values.get("procedure")]
    if done:
        operated = ("complete", min(one.day("performed") for one in done))
    else:
        operated = ("closed with a reason", surgery[-1].effective) if surgery else ("open", None)
        operated = ("not applicable", None) if primary(who) in ("removed", "never_found") else operated
    rays = [(one.state(), one.ended or one.began) for one in courses(who, "locoregional_radiation")]
    left = [one.effective for one in who.kinds["form_entered"]
            if one.body["form"] == "locoregional_radiation" and one.body.get("not_done")]  # fmt: skip
    ranked = sorted(rays, key=lambda one: ("complete", "closed with a reason", "open").index(one[0]))
    regional = ranked[0] if ranked else ("closed with a reason", left[0]) if left else ("open", None)
    each = [standing(who, label) for label in lesions_of(who)]
    state = least([one[0] for one in each])
    return {"surgery": operated, "locoregional": regional,
            "metastases": (state, max((one[2] for one in each if one[2]), default=None))}  # fmt: skip


def primary(who):
    """What was said last of the primary in the breast."""
    said = [(one["date"] or "", place, one["value"]) for place, (_, one) in enumerate(who.facts)
            if one["fact"] == "breast_primary"]  # fmt: skip
    return max(said)[2] if said else None


def least(states):
    for state in ("open", "closed with a reason"):
        if state in states:
            return state
    return "complete"


def completeness(world):
    some, told = world.of_arms[1], {}
    given = {who.name: parts_of(who) for who in some}
    states = {who.name: {part: one[0] for part, one in given[who.name].items()} for who in some}
    for who in some:
        if states[who.name]["surgery"] == "closed with a reason" and primary(who) is None:
            states[who.name]["surgery"] = "unknown"
    for part in ("surgery", "locoregional", "metastases"):
        for state in {one[part] for one in states.values()}:
            told |= in_columns(f"{part}/{state}", [some], lambda who, p=part, s=state: states[who.name][p] == s)
    whole = {name: _together(set(one.values())) for name, one in states.items()}
    whole = {who.name: "nothing" if whole[who.name] == "open" and not who.local() else whole[who.name] for who in some}
    for state in set(whole.values()):
        told |= in_columns(f"local_therapy/{state}", [some], lambda who, state=state: whole[who.name] == state)
    begun = [(who.local()[0][0] - who.start).days / MONTH for who in some if who.local()]
    ended = [(max(one[1] for one in given[who.name].values() if one[1]) - who.start).days / MONTH
             for who in some if "open" not in {one[0] for one in given[who.name].values()}]  # fmt: skip
    return told | {("begun", 0): middle(begun), ("completed", 0): middle(ended)}


def _together(states):
    """The state of all parts: one that did not apply takes no part."""
    order = ("open", "closed with a reason", "unknown", "complete")
    return next(one for one in order if one in states)


STATES = ("kept", "early", "late", "overdue", "open", "not begun", "left out", "ended")


def windows(world):
    some, told = world.of_arms[1], {}
    for window in world.protocol.plan.treatment.windows:
        held = [who for who in some if "surgery" not in (window.of, window.after) or _operable(who)]
        stands = [window_of(window, who) for who in held]
        told[window.id, 0] = counted(len(held))
        told |= {(window.id, place): counted(stands.count(state), len(held)) for place, state in enumerate(STATES, 1)}
    return told


def _operable(who):
    return parts_of(who)["surgery"][0] != "not applicable"


def window_of(window, who):
    """How it stands with a time limit of local therapy."""
    parts = parts_of(who)
    begun = who.local()[0][0] if who.local() else None
    since = who.start if window.after == "randomization" else parts["surgery"][1]
    state, day = {
        "local_therapy_begun": ("complete" if begun else "open", begun),
        "locoregional_begun": _locoregional(who, parts),
        "metastases_complete": parts["metastases"],
        "local_therapy_complete": _whole(parts),
    }[window.of]
    if state == "closed with a reason" and window.of == "locoregional_begun":
        return "left out"
    if window.after == "surgery" and parts["surgery"][0] != "complete":
        return "not begun"
    closes = _later(since, window.within)
    if day is not None and state != "open":
        opens = _later(since, window.not_before) if window.not_before else None
        return "early" if opens and day < opens else "late" if day > closes else "kept"
    if who.end and who.end[0] <= closes:
        return "ended"
    return "overdue" if who.until > closes else "open"


def _later(day, period):
    return months_after(day, period.count) if period.unit == "months" else day + DAY * period.count


def _locoregional(who, parts):
    begun = min((one.began for one in courses(who, "locoregional_radiation")), default=None)
    return ("complete", begun) if begun else (parts["locoregional"][0], None)


def _whole(parts):
    """A part that was left out for a reason settles it too."""
    states = [one[0] for one in parts.values()]
    return ("open", None) if "open" in states else ("complete", max(one[1] for one in parts.values() if one[1]))


def unplanned(world):
    some = [world.of_arms[0]]
    told = in_columns("unplanned", some, lambda who: who.local())
    for form in {one.body["form"] for who in some[0] for _, one in who.local()}:
        told |= in_columns(
            f"unplanned/{form}", some, lambda who, form=form: any(one.body["form"] == form for _, one in who.local())
        )
    for when, wanted in (("before", False), ("after", True)):
        told |= in_columns(
            f"when/{when}", some, lambda who, w=wanted: bool(who.local()) and _progressed_before(who) is w
        )
    return told


def _progressed_before(who):
    """Whether the first local therapy came after a progression that was determined."""
    return who.progressed is not None and who.local()[0][0] > who.progressed


RECOUNTS = {
    "systemic_over_time": over_time,
    "systemic_changes": changes,
    "surgery": operations,
    "surgical_complications": complications,
    "locoregional_radiation": radiation("locoregional_radiation"),
    "metastasis_radiation": radiation("metastasis_radiation"),
    "metastases": metastases,
    "local_therapy": completeness,
    "windows": windows,
    "unplanned_local_therapy": unplanned,
}
