"""The verdicts about a subject, remembered while nothing changes."""

from __future__ import annotations

from datetime import date

from evenhand.conduct.findings import Deviation
from evenhand.conduct.quality import evidence_after_randomization
from evenhand.eligibility import Assessment, assessor_of
from evenhand.eligibility.strata import level_of
from evenhand.protocol import Protocol
from evenhand.record import History, Standing
from evenhand.record.facts import recorded_person


def assess(protocol: Protocol, history: History, *, subject: str, on: date) -> Assessment:
    """The verdicts about a subject of the record on a day.

    The last answer about each subject is kept, and given again while the question is the very same: what was checked
    before a transaction is not computed a second time inside it, nor what was judged at registration at a randomization
    on the same day, as long as no fact and no signature has come between.
    """
    known = history.subject(subject)
    question = (protocol, tuple(one for one in known.standing if one.original.kind in _JUDGED), on)
    asked, answer = _ASSESSED.get((protocol.study, subject), (None, None))
    if answer is None or asked is None or not _same(asked, question):
        answer = assessor_of(protocol).assess(recorded_person(known, protocol.vocabulary), on)
        if len(_ASSESSED) >= _MOST_ASSESSED:
            _ASSESSED.clear()
        _ASSESSED[protocol.study, subject] = question, answer
    return answer


def eligibility_breaches(protocol: Protocol, history: History, *, subject: str) -> tuple[Deviation, ...]:
    """Criteria that somebody is now known not to have met on the day of randomization, because of what was recorded or
    corrected since. The person stays randomized and is analysed as such (intention to treat: ICH E9, 5.2.1).
    """
    known = history.subject(subject)
    later, made = evidence_after_randomization(known), known.allocation
    if made is None or not later:
        return ()
    assessment = assess(protocol, history, subject=subject, on=made.effective)
    return tuple(
        Deviation(
            "eligibility",
            made.effective,
            f"{item.criterion.id} {item.criterion.title} was not met at randomization, as is known now.",
            item.criterion.clause,
            "Record it as a protocol deviation and report it; the participant stays in the arm.",
            later[-1].latest.seq,
            major=True,
        )
        for item in assessment.criteria
        if item.verdict == "fail"
    )


def stratum_breaches(protocol: Protocol, history: History, *, subject: str) -> tuple[Deviation, ...]:
    """Strata in which somebody was randomized, and which are others by what was recorded or corrected since.

    Arm and stratum stay what they were in every analysis (intention to treat: ICH E9, 5.2.1).
    """
    known = history.subject(subject)
    later, made = evidence_after_randomization(known), known.allocation
    if made is None or not later:
        return ()
    assessment = assess(protocol, history, subject=subject, on=made.effective)
    found = []
    for factor in protocol.randomization.strata:
        used, now = made.levels.get(factor.id), level_of(protocol, factor, assessment)
        if used is not None and now is not None and used != now:
            labels = {level.id: level.label for level in factor.levels}
            what = f"{factor.label}: randomized as {labels.get(str(used), used)}; as is known now, {labels[now]}."
            found.append(Deviation("stratum", made.effective, what, "randomization", _STAYS, later[-1].latest.seq))
    return tuple(found)


_STAYS = (
    "Record it as a protocol deviation, or correct the fact if that is what is wrong; the participant stays in the arm "
    "and, for every analysis, in the stratum of randomization."
)
_JUDGED = ("facts_recorded", "attested")  # what ``recorded_person`` reads
_Question = tuple[Protocol, tuple[Standing, ...], date]
_MOST_ASSESSED = 10_000  # assumed: more open candidates than any trial has
_ASSESSED: dict[tuple[str, str], tuple[_Question, Assessment]] = {}


def _same(one: _Question, other: _Question) -> bool:
    """What stands is a value that never changes, so the same objects say the same."""
    if one[0] is not other[0] or one[2] != other[2] or len(one[1]) != len(other[1]):
        return False
    return all(before is now for before, now in zip(one[1], other[1], strict=True))
