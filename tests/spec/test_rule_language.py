"""Every line of the rule language's tables holds."""

from datetime import date

import pytest

from evenhand.facts import FactType, View, Vocabulary
from evenhand.intake.form import read_form
from evenhand.logic import NO, YES, Reason, Unknown, truth
from evenhand.rules.impossible.satisfiable import faults
from evenhand.rules.judging.judge import compile_condition
from evenhand.rules.reading.language import RuleError, Scope, parse_rule
from evenhand.rules.reading.scope import name_fault
from evenhand.rules.walk import without_places
from evenhand.rules.writing.phrases import outline, phrase
from evenhand.rules.writing.write import write
from tests.spec.rule_language_mistakes import IN_ORDER, NEVER_TRUE, REFUSED, WARNED
from tests.spec.rule_language_table import JUDGEMENTS, SECTIONS, STATEMENTS, VOCABULARY

SCOPE = Scope(VOCABULARY, JUDGEMENTS)
EXAMPLES = [example for section in SECTIONS for example in section.examples]
JUDGED = [pytest.param(one.rule, judged, id=f"{one.rule} {judged.facts}") for one in EXAMPLES for judged in one.judged]
MISTAKES = [mistake for mistakes in REFUSED.values() for mistake in mistakes]


class Scene:
    """One person of the table, and who has signed what."""

    def __init__(self, judged):
        (person,) = read_form({"patient": "somebody", "facts": judged.facts}, VOCABULARY, "table")
        assert not person.problems
        self.view = View(person, VOCABULARY, date.fromisoformat(judged.on), {})
        self.attested = judged.attested

    def judgement(self, name, entry):
        signed = self.attested.get(name if entry is None else entry["lesion"])
        return Unknown(Reason("needs attestation", name)) if signed is None else truth(signed)


@pytest.mark.parametrize(("rule", "judged"), JUDGED)
def test_a_person_gets_the_answer_of_the_table(rule, judged):
    condition = compile_condition(parse_rule(rule, SCOPE).expression, VOCABULARY.sets)
    answer = condition(Scene(judged))
    if answer is YES or answer is NO:
        assert judged.answer == ("yes" if answer is YES else "no")
    else:
        assert {f"unknown: {reason.why}" for reason in answer.reasons} == {judged.answer}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.rule)
def test_a_rule_reads_in_english_as_the_table_says(example):
    assert phrase(parse_rule(example.rule, SCOPE).expression, VOCABULARY, STATEMENTS) == example.phrase


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.rule)
def test_the_rules_of_the_table_are_written_canonically_and_without_fault(example):
    rule = parse_rule(example.rule, SCOPE)
    assert write(rule.expression) == example.rule
    assert without_places(parse_rule(write(rule.expression), SCOPE).expression) == without_places(rule.expression)
    assert faults(rule, VOCABULARY) == ([], [])


@pytest.mark.parametrize("refused", MISTAKES, ids=lambda refused: refused.rule or "nothing")
def test_a_text_that_is_no_rule_is_refused_with_place_and_advice(refused):
    with pytest.raises(RuleError) as raised:
        parse_rule(refused.rule, SCOPE)
    error = raised.value
    assert refused.message in error.message
    assert (error.line, error.column) == (refused.line, refused.column)
    assert str(error) == f"line {refused.line}, column {refused.column}: {error.message}"


@pytest.mark.parametrize(("rule", "why"), NEVER_TRUE.items())
def test_a_rule_that_nobody_can_meet_is_an_error(rule, why):
    errors, warnings = faults(parse_rule(rule, SCOPE), VOCABULARY)
    assert [error.startswith("this can never be true: ") and why in error for error in errors] == [True]
    assert warnings == []


@pytest.mark.parametrize(("rule", "said"), WARNED.items())
def test_a_rule_with_a_part_that_never_matters_is_a_warning(rule, said):
    errors, warnings = faults(parse_rule(rule, SCOPE), VOCABULARY)
    assert errors == []
    assert any(said in warning for warning in warnings), warnings


@pytest.mark.parametrize("rule", IN_ORDER)
def test_a_rule_that_looks_impossible_and_is_not_passes(rule):
    assert faults(parse_rule(rule, SCOPE), VOCABULARY) == ([], [])


def test_facts_and_judgements_of_a_rule_come_in_order():
    rule = parse_rule(
        "count(metastases) > 0 and fit and known(first_line) and all(treatable(m) and m.seen < birth_date "
        "for m in metastases if ecog < 2)",
        SCOPE,
    )
    assert rule.facts == ("metastases", "first_line", "birth_date", "ecog")
    assert rule.judgements == ("fit", "treatable")


def test_and_within_or_is_outlined_as_bullets():
    text = "pregnant or (ecog <= 2 and (fit or not known(her2)))"
    assert outline(parse_rule(text, SCOPE).expression, VOCABULARY, STATEMENTS) == (
        "at least one of these:\n"
        "- pregnancy: yes\n"
        "- all of these:\n"
        "  - ECOG performance status is at most 2\n"
        "  - at least one of these:\n"
        "    - “The person is fit for surgery” holds\n"
        "    - HER2 status is not recorded"
    )


PHRASES = {
    "50 > lvef >= 40": "left ventricular ejection fraction is between 40 and 50 % (the first included)",
    "not 40 < lvef <= 50": "left ventricular ejection fraction is not between 40 and 50 % (the last included)",
    "40 < lvef < 50": "left ventricular ejection fraction is between 40 and 50 % (neither included)",
    "3 >= ecog": "ECOG performance status is at most 3",
    "not ecog == 3": "ECOG performance status is not 3",
    "lvef < lvef_before <= 60": "left ventricular ejection fraction is less than ejection fraction before treatment, "
    "which is at most 60 %",
    "not lvef < lvef_before <= 60": "it is not true that (left ventricular ejection fraction is less than ejection "
    "fraction before treatment, which is at most 60 %)",
    "2 * (lvef + 5) > lvef_before": "2 times (left ventricular ejection fraction plus 5 %) is more than ejection "
    "fraction before treatment",
    "since(birth_date) == months(1)": "exactly 1 month has passed since date of birth",
    "not since(birth_date) < years(2)": "at least 2 years have passed since date of birth",
    "not months(3) <= since(birth_date) < years(1)": "it is not true that between 3 months and 1 year (the first "
    "included) has passed since date of birth",
    "since(first_line.start) <= days(9) <= since(birth_date)": "the time since first-line therapy: first dose is at "
    "most 9 days, which is at most the time since date of birth",
    "age(first_line.start) < years(3)": "age by first-line therapy: first dose is less than 3 years",
    "birth_date == first_line.start": "date of birth is the same day as first-line therapy: first dose",
    "pregnant != no": "pregnancy: yes",
    "any(m.treated == pregnant for m in metastases)": "for at least one of the metastases, its local treatment and "
    "pregnancy have the same answer",
    "not any(m.treated for m in metastases)": "for none of the metastases, its local treatment: yes",
    "not none(m.treated for m in metastases)": "for at least one of the metastases, its local treatment: yes",
    "not all(m.treated for m in metastases)": "for at least one of the metastases, its local treatment: no",
    "not fit": "“The person is fit for surgery” does not hold",
    "any(count(n for n in metastases if treatable(n) and n.size > m.size) == 0 for m in metastases)": "for at least "
    "one of the metastases (m), the number of metastases (n) where (“This metastasis can be treated safely” holds "
    "for n, and the longest diameter of n is more than the longest diameter of m) is 0",
    "not yes or no": "never, or never",
}


@pytest.mark.parametrize(("rule", "said"), PHRASES.items())
def test_rarer_rules_read_well_too(rule, said):
    assert phrase(parse_rule(rule, SCOPE).expression, VOCABULARY, STATEMENTS) == said


def test_facts_with_one_label_are_told_apart_by_name():
    words = Vocabulary({name: FactType(name, "number", "Height") for name in ("sitting", "standing")})
    rule = parse_rule("sitting < standing", Scope(words))
    assert phrase(rule.expression, words, {}) == "height (sitting) is less than height (standing)"


def test_a_name_of_a_person_in_a_label_keeps_its_capital():
    words = Vocabulary({"kps": FactType("kps", "number", "Karnofsky performance status"), "x": FactType("x", "number")})
    assert (
        phrase(parse_rule("kps > x", Scope(words)).expression, words, {})
        == "Karnofsky performance status is more than x"
    )


def test_a_name_that_is_a_fact_and_a_code_is_refused_where_it_could_be_either():
    colours = {"red": "red", "tint": "tint"}
    words = Vocabulary({name: FactType(name, "code", codes=colours) for name in ("hue", "tint")})
    with pytest.raises(RuleError, match="'tint' is a fact and a code of hue: one of them needs another name"):
        parse_rule("hue == tint", Scope(words))


def test_a_fact_computed_from_one_for_reports_is_refused_too():
    kinds = [
        FactType("race", "text", reporting_only=True),
        FactType("group", "number", derived="made", inputs=("race", "other")),
        FactType("other", "number", derived="made", inputs=("group",)),
    ]
    with pytest.raises(RuleError, match="other is computed from race, and race is recorded for reports alone"):
        parse_rule("other > 1", Scope(Vocabulary({kind.name: kind for kind in kinds})))


@pytest.mark.parametrize("rule", ["count(metastases if ecog)", "any(fit for m in metastases, fit)", "ecog < not fit"])
def test_what_python_cannot_read_is_refused_in_our_words(rule):
    with pytest.raises(RuleError, match="this cannot be read: put brackets around the parts that belong together"):
        parse_rule(rule, SCOPE)


def test_a_rule_too_large_to_check_is_not_called_impossible():
    rule = parse_rule(" and ".join(["(ecog > 7 or lvef > 200)"] * 14), SCOPE)
    errors, warnings = faults(rule, VOCABULARY)
    assert errors == []
    assert any("`ecog > 7` can never be true" in warning for warning in warnings)


@pytest.mark.parametrize("name", ["x", "her2_positive", "M1"])
def test_a_name_of_letters_digits_and_underscores_will_do(name):
    assert name_fault(name) is None


@pytest.mark.parametrize("name", ["", "2x", "her2-positive", "größe", "a b"])
def test_any_other_name_is_refused(name):
    assert "is no name" in name_fault(name)
