"""What efficacy reports, estimated again from the rows of the exported times to events, by plain loops.

Times are whole days, so that fractions stay exact; a month is 30.4375 days. Where a number cannot be told (the curve
was not followed so far, an arm has no event) nothing stands here either, and the report must have none.
"""

import math
from fractions import Fraction as F
from importlib import import_module

import numpy as np
from scipy.stats import chi2, norm

from tests import survival_plain as plain
from tests.double.recount.comparing import FITTED
from tests.double.recount.raw import counted

MONTH = F(487, 16)  # 30.4375 days
Z = norm.ppf(0.975)
LANDMARKS, HORIZON = (12, 24, 36), 36


class Cases:
    """Some people, or lesions: days, causes (0 censored, 1 event, 2 competing), arms and strata as lists."""

    def __init__(self, rows):
        self.rows = rows
        self.days = [int(one["AVAL"]) for one in rows]
        self.cause = [int(one["EVENTCD"]) for one in rows]
        self.event = [int(one == 1) for one in self.cause]
        self.arm = [int(one["ARM"] == "local") for one in rows]

    def of(self, arm):
        """Those of an arm; both in ``everything``."""
        return Cases([one for one, side in zip(self.rows, self.arm, strict=True) if side == arm])

    def columns(self):
        return [self.of(0), self.of(1), self]

    def where(self, holds):
        return Cases([one for one in self.rows if holds(one)])


def cases(world, parameter, estimand="primary", flag=None, arm="TRT01P"):
    """The rows of an endpoint, each with the person's arm and strata."""
    people = {one["USUBJID"]: one for one in world.rows["adsl"]}
    rows = []
    for one in world.rows["adtte"]:
        if one["PARAMCD"] == parameter and one["ESTIMAND"] == estimand:
            who = people[one["USUBJID"]]
            if flag is None or who[flag] == "Y":
                strata = tuple(who[name] for name in sorted(who) if name.startswith("STRAT"))
                rows.append(one | {"ARM": who[arm], "STRATA": strata})
    return Cases(rows)


# ---- counts -----------------------------------------------------------------------------------------


def counts(parameter):
    def recount(world):
        told, found = {}, cases(world, parameter)
        reasons = {(_kind(one), _reason(world, one)) for one in found.rows}
        for place, part in enumerate(found.columns()):
            whole = len(part.rows)
            told["cases", place] = counted(whole)
            for kind in ("event", "competing", "censored"):
                told[kind, place] = counted(sum(_kind(one) == kind for one in part.rows), whole)
            for kind, reason in reasons:
                many = sum((_kind(one), _reason(world, one)) == (kind, reason) for one in part.rows)
                told[f"{kind}_{reason}", place] = counted(many, whole)
        return told

    return recount


def _kind(row):
    return ("censored", "event", "competing")[int(row["EVENTCD"])]


def _reason(world, row):
    return row["EVNTDESC"] if row["CNSR"] == "0" else world.reasons[int(row["CNSR"])]


# ---- curves -----------------------------------------------------------------------------------------


def curve(days, event):
    """[(day, survival, low, high)] with the band on the log(-log) scale."""
    told = []
    for day, survival, variance in plain.curve(days, event):
        low, high = _log_log(float(survival), math.sqrt(variance)) if variance and survival < 1 else (None, None)
        told.append((day, survival, low, high))
    return told


def _log_log(share, se):
    if not 0 < share < 1:
        return None, None
    wide = Z * se / (share * abs(math.log(share)))
    return share ** math.exp(wide), share ** math.exp(-wide)


def crossing(rows, column, last):
    """Where a curve comes down to a half; the middle of the piece that runs at it."""
    known = [(one[0], one[column]) for one in rows if one[column] is not None]
    first = next((day for day, value in known if value <= F(1, 2)), None)
    if first is None:
        return None
    if dict(known)[first] == F(1, 2):
        below = next((day for day, value in known if value < F(1, 2)), last)
        return float((F(first) + below) / 2 / MONTH)
    return float(F(first) / MONTH)


def median(days, event):
    rows = curve(days, event)
    if not rows:
        return {}
    told = {name: crossing(rows, column, max(days)) for name, column in (("estimate", 1), ("low", 2), ("high", 3))}
    return {name: value for name, value in told.items() if value is not None}


def landmark(part, months):
    at = months * MONTH
    told = {"at_risk": sum(day >= at for day in part.days),
            "events": sum(day <= at and event for day, event in zip(part.days, part.event, strict=True))}  # fmt: skip
    here, se = survival(part, at)
    if here is None:
        return told
    low, high = _log_log(float(here), se) if se is not None else (None, None)
    return told | {"estimate": float(here)} | ({"low": low, "high": high} if low is not None else {})


def survival(part, at):
    """The share free of the event at a day, and its error; None where nobody was followed so long."""
    rows = plain.curve(part.days, part.event)
    if not part.days or (at > max(part.days) and not (rows and rows[-1][1] == 0)):
        return None, None
    past = [one for one in rows if one[0] <= at]
    if not past:
        return F(1), None
    return past[-1][1], None if past[-1][2] is None else math.sqrt(past[-1][2])


def difference(first, second, errors):
    """The second less the first with its interval and p by the normal distribution."""
    if first is None or second is None:
        return {}
    apart = float(second) - float(first)
    if None in errors or not any(errors):
        return {"estimate": apart}
    se = math.hypot(*errors)
    return {"estimate": apart, "low": apart - Z * se, "high": apart + Z * se, "p": 2 * norm.sf(abs(apart) / se)}


def mean(part, horizon):
    """The restricted mean in months and its error; None where the curve does not reach the horizon."""
    if survival(part, horizon)[0] is None:
        return None, None
    area, variance = plain.restricted_mean(part.days, part.event, horizon)
    return float(area / MONTH), math.sqrt(variance) / float(MONTH) if variance else None


def estimates(parameter, compared):
    def recount(world):
        found, told = cases(world, parameter), {}
        both = found.columns()[:2]
        for place, part in enumerate(both):
            told["median", place] = median(part.days, part.event)
            told["follow_up", place] = median(part.days, [1 - one for one in part.event])
            told |= {(f"at_{months}", place): landmark(part, months) for months in LANDMARKS}
        if compared:
            for months in LANDMARKS:
                pairs = [survival(part, months * MONTH) for part in both]
                told[f"at_{months}", 2] = difference(*(one for one, _ in pairs), [se for _, se in pairs])
            told |= _means(both, HORIZON * MONTH, "rmst") | _shorter(both)
        return told

    return recount


def _means(both, horizon, row):
    told, pairs = {}, [mean(part, horizon) for part in both]
    for place, (value, se) in enumerate(pairs):
        told[row, place] = {"horizon": float(horizon / MONTH)}
        if value is not None:
            told[row, place] |= {"estimate": value}
            told[row, place] |= {"low": value - Z * se, "high": value + Z * se} if se is not None else {}
    told[row, 2] = difference(*(one for one, _ in pairs), [se for _, se in pairs])
    return told


def _shorter(both):
    """Where the mean at the horizon is not known, that at the longest that is."""
    if not all(part.days for part in both):
        return {}
    until = [F(max(part.days)) for part in both if survival(part, max(part.days) + 1)[0] is None]
    if not until or min(until) >= HORIZON * MONTH or None not in {mean(part, HORIZON * MONTH)[0] for part in both}:
        return {}
    return _means(both, min(until), "rmst_shorter")


# ---- comparisons ------------------------------------------------------------------------------------


def log_rank(found, strata=None):
    observed, expected, variance = plain.log_rank(found.days, found.event, found.arm, strata or [0] * len(found.days))
    told = {"observed_experimental": float(observed), "expected_experimental": float(expected),
            "observed_control": float(sum(found.event) - observed), "variance": float(variance),
            "expected_control": float(sum(found.event) - expected)}  # fmt: skip
    if not variance:
        return {}, None
    z = float(expected - observed) / math.sqrt(variance)
    return told | {"z": z, "chi_square": z * z}, z


def newton(found, columns, strata=None):
    """Coefficients, covariance and log-likelihood of a Cox model by Newton's steps; None where it has no maximum."""
    strata = strata or [0] * len(found.days)
    beta = np.zeros(len(columns[0]))
    for _ in range(30):
        value, gradient, information = plain.efron(found.days, found.event, columns, strata, beta)
        if np.linalg.matrix_rank(information) < len(beta):
            return None
        step = np.linalg.solve(information, gradient)
        beta = beta + step
        if np.abs(beta).max() > 15:
            return None
        if np.abs(step).max() < 1e-12:
            break
    return beta, np.linalg.inv(information), value


def cox(found, more=None, strata=None):
    """The hazard ratio of the arm: estimate, interval, coefficient, error, p, people and events."""
    both = [sum(part.event) for part in found.columns()[:2]]
    if 0 in both:
        return {"people": len(found.days), "events": sum(found.event)} if found.days else {}
    columns = [(arm, *(more[place] if more else ())) for place, arm in enumerate(found.arm)]
    fit = newton(found, columns, strata)
    if fit is None:
        return {}
    coefficient, se = float(fit[0][0]), math.sqrt(fit[1][0, 0])
    return {
        "coefficient": coefficient, "se": se, "estimate": math.exp(coefficient),
        "low": math.exp(coefficient - Z * se), "high": math.exp(coefficient + Z * se),
        "p": 2 * norm.sf(abs(coefficient) / se), "people": len(found.days), "events": sum(found.event),
    }  # fmt: skip


def comparison(world):
    found = cases(world, "PFS")
    strata, told = [one["STRATA"] for one in found.rows], {}
    for row, given in (("log_rank", None), ("log_rank_stratified", strata)):
        told[row, 0], z = log_rank(found, given)
        if z is not None:
            told |= {(row, 1): {"p": norm.sf(z)}, (row, 2): {"p": chi2.sf(z * z, 1)}}
    years = {one["USUBJID"]: float(one["AGE"]) for one in world.rows["adsl"] if one["AGE"]}
    kept = found.where(lambda one: one["USUBJID"] in years)
    ages = [years[one["USUBJID"]] for one in kept.rows]
    adjusted = list(zip(*_levels(kept), [(one - sum(ages) / len(ages)) / 10 for one in ages], strict=True))
    for row, part, more, given in (
        ("cox", found, None, None), ("cox_stratified", found, None, strata), ("cox_adjusted", kept, adjusted, None),
    ):  # fmt: skip
        told[row, 0] = cox(part, more, given)
        told[row, 2] = {"p": told[row, 0]["p"]} if "p" in told[row, 0] else {}
    return told | _proportional(found, told["cox", 0])


def _levels(found):
    """A column of zeros and ones for each further level of each stratum."""
    for factor in range(len(found.rows[0]["STRATA"]) if found.rows else 0):
        given = [one["STRATA"][factor] for one in found.rows]
        for level in sorted(set(given))[1:]:
            yield [float(one == level) for one in given]


def _proportional(found, model):
    """The score test of a coefficient that moves with the share who had the event."""
    if "coefficient" not in model:
        return {}
    share = {day: float(1 - plain.just_before(found.days, found.event, day)) for day in set(found.days)}
    many = [share[day] for day, event in zip(found.days, found.event, strict=True) if event]
    middle = sum(many) / len(many)
    columns, strata = [(arm,) for arm in found.arm], [0] * len(found.days)
    _, gradient, information = plain.efron(
        found.days, found.event, columns, strata, [model["coefficient"]], lambda day: share[day] - middle
    )
    left = information[1, 1] - information[0, 1] ** 2 / information[0, 0]
    if not left > 1e-12:
        return {}
    statistic = float(gradient[1] ** 2 / left)
    row = "proportional_hazards"
    return {(row, 0): {"chi_square": statistic, "df": 1}, (row, 2): {"p": chi2.sf(statistic, 1)}}


def _variant(found):
    told = {
        place: {"events": sum(part.event), "people": len(part.rows)} for place, part in enumerate(found.columns()[:2])
    }
    z = log_rank(found)[1]
    return told | {2: cox(found), 3: {"p": chi2.sf(z * z, 1)} if z is not None else {}}


def estimands(world):
    names = {one["ESTIMAND"] for one in world.rows["adtte"] if one["PARAMCD"] == "PFS"}
    return {(name, place): cell for name in names for place, cell in _variant(cases(world, "PFS", name)).items()}


def populations(world):
    told = {}
    for name, flag, arm in (("intention_to_treat", None, "TRT01P"), ("as_treated", "ASTRFL", "TRT01A"),
                            ("per_protocol", "PPROTFL", "TRT01P")):  # fmt: skip
        told |= {(name, place): cell for place, cell in _variant(cases(world, "PFS", "primary", flag, arm)).items()}
    return told


def pattern(world):
    """Where the first progression was, as the clinician said."""
    people, found, told = {who.name: who for who in world.randomized}, cases(world, "PFS"), {}
    where = {one["USUBJID"]: _place(people[one["USUBJID"]], one) for one in found.rows}
    for place, part in enumerate(found.columns()):
        mine = [where[one["USUBJID"]] for one in part.rows]
        told["people", place] = counted(len(mine))
        told["progressed", place] = counted(sum(one not in (None, "death") for one in mine), len(mine))
        for row in (*(set(where.values()) - {None}), "local", "regional", "distant", "place_unknown", "death"):
            told[row, place] = counted(mine.count(row), len(mine))
        told["none", place] = counted(mine.count(None), len(mine))
    return told


def _place(who, row):
    if row["EVENTCD"] != "1":
        return None
    if row["EVNTDESC"] != "progression":
        return row["EVNTDESC"]
    for one in who.forms("response"):
        if one.values.get("progressed_on") == row["ADT"]:
            return (
                "_and_".join(name for name in ("local", "regional", "distant") if one.values.get(name))
                or "place_unknown"
            )
    return "place_unknown"


# ---- competing risks --------------------------------------------------------------------------------


def incidence(part, cause, months):
    """The incidence of a cause with its interval."""
    at = months * MONTH
    if survival_of_all(part, at) is None:
        return {}
    value, variance = plain.incidence(part.days, part.cause, cause, at)
    told = {"estimate": float(value)}
    if variance and 0 < value < 1:
        low, high = _log_log(float(value), math.sqrt(variance))
        told |= {"low": low, "high": high}
    return told


def survival_of_all(part, at):
    """The share free of any event; None where nobody was followed so long."""
    every = Cases(part.rows)
    every.event = [int(one > 0) for one in part.cause]
    return survival(every, at)[0]


def distant(world):
    found, told = cases(world, "TTDF"), {}
    for place, part in enumerate(found.columns()[:2]):
        for cause, name in ((1, "event"), (2, "competing")):
            told |= {(f"{name}_{months}", place): incidence(part, cause, months) for months in LANDMARKS}
    told["cause_specific", 2] = cox(found)
    told["cause_specific", 3] = {"p": told["cause_specific", 2]["p"]} if "p" in told["cause_specific", 2] else {}
    statistic = gray(found)
    if statistic is not None:
        told |= {("gray", 2): {"chi_square": statistic}, ("gray", 3): {"p": chi2.sf(statistic, 1)}}
    return told


def gray(found):
    """Gray's statistic; of many people by another program, as fractions take too long."""
    if not any(found.event) or len(set(found.arm)) < 2:
        return None
    if len(found.days) > 60:
        causes = [one or None for one in found.cause]
        return import_module("surpyval").gray_test(found.days, causes, found.arm, event=1).statistic
    score, variance = plain.gray(found.days, found.cause, found.arm, 1)
    return float(score**2 / variance) if variance else None


def local(world):
    found, told = cases(world, "TTLF"), {}
    for place, part in enumerate(found.columns()[:2]):
        people = _by_person(part)
        for row, some in (("lesions", part), ("people", people)):
            failed = some.where(lambda one: one["EVENTCD"] == "1")
            for name, those in ((row, some), (f"{row}_failed", failed)):
                many = len({one["USUBJID"] for one in those.rows})
                told[name, place] = {"count": len(those.rows), "people": many}
        for months in LANDMARKS[:2]:
            told[f"person_{months}", place] = incidence(people, 1, months)
            told[f"lesion_{months}", place] = _clustered(part, months)
    return told


def _by_person(part):
    """The first lesion to fail; else what came first to any lesion."""
    of = {}
    for one in part.rows:
        of.setdefault(one["USUBJID"], []).append(one)
    order = {"1": 0, "2": 1, "0": 2}
    first = []
    for some in of.values():
        failed = [one for one in some if one["EVENTCD"] == "1"]
        first.append(min(failed or some, key=lambda one: (int(one["AVAL"]), order[one["EVENTCD"]])))
    return Cases(first)


def _clustered(part, months):
    """The incidence over lesions, its error by leaving out one person at a time."""
    told = incidence(part, 1, months)
    told = {"estimate": told["estimate"]} if told else {}
    names = list(dict.fromkeys(one["USUBJID"] for one in part.rows))
    if not told or not 0 < told["estimate"] < 1 or len(names) < 2:
        return told
    kept = [incidence(part.where(lambda one, name=name: one["USUBJID"] != name), 1, months) for name in names]
    if not all(kept):
        return told
    values = [one["estimate"] for one in kept]
    middle = math.fsum(values) / len(values)
    se = math.sqrt(math.fsum((one - middle) ** 2 for one in values) * (len(values) - 1) / len(values))
    low, high = _log_log(told["estimate"], se)
    return told | {"se": se, "low": low, "high": high}


RECOUNTS = {
    "pfs_counts": counts("PFS"),
    "os_counts": counts("OS"),
    "local_failure_counts": counts("TTLF"),
    "distant_failure_counts": counts("TTDF"),
    "pfs_estimates": estimates("PFS", compared=True),
    "os_estimates": estimates("OS", compared=False),
    "pfs_comparison": comparison,
    "pfs_pattern": pattern,
    "pfs_estimands": estimands,
    "pfs_populations": populations,
    "distant_failure_incidence": distant,
    "local_failure_incidence": local,
}
WITHIN = dict.fromkeys(("pfs_comparison", "pfs_estimands", "pfs_populations", "distant_failure_incidence"), FITTED)
