"""HER2 in sentences: single specimens, and people with several. Part of the manual's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evenhand.units import parse_measured


@dataclass(frozen=True)
class Case:
    """One specimen in a sentence."""

    sentence: str
    specimen: Mapping[str, Any]
    status: str


@dataclass(frozen=True)
class PersonCase:
    """A person's specimens, each with the day of its test (or None), in a sentence."""

    sentence: str
    specimens: tuple[tuple[Mapping[str, Any], str | None], ...]
    status: str


def recorded(**fields: Any) -> Mapping[str, Any]:
    """A specimen as recorded; numbers written as in a report."""
    return {
        name: parse_measured(value) if isinstance(value, str) and name in MEASURED else value
        for name, value in fields.items()
    }


MEASURED = ("ihc", "ratio", "copies", "recount_ratio", "recount_copies", "recount_cells")

SPECIMENS = (
    Case("IHC 3+ alone", recorded(ihc=3), "positive"),
    Case("IHC 1+ alone", recorded(ihc=1), "negative"),
    Case("IHC 2+ without ISH", recorded(ihc=2), "equivocal"),
    Case("IHC between 2+ and 3+, ISH of ratio 2.0 with 4.0 copies", recorded(ihc="2 to 3", ratio="2.0", copies="4.0"),
         "positive"),
    Case("IHC 2+, ratio 2.0 with 4.0 copies: both thresholds belong to group 1",
         recorded(ihc=2, probe="dual", ratio="2.0", copies="4.0"), "positive"),
    Case("IHC 2+, ratio 1.99 with 3.99 copies", recorded(ihc=2, probe="dual", ratio="1.99", copies="3.99"),
         "negative"),
    Case("Ratio 2.3 with 3.4 copies (group 2) without IHC", recorded(probe="dual", ratio="2.3", copies="3.4"),
         "pending"),
    Case("Group 2 with IHC 1+", recorded(ihc=1, probe="dual", ratio="2.3", copies="3.4"), "negative"),
    Case("Group 3 with IHC 2+, not yet recounted", recorded(ihc=2, probe="dual", ratio="1.6", copies="6.4"),
         "pending"),
    Case("Group 3 with IHC 2+, confirmed by a recount of 20 cells",
         recorded(ihc=2, probe="dual", ratio="1.6", copies="6.4", recount_ratio="1.7", recount_copies="6.0",
                  recount_cells=20), "positive"),
    Case("Group 3 with IHC 2+, confirmed by a recount of 19 cells only",
         recorded(ihc=2, probe="dual", ratio="1.6", copies="6.4", recount_ratio="1.7", recount_copies="6.0",
                  recount_cells=19), "pending"),
    Case("Group 4 with IHC 2+, confirmed by a recount",
         recorded(ihc=2, probe="dual", ratio="1.6", copies="4.5", recount_ratio="1.7", recount_copies="4.4",
                  recount_cells=40), "negative"),
    Case("Group 4 with IHC 2+, group 1 on recount, not adjudicated",
         recorded(ihc=2, probe="dual", ratio="1.9", copies="4.5", recount_ratio="2.1", recount_copies="4.6",
                  recount_cells=40), "needs review"),
    Case("Group 4 with IHC 2+, group 1 on recount, adjudicated as positive",
         recorded(ihc=2, probe="dual", ratio="1.9", copies="4.5", recount_ratio="2.1", recount_copies="4.6",
                  recount_cells=40, adjudicated="positive"), "positive"),
    Case("Group 4 with IHC 3+", recorded(ihc=3, probe="dual", ratio="1.6", copies="4.5"), "positive"),
    Case("IHC 3+ beside group 5", recorded(ihc=3, probe="dual", ratio="1.1", copies="2.2"), "needs review"),
    Case("IHC 3+ beside group 5, discordance reviewed",
         recorded(ihc=3, probe="dual", ratio="1.1", copies="2.2", discordance_reviewed=True), "positive"),
    Case("IHC 0 beside group 1", recorded(ihc=0, probe="dual", ratio="4", copies="9"), "needs review"),
    Case("A ratio of 2.4 without copies and IHC 3+: group 1 and group 2 are positive alike",
         recorded(ihc=3, ratio="2.4"), "positive"),
    Case("A ratio of 2.4 without copies and without IHC: group 1 or group 2", recorded(ratio="2.4"), "pending"),
    Case("A ratio `greater than 1.8` with 7 copies: group 1 or group 3",
         recorded(ratio="greater than 1.8", copies=7), "pending"),
    Case("A ratio `greater than 1.8` with 7 copies and IHC 3+", recorded(ihc=3, ratio="greater than 1.8", copies=7),
         "positive"),
    Case("A ratio `less than 1.8` without copies and IHC 0: groups 3, 4 and 5 are negative alike",
         recorded(ihc=0, ratio="less than 1.8"), "negative"),
    Case("A ratio `less than 1.8` without copies and IHC 3+: it may be group 5",
         recorded(ihc=3, ratio="less than 1.8"), "needs review"),
    Case("Single probe, 6.0 copies", recorded(probe="single", copies="6.0"), "positive"),
    Case("Single probe, 5.9 copies, IHC 2+", recorded(ihc=2, probe="single", copies="5.9"), "pending"),
    Case("Single probe, 4.0 copies, IHC 1+", recorded(ihc=1, probe="single", copies="4.0"), "negative"),
    Case("A ratio beside a single probe", recorded(ihc=3, probe="single", ratio="2.4"), "needs review"),
    Case("3.0 copies, probe not recorded, IHC 0: negative with either probe", recorded(ihc=0, copies="3.0"),
         "negative"),
    Case("Reported as positive, no test recorded", recorded(reported="positive"), "positive"),
    Case("IHC 2+ and reported as positive: the ISH behind the report is not recorded",
         recorded(ihc=2, reported="positive"), "positive"),
    Case("IHC 1+ and reported as positive", recorded(ihc=1, reported="positive"), "needs review"),
    Case("IHC 2+ reported as equivocal, then ISH of group 1",
         recorded(ihc=2, reported="equivocal", probe="dual", ratio="3.1", copies="8"), "positive"),
    Case("Reported as indeterminate", recorded(reported="indeterminate"), "indeterminate"),
    Case("Group 3 with IHC 2+, recounted on `at least 15` cells",
         recorded(ihc=2, probe="dual", ratio="1.6", copies="6.4", recount_ratio="1.7", recount_copies="6.0",
                  recount_cells="at least 15"), "pending"),
    Case("IHC 1+ or 2+ beside group 1, discordance reviewed, but a recount in group 5",
         recorded(ihc="1 to 2", ratio="2.5", copies=5, recount_ratio="1.2", recount_copies=2, recount_cells=20,
                  discordance_reviewed=True), "needs review"),
    Case("IHC 3+ reported as equivocal, discordance reviewed",
         recorded(ihc=3, reported="equivocal", discordance_reviewed=True), "positive"),
    Case("Nothing but a label", recorded(), "pending"),
)  # fmt: skip

PRIMARY = {"specimen": "primary", "of": "primary"}
METASTASIS = {"specimen": "metastasis", "of": "metastasis"}
POSITIVE, NEGATIVE, EQUIVOCAL = {"ihc": 3}, {"ihc": 0}, {"ihc": 2}

PEOPLE = (
    PersonCase("No test is recorded", (), "unknown"),
    PersonCase("A positive primary tumour", ((PRIMARY | POSITIVE, "2025-01-10"),), "positive"),
    PersonCase("A negative primary tumour, and a positive metastasis",
               ((PRIMARY | NEGATIVE, "2025-01-10"), (METASTASIS | POSITIVE, "2025-06-01")), "positive"),
    PersonCase("A positive primary tumour, and later a negative metastasis",
               ((PRIMARY | POSITIVE, "2025-01-10"), (METASTASIS | NEGATIVE, "2025-06-01")), "unknown"),
    PersonCase("A negative metastasis, and later a positive primary tumour",
               ((METASTASIS | NEGATIVE, "2025-01-10"), (PRIMARY | POSITIVE, "2025-06-01")), "unknown"),
    PersonCase("A negative metastasis, and later another one that is positive",
               ((METASTASIS | NEGATIVE, "2025-01-10"), (METASTASIS | POSITIVE | {"specimen": "second"}, "2025-06-01")),
               "positive"),
    PersonCase("A negative and a positive specimen, neither dated nor of recorded origin",
               (({"specimen": "a"} | NEGATIVE, None), ({"specimen": "b"} | POSITIVE, None)), "unknown"),
    PersonCase("An old negative specimen of unrecorded origin, and a new positive one",
               (({"specimen": "a"} | NEGATIVE, "2019"), ({"specimen": "b"} | POSITIVE, "2025")), "positive"),
    PersonCase("Two specimens of one month that disagree, of unrecorded origin",
               (({"specimen": "a"} | NEGATIVE, "2025-03"), ({"specimen": "b"} | POSITIVE, "2025-03-20")), "unknown"),
    PersonCase("A positive primary tumour, and a metastasis whose ISH is pending",
               ((PRIMARY | POSITIVE, "2025-01-10"), (METASTASIS | EQUIVOCAL, "2025-06-01")), "positive"),
    PersonCase("A negative primary tumour, and a metastasis whose ISH is pending",
               ((PRIMARY | NEGATIVE, "2025-01-10"), (METASTASIS | EQUIVOCAL, "2025-06-01")), "unknown"),
    PersonCase("Two negative specimens",
               ((PRIMARY | NEGATIVE, "2025-01-10"), (METASTASIS | NEGATIVE, "2025-06-01")), "negative"),
    PersonCase("A positive primary tumour, and a negative metastasis adjudicated as negative after review",
               ((PRIMARY | POSITIVE, "2025-01-10"),
                (METASTASIS | NEGATIVE | {"adjudicated": "negative", "discordance_reviewed": True}, "2025-06-01")),
               "negative"),
    PersonCase("A positive primary tumour, and a negative metastasis adjudicated as positive after review",
               ((PRIMARY | POSITIVE, "2025-01-10"),
                (METASTASIS | NEGATIVE | {"adjudicated": "positive", "discordance_reviewed": True}, "2025-06-01")),
               "positive"),
    PersonCase("IHC 2+ in January, and ISH of the same specimen, group 1, in March",
               ((PRIMARY | EQUIVOCAL, "2025-01-10"),
                (PRIMARY | {"probe": "dual", "ratio": Decimal("2.2"), "copies": 5}, "2025-03-01")), "positive"),
    PersonCase("A primary tumour of January that ISH made positive in March, and a negative metastasis of February",
               ((PRIMARY | EQUIVOCAL, "2025-01-10"), (METASTASIS | NEGATIVE, "2025-02-01"),
                (PRIMARY | {"probe": "dual", "ratio": Decimal("2.2"), "copies": 5}, "2025-03-01")), "unknown"),
    PersonCase("A positive metastasis, and later a primary tumour that is negative",
               ((METASTASIS | POSITIVE, "2025-01-10"), (PRIMARY | NEGATIVE, "2025-06-01")), "positive"),
    PersonCase("Two specimens of one day that disagree, of unrecorded origin",
               (({"specimen": "a"} | NEGATIVE, "2025-03-20"), ({"specimen": "b"} | POSITIVE, "2025-03-20")),
               "unknown"),
    PersonCase("A specimen that became positive by ISH in March is older than a negative one of February",
               (({"specimen": "a"} | EQUIVOCAL, "2025-01-10"), ({"specimen": "b"} | NEGATIVE, "2025-02-01"),
                ({"specimen": "a"} | {"probe": "dual", "ratio": 3, "copies": 5}, "2025-03-01")), "unknown"),
    PersonCase("A positive primary tumour, and a negative metastasis adjudicated as negative, not reviewed",
               ((PRIMARY | POSITIVE, "2025-01-10"),
                (METASTASIS | NEGATIVE | {"adjudicated": "negative"}, "2025-06-01")),
               "unknown"),
    PersonCase("Single-probe ISH that could not decide, followed by dual-probe ISH of group 5 on the same specimen",
               ((PRIMARY | EQUIVOCAL | {"probe": "single", "copies": Decimal("4.4")}, "2025-01-10"),
                (PRIMARY | {"probe": "dual", "ratio": Decimal("1.2"), "copies": Decimal("3.6")}, "2025-02-01")),
               "negative"),
)  # fmt: skip
