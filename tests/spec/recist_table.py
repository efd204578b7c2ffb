"""RECIST 1.1 as tables, written from the guideline and its clarifications and not from our code.

The tests hold the code to them (``test_recist.py``), and the manual's page is made of them (:func:`page`).
"""

from collections.abc import Iterable

OVERALL = """
targets       | non-targets    | new lesion   | overall        | table
CR            | CR             | no           | CR             | 1
CR            | none           | no           | CR             | 1
CR            | NON-CR/NON-PD  | no           | PR             | 1
CR            | NE             | no           | PR             | 1
PR            | CR             | no           | PR             | 1
PR            | NON-CR/NON-PD  | no           | PR             | 1
PR            | NE             | no           | PR             | 1
PR            | none           | no           | PR             | 1
SD            | CR             | no           | SD             | 1
SD            | NON-CR/NON-PD  | no           | SD             | 1
SD            | NE             | no           | SD             | 1
SD            | none           | no           | SD             | 1
NE            | CR             | no           | NE             | 1
NE            | NON-CR/NON-PD  | no           | NE             | 1
NE            | NE             | no           | NE             | 1
NE            | none           | no           | NE             | 1
PD            | any            | any          | PD             | 1
any           | PD             | any          | PD             | 1
any           | any            | unequivocal  | PD             | 1
none          | CR             | no           | CR             | 2
none          | NON-CR/NON-PD  | no           | NON-CR/NON-PD  | 2
none          | NE             | no           | NE             | 2
INDETERMINATE | not PD         | no           | INDETERMINATE  | ours
none          | none           | no           | NED            | CDISC
not PD        | not PD         | equivocal    | as with no     | ours
not PD        | not PD         | not searched | NE             | ours
"""

# Baseline sum, smallest sum so far, sum now (mm), target response, which test decided.
SUMS = """
baseline | smallest | now    | response | why
100      | 100      | 70     | PR       | exactly 30 % below baseline
100      | 100      | 70.01  | SD       | not quite 30 % below baseline
14       | 14       | 9.8    | PR       | exactly 30 %, which floating point misses
27       | 27       | 32.4   | PD       | exactly 20 % and 5.4 mm
3.2      | 3.2      | 8.2    | PD       | exactly 5 mm, which floating point misses
100      | 25       | 30     | PD       | exactly 20 % and exactly 5 mm
28       | 20       | 24     | SD       | 20 %, but 4 mm
28       | 20       | 24.999 | SD       | 24.995 %, but 4.999 mm
28       | 20       | 25     | PD       | 25 % and exactly 5 mm
100      | 80       | 95.999 | SD       | 15.999 mm, but not quite 20 %
100      | 80       | 96     | PD       | exactly 20 % and 16 mm
100      | 100      | 120    | PD       | the baseline is the smallest sum
100      | 100      | 119.9  | SD       | 19.9 %
100      | 100      | 100    | SD       | unchanged
70       | 50       | 55     | SD       | 5 mm, but 10 %
100      | 60       | 72     | PD       | after a response, exactly 20 % and 12 mm
100      | 70       | 79     | PR       | a response was reached and this is no progression
165      | 63       | 65     | PR       | the EORTC's example of a response that continues
"""

MEASURABLE = """
lesion                    | method   | slice | size   | can be             | why
solid                     | ct       | 5     | 10     | measurable         | 10 mm on slices of at most 5 mm
solid                     | ct       | 5     | 9.9    | not measurable     | below 10 mm
solid                     | mri      | 3     | 10     | measurable         | MRI like CT
solid                     | ct       | 6     | 12     | measurable         | twice the slice thickness
solid                     | ct       | 6     | 11.999 | not measurable     | below twice the slice thickness
solid                     | ct       |       | 25     | undetermined       | the slice thickness is not recorded
solid                     | ct       |       | 9      | not measurable     | too small on any slices
solid                     | ct       | 5     |        | undetermined       | the size is not recorded
solid                     | calipers |       | 10     | measurable         | 10 mm by calipers
solid                     | calipers |       | 9.9    | not measurable     | below 10 mm
solid                     | xray     |       | 20     | measurable         | 20 mm on a plain film
solid                     | xray     |       | 19.9   | not measurable     | below 20 mm
solid                     | other    |       | 40     | not measurable     | a method that does not measure
node                      | ct       | 5     | 15     | measurable         | short axis of 15 mm
node                      | ct       | 5     | 14.9   | pathological node  | 10 to below 15 mm: non-target
node                      | ct       | 5     | 10     | pathological node  | 10 mm is pathological
node                      | ct       | 5     | 9.999  | normal node        | below 10 mm is no lesion
node                      | ct       | 8     | 15     | pathological node  | below twice the slice thickness (ours)
node                      | other    |       | 20     | pathological node  | a method that does not measure
node                      | other    |       | 8      | normal node        | below 10 mm is no lesion
lytic_bone_with_soft_tissue | ct     | 5     | 10     | measurable         | its soft tissue is measured
cystic_metastasis         | ct       | 5     | 10     | measurable         | a cystic metastasis may be measured
never_measurable          | ct       | 5     | 60     | not measurable     | blastic bone, effusion and their like
treated                   | ct       | 5     | 30     | not measurable     | treated locally before, no growth since
treated, grown            | ct       | 5     | 30     | measurable         | treated locally before, grown since
"""

NON_TARGETS = """
states                      | before     | response
absent                      |            | CR
absent, absent              |            | CR
absent, present             |            | NON-CR/NON-PD
present                     |            | NON-CR/NON-PD
absent, residue             |            | NON-CR/NON-PD
absent, not assessed        |            | NE
present, not assessed       |            | NE
progressed, not assessed    |            | PD
progressed, absent          |            | PD
absent, present             | overall CR | PD
residue                     | overall CR | NON-CR/NON-PD
absent, not assessed        | overall CR | NE
present, not assessed       | overall CR | PD
absent                      | overall CR | CR
"""

# Overall responses at weeks after the reference day.
BEST = """
assessments (week: response)         | unconfirmed   | confirmed
8: CR, 16: CR                        | CR            | CR
8: CR, 16: PR                        | CR            | SD
8: CR, 16: SD                        | CR            | SD
8: CR, 16: PD                        | CR            | SD
8: CR, 16: NE                        | CR            | SD
8: CR, 16: NE, 24: CR                | CR            | CR
8: CR, 16: NE, 24: NE, 32: CR        | CR            | SD
4: CR, 16: PD                        | CR            | PD
4: CR, 16: NE                        | CR            | NE
8: PR, 16: CR                        | CR            | PR
8: PR, 16: PR                        | PR            | PR
8: PR, 11: PR                        | PR            | SD
8: PR, 12: PR                        | PR            | PR
8: PR, 11: PR, 16: PR                | PR            | PR
8: PR, 16: SD                        | PR            | SD
8: PR, 16: SD, 24: PR                | PR            | SD
8: PR, 16: NE, 24: PR                | PR            | PR
8: PR, 16: PD                        | PR            | SD
4: PR, 16: PD                        | PR            | PD
4: PR, 16: NE                        | PR            | NE
8: PR, 9: CR, 16: PR                 | CR            | SD
4: SD, 8: SD                         | SD            | SD
4: SD                                | NE            | NE
4: SD, 8: PD                         | PD            | PD
6: SD                                | SD            | SD
5: SD                                | NE            | NE
8: PD, 16: CR                        | PD            | PD
8: NE, 16: PD                        | PD            | PD
8: NE, 16: NE                        | NE            | NE
8: INDETERMINATE                     | NE            | NE
8: NON-CR/NON-PD, 16: PD             | NON-CR/NON-PD | NON-CR/NON-PD
4: NON-CR/NON-PD, 8: PD              | PD            | PD
8: NED, 16: PD                       | NED           | NED
8: CR, 16: PD, 24: CR                | CR            | SD
"""

# Sizes (mm) of one lesion by months after the end of its radiotherapy; + and - are PET, b+ and b- a biopsy.
IRRADIATED = """
looks (month: size)                     | last status             | progressed
2: 20, 5: 20, 8: 20                     | controlled              |
2: 20, 5: 24                            | controlled              |
2: 20, 5: 25                            | progression suspected   |
2: 30, 5: 35                            | controlled              |
2: 30, 5: 36                            | progression suspected   |
1: 20, 2: 30                            | grown too early to tell |
1: 20, 2: 30, 3: 30                     | progression suspected   |
2: 20, 5: 25, 8: 25                     | progressed              | 5, on 8
2: 20, 5: 25, 6: 26                     | progression suspected   |
2: 20, 5: 25, 6: 26, 8: 26              | progressed              | 5, on 8
2: 20, 5: 25, 8: 22                     | suspicion withdrawn     |
2: 20, 5: 25, 8: 22, 11: 26, 14: 27     | progressed              | 11, on 14
2: 20, 5: 25+                           | progressed              | 5, on 5
2: 20, 5: 25-                           | suspicion withdrawn     |
2: 20, 5: 25b+                          | progressed              | 5, on 5
2: 20, 5: 25b-, 8: 26                   | controlled              |
2: 20, 5: 25b-, 8: 30                   | progression suspected   |
2: 20, 5: 25, 6: +                      | progressed              | 5, on 6
2: 20, 5: 25, 8: ?, 11: 25              | progressed              | 5, on 11
2: 20, 5: ?                             | not assessed            |
2: 30, 5: 15, 8: 20                     | progression suspected   |
2: 0, 5: 4                              | controlled              |
2: 0, 5: 5, 8: 5                        | progressed              | 5, on 8
5: 40, 8: 40                            | controlled              |
5: 20+, 8: 20+                          | controlled              |
2: 20, 5: 25, 8: 25, 11: 10             | progressed              | 5, on 8
"""

NODES = """
smallest | now  | new lesion
8        | 9.9  | no
9        | 11   | equivocal
5        | 10   | unequivocal
9        | 14   | unequivocal
6        | 10   | equivocal
10       | 30   | no
"""

PET = """
PET at baseline | PET now  | CT         | new lesion
negative        | positive | not done   | unequivocal
negative        | positive | not seen   | unequivocal
none            | positive | new site   | unequivocal
none            | positive | known site | no
none            | positive | not seen   | equivocal
none            | positive | not done   | equivocal
positive        | positive | new site   | no
negative        | negative | new site   | no
none            | none     | new site   | no
"""

PATTERNS = """
site          | side  | in field | pattern
liver         |       | yes      | local
axillary_node | same  | yes      | local
axillary_node | same  | no       | regional
axillary_node | other | no       | distant
axillary_node |       | no       | not said
liver         |       | no       | distant
liver         |       | not said | not said
"""

SUM_NOTE = (
    "The first that applies: CR (every target is 0, every node below 10 mm); PD (20 % and 5 mm above the smallest sum, "
    "the baseline's included); NE (a target was not assessed, and the others do not reach PD alone); PR (30 % below "
    "baseline, or PR before and not PD since); SD. Ties are inclusive; nothing is rounded: sizes are whole micrometres."
)
ZERO_NOTE = (
    "From a smallest sum of 0 no percentage can be given. Where a complete response overall was assigned before, "
    "whatever is seen again is PD; else 5 mm or more is INDETERMINATE and has to be read again."
)
BEST_NOTE = (
    "SD (and NON-CR/NON-PD) counts from 42 days after the reference day, a confirmation from 28 days after the "
    "response; one NE and no SD may lie between."
)
IRRADIATED_NOTE = (
    "RECIST leaves this to the protocol: the table is our proposal, and its numbers are a study's parameters. 20 % and "
    "5 mm above the smallest size after radiotherapy, not before 3 months, confirmed by a scan 8 weeks later or by PET "
    "(`+`, `-`) or a biopsy (`b+`, `b-`), and dated back. `?`: not assessed."
)
SOURCES = (
    "Eisenhauer et al., New response evaluation criteria in solid tumours: RECIST 1.1, Eur J Cancer 45:228 (2009).",
    "EORTC, RECIST 1.1 questions and clarifications (recist.eortc.org).",
    "CDISC, controlled terminology and supplement for RECIST: NED, the default of 5 mm.",
    "admiralonco, derive_param_confirmed_bor: the reading of RECIST's table 3.",
    'Rows marked "ours", and the table of irradiated lesions, are decisions of this project.',
)


def rows(table: str) -> list[list[str]]:
    """The cells of a table's rows, heading first."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def body(table: str) -> list[list[str]]:
    """The cells of a table's rows without the heading."""
    return rows(table)[1:]


def page() -> str:
    """The manual's page on RECIST. Markdown."""
    parts = [
        "# RECIST 1.1",
        "This page is made from the tables that the tests hold the program to (`tests/spec/recist_table.py`).",
        *_section("What can be measured at baseline", MEASURABLE, ""),
        *_section("Target response", SUMS, f"{SUM_NOTE}\n\n{ZERO_NOTE}"),
        *_section("Non-target response", NON_TARGETS, ""),
        *_section("Overall response", OVERALL, ""),
        *_section("A node that was normal", NODES, "Short axes in mm: the smallest so far, and now."),
        *_section("FDG-PET and new lesions", PET, ""),
        *_section("Best overall response", BEST, BEST_NOTE),
        *_section("Progression of an irradiated lesion", IRRADIATED, IRRADIATED_NOTE),
        *_section("Where it progressed", PATTERNS, "The sites that are regional are a study's data."),
        "## Sources",
        _bullets(SOURCES),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, table: str, note: str) -> tuple[str, str, str]:
    heading, *lines = rows(table)
    drawn = [heading, ["---"] * len(heading), *lines]
    return f"## {title}", note, "\n".join(f"| {' | '.join(line)} |" for line in drawn)


def _bullets(sentences: Iterable[str]) -> str:
    return "\n".join(f"* {sentence}" for sentence in sentences)
