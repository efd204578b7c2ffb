"""The manual's page on the rule language, made from the tables that the tests hold the program to."""

import json

from evenhand.logic import NO, YES, Reason, Unknown, conjunction, disjunction, negation
from evenhand.rules.impossible.satisfiable import faults
from evenhand.rules.reading.language import RuleError, Scope, parse_rule
from evenhand.rules.reading.scope import PERIOD_WORDS, UNIT_WORDS
from tests.spec.rule_language_mistakes import NEVER_TRUE, REFUSED, WARNED
from tests.spec.rule_language_table import FACTS, JUDGEMENTS, SECTIONS, SETS, STATEMENTS, TODAY, VOCABULARY

SCOPE = Scope(VOCABULARY, JUDGEMENTS)
OPEN = Unknown(Reason("missing", "anything"))
LONG = 60

INTRODUCTION = """\
# The rule language

This page is made from the tables that the tests hold the program to (`tests/spec/rule_language_table.py` and
`rule_language_mistakes.py`): every answer, English sentence and message on it is one that the program gives.

A **rule** is one yes/no question about a person on a day. An inclusion criterion is passed when the answer is yes, an
exclusion criterion when it is no. Rules stand in the study's files, for instance

```yaml
  - id: I3
    kind: inclusion
    rule: >-
      1 <= count(metastases) <= 5
      and none(m.site in cns for m in metastases)
```

The text may run over several lines; spaces and line breaks mean nothing. It is written in a small part of Python's
expression syntax and is never run as a program. Each name in it is a fact, a field, a code, a set of codes or a
judgement that the study declares; what a name means is looked up, and every comparison type-checked, when the study is
loaded. A mistake is reported with file, line and column."""

ANSWERS = """\
## Yes, no, unknown

A question has three answers: **yes**, **no** and **unknown**. A fact that was not recorded is unknown, never false. An
unknown always says why:

* *missing*: nothing was recorded, or a list is not known to be complete;
* *conflicting*: the newest records of the same fact disagree;
* *imprecise*: a partial date or a bounded number leaves the question open;
* *undecidable code*: a code is too vague for the set that is asked about, or no code of the study;
* *needs attestation*: a judgement has not been signed, or its signature has expired.

`and`, `or` and `not` follow Kleene's logic: an answer is known as soon as what is known decides it."""

REFUSALS = """\
## What is refused

Each of these is reported when the study is loaded, with its line and column. The first mistake of a rule is reported;
the mistakes of different rules are all reported at once."""

IMPOSSIBLE = """\
## Rules that nobody can meet

Some mistakes pass every type check: a window with its ends exchanged, a bound that no value reaches. A rule that can
never be true is refused; `any` and `all` over the same list, the bounds of facts, calendar months against days and what
`known` implies are all taken into account. The check is careful: what it calls impossible is impossible, but it does
not find everything."""

WARNINGS = """\
A rule that can never be false, or a part that never matters, is a warning to the author."""


def page() -> str:
    """The whole page, Markdown."""
    parts = [
        INTRODUCTION,
        "## The vocabulary of the examples",
        f"The person is judged on {TODAY} unless an example names another day.",
        _table(("name", "what it is", "label"), map(_described, FACTS)),
        _bullets([f"`{one.name}`, a set of codes: {_codes(one)}" for one in SETS]),
        _bullets([f"`{name}`, a judgement: “{said}”" for name, said in STATEMENTS.items()]),
        ANSWERS,
        _kleene(),
        *(part for section in SECTIONS for part in _section(section)),
        REFUSALS,
        *(part for title, mistakes in REFUSED.items() for part in (f"### {title}", _refusals(mistakes))),
        IMPOSSIBLE,
        _table(("rule", "message"), ((f"`{rule}`", _fault(rule, 0)) for rule in NEVER_TRUE)),
        WARNINGS,
        _table(("rule", "message"), ((f"`{rule}`", _fault(rule, 1)) for rule in WARNED)),
        "## Words of the language",
        _bullets(_words()),
    ]
    return "\n\n".join(parts) + "\n"


def _section(section):
    yield f"## {section.title}"
    yield section.text
    for example in section.examples:
        yield f"```text\n{example.rule}\n```"
        yield f"*In English:* {example.phrase}."
        if example.judged:
            rows = [(_facts(one), f"**{one.answer}**", one.because) for one in example.judged]
            yield _table(("recorded", "answer", ""), rows)


def _facts(judged):
    parts = [f"`{name}: {_value(value)}`" for name, value in judged.facts.items()]
    parts += [f"signed {_value(answer)}: `{name}`" for name, answer in judged.attested.items()]
    recorded = ", ".join(parts) or "nothing"
    return recorded + (f"; on {judged.on}" if judged.on != TODAY else "")


def _value(value):
    """As in a study's cases: YAML on one line."""
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return "{" + ", ".join(f"{name}: {_value(item)}" for name, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case _:
            return str(value)


def _described(fact):
    what = {"yes_no": "yes or no"}.get(fact.kind, fact.kind)
    if fact.step == 1:
        what = "whole number"
    if fact.many:
        what = "list of records"
    if fact.codes:
        what += ": " + ", ".join(f"`{code}`" for code in fact.codes)
    if fact.fields:
        what += ": " + ", ".join(f"`{name}` ({_described(inner)[1]})" for name, inner in fact.fields.items())
    bounds = [f"from {fact.low}" * (fact.low is not None), f"to {fact.high}" * (fact.high is not None)]
    extra = [fact.unit or "", " ".join(filter(None, bounds)), "for reports alone" * fact.reporting_only]
    return f"`{fact.name}`", ", ".join(filter(None, [what, *extra])), fact.label


def _codes(one):
    said = ", ".join(f"`{code}`" for code in sorted(one.members))
    vague = ", ".join(f"`{code}`" for code in sorted(one.undecidable))
    return f"{said}; {vague} cannot tell"


def _kleene():
    answers = (YES, NO, OPEN)
    rows = [
        (_answer(a), _answer(b), _answer(conjunction((a, b))), _answer(disjunction((a, b))), _answer(negation(a)))
        for a in answers
        for b in answers
    ]
    return _table(("a", "b", "a and b", "a or b", "not a"), rows)


def _answer(answer):
    return "yes" if answer is YES else "no" if answer is NO else "unknown"


def _refusals(mistakes):
    return _table(("text", "line, column", "message"), map(_refusal, mistakes))


def _refusal(refused):
    try:
        parse_rule(refused.rule, SCOPE)
    except RuleError as error:
        text = json.dumps(refused.rule, ensure_ascii=False)[1:-1].replace('\\"', '"') or " "
        shown = text if len(text) < LONG else f"{text[: LONG // 2]}...{text[-LONG // 2 :]}"
        return f"`{shown}`", f"{error.line}, {error.column}", error.message
    raise AssertionError(f"{refused.rule} is accepted")


def _fault(rule, which):
    return "; ".join(faults(parse_rule(rule, SCOPE), VOCABULARY)[which])


def _words():
    yield "joining: `and` `or` `not` `in` `not in`; comparing: `<` `<=` `==` `!=` `>=` `>`; calculating: `+` `-` `*`"
    yield "lists: `count(list)`, `count(m for m in list if ...)`, `any(... for m in list if ...)`, `all`, `none`"
    yield "dates: `since(date)`, `age(date)`; lengths of time: " + _calls(sorted(PERIOD_WORDS))
    yield f"units: {_calls(sorted(UNIT_WORDS, key=str.lower))}; also `known(x)`, `yes`, `no`"


def _calls(words):
    return ", ".join(f"`{word}(n)`" for word in words)


def _table(heading, rows):
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _bullets(lines):
    return "\n".join(f"* {line}" for line in lines)
