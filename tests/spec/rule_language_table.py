"""The rule language, one section a construct: rules, how they read in English, and whom they let in.

Data alone; what is refused stands in `rule_language_mistakes.py`. `test_rule_language.py` holds the program to every
line, and `rule_language_page.py` makes the manual of it.
Facts are in the simple form that `evenhand screen` reads; answers are `yes`, `no` or `unknown: why`.
"""

from dataclasses import dataclass, field

from evenhand.codes import CodeSet
from evenhand.facts import FactType, Vocabulary

TODAY = "2026-03-15"  # the day of judgement, unless an example names another


@dataclass(frozen=True)
class Judged:
    """A person's facts and the answer to the rule."""

    facts: dict
    answer: str
    because: str = ""
    on: str = TODAY
    attested: dict = field(default_factory=dict)  # judgement -> answer, or label of the entry -> answer


@dataclass(frozen=True)
class Example:
    """A rule, how it reads in English, and answers."""

    rule: str
    phrase: str
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True)
class Section:
    """One construct of the language."""

    title: str
    text: str
    examples: tuple[Example, ...]


# ---- the vocabulary of the examples ------------------------------------------------------------

SITES = {"liver": "liver", "lung": "lung", "bone": "bone", "brain": "brain", "dura": "dura mater"}
LESION = {
    "lesion": FactType("lesion", "text", "label", required=True),
    "site": FactType("site", "code", "site", codes=SITES),
    "size": FactType("size", "number", "longest diameter", unit="mm", low=0),
    "proof": FactType("proof", "code", "proof", codes={"biopsy": "biopsy", "imaging": "imaging"}),
    "seen": FactType("seen", "date", "date first seen"),
    "treated": FactType("treated", "yes_no", "local treatment"),
}
FACTS = [
    FactType("birth_date", "date", "Date of birth"),
    FactType("ecog", "number", "ECOG performance status", low=0, high=5, step=1),
    FactType("lvef", "number", "Left ventricular ejection fraction", unit="%", low=0, high=100),
    FactType("lvef_before", "number", "Ejection fraction before treatment", unit="%", low=0, high=100),
    FactType("dose", "number", "Radiation dose so far", unit="Gy", low=0),
    FactType("her2", "code", "HER2 status", codes={"positive": "positive", "negative": "negative"}),
    FactType("pregnant", "yes_no", "Pregnancy"),
    FactType("remark", "text", "Remark"),
    FactType("sex", "code", "Sex", codes={"female": "female", "male": "male"}, reporting_only=True),
    FactType(
        "first_line", "record", "First-line therapy",
        fields={"start": FactType("start", "date", "first dose"), "regimen": FactType("regimen", "text", "regimen")},
    ),
    FactType("metastases", "record", "Metastases", many=True, key="lesion", fields=LESION),
    FactType(
        "scans", "record", "Scans", many=True,
        fields={"day": FactType("day", "date", "day"), "progression": FactType("progression", "yes_no", "progression")},
    ),
]  # fmt: skip
SETS = [CodeSet("cns", frozenset({"brain"}), frozenset({"dura"}))]
VOCABULARY = Vocabulary({fact.name: fact for fact in FACTS}, {one.name: one for one in SETS})
JUDGEMENTS = {"fit": None, "treatable": "metastases"}
STATEMENTS = {"fit": "The person is fit for surgery.", "treatable": "This metastasis can be treated safely."}


# ---- the constructs ----------------------------------------------------------------------------

NUMBERS = Section(
    "Numbers",
    "A number is compared by `<`, `<=`, `==`, `!=`, `>=` and `>`. Comparisons can be chained as in mathematics; a "
    "chain goes one way. A value of which only bounds are known answers what the bounds decide.",
    (
        Example(
            "ecog <= 2",
            "ECOG performance status is at most 2",
            (
                Judged({"ecog": 2}, "yes"),
                Judged({"ecog": 3}, "no"),
                Judged({}, "unknown: missing", "what is not recorded is unknown, never false"),
                Judged({"ecog": "at least 3"}, "no", "the bounds decide"),
                Judged({"ecog": "at least 1"}, "unknown: imprecise", "1 and 2 would be yes, 3 no"),
                Judged({"ecog": [1, 3]}, "unknown: conflicting", "two values of the same day"),
            ),
        ),
        Example(
            "40 <= lvef < 50",
            "left ventricular ejection fraction is between 40 and 50 % (the first included)",
            (
                Judged({"lvef": 40}, "yes"),
                Judged({"lvef": 50}, "no"),
                Judged({"lvef": "40 to 45"}, "yes"),
                Judged({"lvef": "greater than 45"}, "unknown: imprecise"),
            ),
        ),
    ),
)
UNITS = Section(
    "Units",
    "A number has the unit of the fact beside it. To write it in another unit, name the unit: `mm(5)`, `cm(5)`, "
    "`Gy(30)`, `cGy(3000)`, `kg(60)`, `mg(5)`; it is converted exactly.",
    (
        Example(
            "dose <= 50",
            "radiation dose so far is at most 50 Gy",
            (Judged({"dose": 50}, "yes"), Judged({"dose": "5100 cGy"}, "no")),
        ),
        Example(
            "any(m.size >= cm(5) for m in metastases)",
            "for at least one of the metastases, its longest diameter is at least 5 cm",
            (
                Judged({"metastases": [{"lesion": "A", "size": 50}]}, "yes"),
                Judged({"metastases": [{"lesion": "A", "size": 49.5}]}, "no"),
            ),
        ),
    ),
)
ARITHMETIC = Section(
    "Arithmetic",
    "`+`, `-` and `*` work on numbers in one unit; one side of `*` is a plain number. There is no division: multiply "
    "the other side.",
    (
        Example(
            "lvef_before - lvef < 10",
            "ejection fraction before treatment minus left ventricular ejection fraction is less than 10 %",
            (
                Judged({"lvef_before": 60, "lvef": 55}, "yes"),
                Judged({"lvef_before": 60, "lvef": 50}, "no"),
                Judged({"lvef_before": 60, "lvef": "at least 51"}, "yes"),
                Judged({"lvef_before": 60}, "unknown: missing"),
            ),
        ),
        Example(
            "lvef >= lvef_before * 0.9",
            "left ventricular ejection fraction is at least ejection fraction before treatment times 0.9",
            (Judged({"lvef_before": 60, "lvef": 54}, "yes"), Judged({"lvef_before": 60, "lvef": 53}, "no")),
        ),
    ),
)
CODES = Section(
    "Codes",
    "A coded fact is compared with one of its codes by `==` and `!=`, or with several by `in` and `not in`: codes in "
    "curly brackets, or a set that the study names. A set may list codes that cannot tell whether they belong to it.",
    (
        Example(
            "her2 == positive",
            "HER2 status is positive",
            (
                Judged({"her2": "positive"}, "yes"),
                Judged({"her2": "negative"}, "no"),
                Judged({}, "unknown: missing"),
            ),
        ),
        Example(
            "none(m.site in cns for m in metastases)",
            "for none of the metastases, its site is in cns (brain)",
            (
                Judged({"metastases": [{"lesion": "A", "site": "liver"}]}, "yes"),
                Judged({"metastases": [{"lesion": "A", "site": "brain"}]}, "no"),
                Judged(
                    {"metastases": [{"lesion": "A", "site": "dura"}]},
                    "unknown: undecidable code",
                    "the study leaves open whether the dura belongs to the central nervous system",
                ),
            ),
        ),
        Example(
            "all(m.site not in {brain, dura} for m in metastases)",
            "for every one of the metastases, its site is none of brain or dura mater",
            (Judged({"metastases": [{"lesion": "A", "site": "dura"}]}, "no", "codes written out always decide"),),
        ),
    ),
)
YES_NO = Section(
    "Yes/no facts",
    "A yes/no fact is a question by itself; `== yes` and `== no` say the same at greater length.",
    (
        Example(
            "not pregnant",
            "pregnancy: no",
            (
                Judged({"pregnant": False}, "yes"),
                Judged({"pregnant": True}, "no"),
                Judged({}, "unknown: missing"),
            ),
        ),
        Example("pregnant == no", "pregnancy: no", (Judged({"pregnant": False}, "yes"),)),
    ),
)
DATES = Section(
    "Dates and the time since",
    "Two dates are compared with one another. `since(date)` is the time from a date to the day of judgement; it is "
    "compared with `days(n)`, `months(n)` or `years(n)`. Months and years are calendar ones: three months after 30 "
    "November is 28 February (the month's last day). `<=` and `>=` include the day itself. A partial date such as "
    "`2025-12` may be any of its days; the answer is known when all of them agree.",
    (
        Example(
            "months(3) <= since(first_line.start) <= months(12)",
            "between 3 and 12 months (both included) have passed since first-line therapy: first dose",
            (
                Judged({"first_line": {"start": "2025-12-15"}}, "yes", "three months to the day"),
                Judged({"first_line": {"start": "2025-12-16"}}, "no"),
                Judged({"first_line": {"start": "2025-11-30"}}, "yes", "the month's end is clamped", on="2026-02-28"),
                Judged({"first_line": {"start": "2025-11-30"}}, "no", on="2026-02-27"),
                Judged({"first_line": {"start": "2025-03-15"}}, "yes", "twelve months to the day"),
                Judged({"first_line": {"start": "2025-03-14"}}, "no"),
                Judged({"first_line": {"start": "2025-08"}}, "yes", "every day of August lies in the window"),
                Judged({"first_line": {"start": "2025-12"}}, "unknown: imprecise", "1 December would do, 31 not"),
                Judged({"first_line": {"start": "2024"}}, "no", "no day of that year lies in the window"),
                Judged({"first_line": {"regimen": "known"}}, "unknown: missing", "the record lacks the field"),
            ),
        ),
        Example(
            "any(s.progression and s.day >= first_line.start for s in scans)",
            "for at least one of the scans (its progression: yes, and its day is on or after first-line therapy: first "
            "dose)",
            (
                Judged(
                    {"first_line": {"start": "2025-12"}, "scans": [{"day": "2026-01-10", "progression": True}]}, "yes"
                ),
                Judged(
                    {"first_line": {"start": "2025-12"}, "scans": [{"day": "2025-12-10", "progression": True}]},
                    "unknown: imprecise",
                ),
            ),
        ),
    ),
)
AGES = Section(
    "Age",
    "`age(date)` counts whole years by birthday and is compared with `years(n)`. Whoever was born on 29 February has "
    "the birthday on 1 March of a common year.",
    (
        Example(
            "age(birth_date) >= years(18)",
            "age is at least 18 years",
            (
                Judged({"birth_date": "2008-03-15"}, "yes", "the eighteenth birthday"),
                Judged({"birth_date": "2008-03-16"}, "no"),
                Judged({"birth_date": "2008-02-29"}, "no", "the birthday is on 1 March", on="2026-02-28"),
                Judged({"birth_date": "2008-02-29"}, "yes", on="2026-03-01"),
                Judged({"birth_date": "2007"}, "yes"),
                Judged({"birth_date": "2008"}, "unknown: imprecise"),
            ),
        ),
    ),
)
LISTS = Section(
    "Lists",
    "A list fact holds one record an entry. `count(list)` is how many there are; `any`, `all` and `none` ask about "
    "the entries, each under a name of its own choice. After `if` comes a filter. A list is known to be complete only "
    "when that was stated; what an incomplete list lacks may still exist. So one entry can prove `any` and disprove "
    "`all` or `none`, while the opposite takes a complete list.",
    (
        Example(
            "1 <= count(metastases) <= 3",
            "the number of metastases is between 1 and 3 (both included)",
            (
                Judged({"metastases": [{"lesion": "A"}]}, "yes"),
                Judged({"metastases": []}, "no", "stated: there is none"),
                Judged({}, "unknown: missing", "nothing was stated"),
                Judged(
                    {"metastases": {"complete": False, "items": [{"lesion": "A"}]}},
                    "unknown: missing",
                    "there may be more",
                ),
                Judged(
                    {"metastases": {"complete": False, "items": [{"lesion": name} for name in "ABCD"]}},
                    "no",
                    "more would not help",
                ),
            ),
        ),
        Example(
            "any(m.proof == biopsy for m in metastases)",
            "for at least one of the metastases, its proof is biopsy",
            (
                Judged({"metastases": {"complete": False, "items": [{"lesion": "A", "proof": "biopsy"}]}}, "yes"),
                Judged({"metastases": [{"lesion": "A", "proof": "imaging"}]}, "no"),
                Judged(
                    {"metastases": {"complete": False, "items": [{"lesion": "A", "proof": "imaging"}]}},
                    "unknown: missing",
                    "another one may be proven by biopsy",
                ),
                Judged({"metastases": [{"lesion": "A"}]}, "unknown: missing", "the proof of A is not recorded"),
                Judged({"metastases": []}, "no"),
            ),
        ),
        Example(
            "any(not m.treated for m in metastases)",
            "for at least one of the metastases, its local treatment: no",
            (Judged({"metastases": [{"lesion": "A", "treated": False}]}, "yes"),),
        ),
        Example(
            "all(m.treated for m in metastases if m.site == bone)",
            "for every one of the metastases where (its site is bone), its local treatment: yes",
            (
                Judged({"metastases": [{"lesion": "A", "site": "bone", "treated": True}]}, "yes"),
                Judged({"metastases": [{"lesion": "A", "site": "bone", "treated": False}]}, "no"),
                Judged({"metastases": [{"lesion": "A", "site": "liver"}]}, "yes", "A is filtered out"),
                Judged(
                    {"metastases": [{"lesion": "A", "treated": False}]},
                    "unknown: missing",
                    "A counts if it lies in a bone",
                ),
                Judged({"metastases": [{"lesion": "A", "treated": True}]}, "yes", "A is treated, wherever it lies"),
                Judged({"metastases": []}, "yes", "of no entry at all, all are so"),
            ),
        ),
        Example(
            "count(m for m in metastases if m.size > 20) <= 1",
            "the number of metastases where (its longest diameter is more than 20 mm) is at most 1",
            (
                Judged({"metastases": [{"lesion": "A", "size": 30}, {"lesion": "B", "size": 10}]}, "yes"),
                Judged({"metastases": [{"lesion": "A", "size": 30}, {"lesion": "B"}]}, "unknown: imprecise"),
            ),
        ),
        Example(
            "none(any(s.day < m.seen for s in scans) for m in metastases)",
            "for none of the metastases (m) (for at least one of the scans (s), the day of s is before the date first "
            "seen of m)",
            (
                Judged(
                    {"metastases": [{"lesion": "A", "seen": "2026-01-05"}], "scans": [{"day": "2026-01-05"}]}, "yes"
                ),
                Judged({"metastases": [{"lesion": "A", "seen": "2026-01-05"}], "scans": [{"day": "2025"}]}, "no"),
            ),
        ),
    ),
)
KNOWN = Section(
    "Known",
    "`known(x)` asks whether anything was recorded for a fact or field. It is always yes or no, and it is the one way "
    "to let a rule depend on that: `known(ecog) and ecog <= 2` is no, not unknown, for somebody without an ECOG. A "
    "conflict is something recorded.",
    (
        Example(
            "not known(ecog) or ecog <= 2",
            "ECOG performance status is not recorded, or ECOG performance status is at most 2",
            (Judged({}, "yes"), Judged({"ecog": 1}, "yes"), Judged({"ecog": 3}, "no")),
        ),
        Example(
            "known(first_line.start)",
            "first-line therapy: first dose is recorded",
            (
                Judged({"first_line": {"start": "2025"}}, "yes", "a partial date is something"),
                Judged({"first_line": {"regimen": "known"}}, "no"),
                Judged({}, "no"),
            ),
        ),
        Example("known(ecog)", "ECOG performance status is recorded", (Judged({"ecog": [1, 3]}, "yes"),)),
    ),
)
JUDGED = Section(
    "Judgements",
    "A judgement is a statement that somebody in a named role signs. About the person it is written by its name; "
    "about an entry of a list, with the entry: `treatable(m)`. Not signed is unknown; `not fit` is yes when somebody "
    "signed that it is not so.",
    (
        Example(
            "fit",
            "“The person is fit for surgery” holds",
            (
                Judged({}, "yes", attested={"fit": True}),
                Judged({}, "no", attested={"fit": False}),
                Judged({}, "unknown: needs attestation"),
            ),
        ),
        Example(
            "all(treatable(m) for m in metastases)",
            "for every one of the metastases, “This metastasis can be treated safely” holds for it",
            (
                Judged({"metastases": [{"lesion": "A"}]}, "yes", attested={"A": True}),
                Judged({"metastases": [{"lesion": "A"}, {"lesion": "B"}]}, "no", attested={"A": True, "B": False}),
                Judged(
                    {"metastases": [{"lesion": "A"}, {"lesion": "B"}]},
                    "unknown: needs attestation",
                    "B is not signed for",
                    attested={"A": True},
                ),
            ),
        ),
    ),
)
JOINED = Section(
    "And, or, not",
    "Answers are joined as in Kleene's logic: an answer is known as soon as what is known decides it. `not` binds "
    "most tightly, then `and`, then `or`; brackets say otherwise.",
    (
        Example(
            "ecog <= 2 and her2 == positive",
            "ECOG performance status is at most 2, and HER2 status is positive",
            (
                Judged({"ecog": 1, "her2": "positive"}, "yes"),
                Judged({"ecog": 4}, "no", "whatever HER2 turns out to be"),
                Judged({"ecog": 1}, "unknown: missing"),
            ),
        ),
        Example(
            "ecog <= 2 or her2 == positive",
            "ECOG performance status is at most 2, or HER2 status is positive",
            (Judged({"ecog": 1}, "yes", "whatever HER2 turns out to be"), Judged({"ecog": 4}, "unknown: missing")),
        ),
        Example(
            "not (ecog <= 2 and her2 == positive)",
            "it is not true that (ECOG performance status is at most 2, and HER2 status is positive)",
            (Judged({"ecog": 4}, "yes"), Judged({"ecog": 1}, "unknown: missing")),
        ),
        Example(
            "pregnant and (ecog <= 2 or not her2 == positive)",
            "pregnancy: yes, and (ECOG performance status is at most 2, or HER2 status is not positive)",
        ),
    ),
)
SECTIONS = [NUMBERS, UNITS, ARITHMETIC, CODES, YES_NO, DATES, AGES, LISTS, KNOWN, JUDGED, JOINED]
