"""Adverse events counted a second time, from the bodies of the record's entries alone, as plainly as can be."""

from datetime import date

CRITERIA = ("death", "life_threatening", "hospitalized", "prolonged", "disability", "congenital", "important")


def bodies(known, form):
    """What stands of a form, as (number of the first entry, values)."""
    return [(one.seq, one.body["values"]) for one in known.standing if one.body.get("form") == form]


def new(values, conditions, randomized):
    """Whether an event is new or worse since randomization; every date is whole here."""
    graded = [(date.fromisoformat(row["day"]), int(row["grade"])) for row in values["course"]]
    if date.fromisoformat(values["onset"]) >= randomized:
        before = [int(one["grade"]) for _, one in conditions if one["term"] == values["term"]]
        return all(max(grade for _, grade in graded) > one for one in before)
    since = [grade for day, grade in graded if day >= randomized]
    earlier = [grade for day, grade in graded if day < randomized]
    return bool(since) and max(since) > max(earlier, default=0)


def serious(values):
    worst = max(int(row["grade"]) for row in values["course"])
    given = {name for name in CRITERIA if values.get(name) is True}
    if values.get("planned_admission") is True:
        given -= {"hospitalized"}
    return worst == 5 or bool(given)


def counted(people, randomized):
    """{(row, arm): {person: entries}} for people as (name, arm, known)."""
    found = {}
    for name, arm, known in people:
        conditions = bodies(known, "baseline_condition")
        for seq, values in bodies(known, "adverse_event"):
            if not new(values, conditions, randomized):
                found.setdefault(("before", arm), {}).setdefault(name, []).append(seq)
                continue
            worst = max(int(row["grade"]) for row in values["course"])
            rows = {"any": True, "severe": worst >= 3, "grade_4": worst >= 4, "serious": serious(values)}
            rows["fatal"] = worst == 5 or values.get("death") is True
            for row, holds in rows.items():
                if holds:
                    found.setdefault((row, arm), {}).setdefault(name, []).append(seq)
    return found


def worst_grades(people, randomized):
    """{(term, arm): {person: worst grade}}."""
    found = {}
    for name, arm, known in people:
        conditions = bodies(known, "baseline_condition")
        for _, values in bodies(known, "adverse_event"):
            if new(values, conditions, randomized):
                worst = max(int(row["grade"]) for row in values["course"])
                mine = found.setdefault((values["term"], arm), {})
                mine[name] = max(worst, mine.get(name, 0))
    return found
