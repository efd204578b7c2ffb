"""Texts that are refused as rules, and rules that are refused or warned about, with their messages. Data alone.

The vocabulary is that of `rule_language_table.py`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refused:
    """A text that is no rule, where its mistake is, and what the message says."""

    rule: str
    column: int
    message: str
    line: int = 1


# ---- what is refused ---------------------------------------------------------------------------

REFUSED = {
    "Names": [
        Refused("ecgo <= 2", 1, "nothing is called 'ecgo'; did you mean 'ecog'?"),
        Refused("her2 == postive", 9, "'postive' is no code of her2 (positive, negative); did you mean 'positive'?"),
        Refused("positive", 1, "'positive' is a code of her2: compare it with that, as in her2 == positive"),
        Refused("first_line.begin == x", 1, "first_line has no field 'begin' (but start, regimen)"),
        Refused("first_line.strt < birth_date", 1, "did you mean 'start'?"),
        Refused("ecog.value > 1", 1, "ecog is a number, it has no fields"),
        Refused("any(m.site in csn for m in metastases)", 15, "no set of codes is called 'csn'; did you mean 'cns'?"),
        Refused("any(m.site == cns for m in metastases)", 15, "'cns' is a set of codes: write m.site in cns"),
        Refused("any(m.site in brain for m in metastases)", 15, "'brain' is a code, not a set: write m.site == brain"),
        Refused("any(m.treated for m in metastasis)", 24, "no list is called 'metastasis'; did you mean 'metastases'?"),
        Refused("any(x.treated for x in ecog)", 24, "ecog is a number, not a list"),
        Refused("any(ecog.treated for ecog in metastases)", 22, "'ecog' is already a fact: choose another name"),
        Refused("cont(metastases) > 1", 1, "'cont' is nothing that a rule can ask; did you mean 'count'?"),
        Refused("hr2 in cns", 1, "nothing is called 'hr2'; did you mean 'her2'?"),
        Refused("her2 in cns", 9, "the set cns holds brain, which her2 cannot be"),
        Refused("any(m.site in {brian} for m in metastases)", 16, "did you mean 'brain'?"),
        Refused("cns", 1, "'cns' is a set of codes: write <fact> in cns"),
        Refused("known(ecg)", 7, "nothing is called 'ecg'; did you mean 'ecog'?"),
        Refused("since(birthdate) > days(1)", 7, "nothing is called 'birthdate'; did you mean 'birth_date'?"),
        Refused("efco + 3 > 5", 1, "nothing is called 'efco'"),
        Refused("sex == female", 1, "facts for reporting may not decide who takes part"),
    ],
    "Types": [
        Refused("ecog", 1, "ecog is a number, not a yes/no question: ask something about it, such as ecog <= ..."),
        Refused("birth_date > 18", 14, "birth_date is a date and 18 is a number: they cannot be compared; write a"),
        Refused("age(birth_date) >= 18", 20, "an age and 18 is a number: they cannot be compared; write years(18)"),
        Refused("age(birth_date) >= months(200)", 20, "age is counted in whole years: write years(...)"),
        Refused("ecog < months(3)", 8, "days, months and years go with since(...) and age(...) alone"),
        Refused("since(first_line.start) > 3", 27, "write days(3), months(3) or years(3)"),
        Refused("since(ecog) > months(3)", 7, "since(...) asks about a date, and ecog is a number"),
        Refused("since(birth_date) > since(first_line.start)", 21, "compare the two dates themselves"),
        Refused("since(birth_date) > months(1.5)", 28, "months(...) takes a whole number from 0 to 2400, not 1.5"),
        Refused("birth_date > months(3)", 14, "birth_date is a date and months(3) is a length of time"),
        Refused("her2 > positive", 1, "her2 is a code: it can only be compared by == and !="),
        Refused("her2 == positive == negative", 21, "codes and yes/no answers are compared in pairs"),
        Refused("her2 == 3", 9, "compare a code with one of its codes"),
        Refused("pregnant == 1", 13, "compare a yes/no answer with yes or no"),
        Refused("remark == remark", 1, "text cannot be compared: only known(...) can be asked about it"),
        Refused("ecog in {positive}", 1, "`in` asks about a code, and ecog is a number; compare it with <"),
        Refused("any(m.size > Gy(3) for m in metastases)", 14, "Gy(3) is compared with what is in mm"),
        Refused("ecog < mm(3)", 8, "mm(3) is compared with what has no unit"),
        Refused("dose < lvef", 8, "dose is in Gy and lvef is in %: only numbers in one unit go together"),
        Refused("lvef * lvef > 3", 1, "one side of * must be a plain number"),
        Refused("birth_date + 3 > 5", 1, "+ works on numbers, and birth_date is a date"),
        Refused("lvef * (mm(2) + 1) > 3", 1, "one side of * must be a plain number"),
        Refused("-ecog > 3", 1, "only a number can follow a minus here; write 0 - x"),
        Refused("dose > Gy(ecog)", 11, "Gy(...) takes a number, not ecog"),
        Refused("since(birth_date) > days(ecog)", 26, "days(...) takes a whole number from 0 to 100000, not ecog"),
        Refused("since(remark) > days(3)", 7, "since(...) asks about a date, and remark is text"),
        Refused("since(birth_date, remark) > days(3)", 1, "since(...) takes one thing between its brackets, not 2"),
        Refused("pregnant == birth_date", 13, "a yes/no answer and birth_date is a date: they cannot be compared"),
        Refused("any(m.site == m.proof for m in metastases)", 15, "m.site and m.proof have no code in common"),
        Refused("any(m.site in {liver, liver} for m in metastases)", 23, "liver stands twice in this set"),
        Refused("any(m.site in {1} for m in metastases)", 16, "between curly brackets stand codes alone"),
        Refused("any(m.site in 3 for m in metastases)", 15, "after `in` comes the name of a set, or codes in curly"),
        Refused("ecog < 2 in cns", 13, "`in` stands alone: join it to the other comparison with and"),
        Refused("known(yes)", 7, "known(...) asks about a fact or a field, and yes is neither"),
        Refused("known(ecog + 1)", 1, "known(...) asks about one fact or field"),
        Refused("1 < ecog > 0", 12, "a chain goes one way, as in 1 <= x < 5"),
        Refused("1 < 2", 1, "1 and 2 are both fixed: a rule asks about a fact"),
        Refused("(ecog < 2) == yes", 2, "a yes/no question cannot be compared: join questions with and, or, not"),
    ],
    "Lists, records and judgements": [
        Refused("metastases > 3", 1, "metastases is a list: ask count(metastases), or any, all, none of its entries"),
        Refused("metastases.size > 3", 1, "metastases is a list: ask any(x.size ... for x in metastases)"),
        Refused(
            "first_line == positive", 1, "first_line is a record: read one of its fields, such as first_line.start"
        ),
        Refused(
            "any(m for m in metastases)", 5, "m is an entry of metastases: read one of its fields, such as m.lesion"
        ),
        Refused("count(m.site for m in metastases) > 1", 7, "write count(m for m in metastases if ...)"),
        Refused("count(ecog + 1) > 1", 7, "count(...) takes a list, or m for m in list if ..."),
        Refused("any(m.treated for m in metastases for n in scans)", 39, "one `for` at a time"),
        Refused("any(m.treated for m.x in metastases)", 19, "after `for` comes one name for the entry, such as m"),
        Refused("any(m.treated for m in metastases if fit if fit)", 45, "one `if` at a time: join the questions with"),
        Refused("any(m.treated for m in 3)", 24, "only a list fact has entries: name one"),
        Refused("m.treated for m in metastases", 1, "`for` stands inside any(...), all(...), none(...) or count"),
        Refused("any(metastases)", 1, "any(...) asks about a list: write any(<question> for m in <list>)"),
        Refused("known(metastases)", 7, "metastases is a list: ask count(metastases)"),
        Refused("treatable", 1, "treatable is about one of metastases: write all(treatable(m) for m in metastases)"),
        Refused("any(treatable(s) for s in scans)", 5, "treatable(...) takes an entry of metastases"),
        Refused("any(fit(m) for m in metastases)", 5, "fit is about the person: write it without brackets"),
        Refused("fit == yes", 1, "fit is a judgement: write it by itself, or with not"),
    ],
    "Signs and words": [
        Refused("", 1, "the rule is empty: write a yes/no question, such as ecog <= 2"),
        Refused("ecog = 2", 6, "'=' has no meaning in a rule: write == to compare"),
        Refused("ecog ≤ 2", 6, "'≤' has no meaning in a rule: write <="),
        Refused('her2 == "positive"', 9, "codes are written without quotes"),
        Refused("ecog is 2", 6, "'is' has no meaning in a rule: write =="),
        Refused("pregnant == True", 13, "'True' has no meaning in a rule: write yes"),
        Refused("(lambda: 1)()", 2, "'lambda' has no meaning in a rule"),
        Refused("metastases[0]", 11, "entries of a list are asked about with any, all, none or count"),
        Refused(
            "ecog > 1 if pregnant else ecog > 2", 22, "'else' has no meaning in a rule: say it with and, or and not"
        ),
        Refused("(x := ecog) > 1", 4, "':' has no meaning in a rule"),
        Refused("any(m.site.name == liver for m in metastases)", 5, "only record.field can be read, with one dot"),
        Refused("pregnant, fit", 1, "a comma joins nothing here: write and or or"),
        Refused("first_line.5 > 1", 12, "after a dot comes the name of a field, not '5'"),
        Refused("pregnant and " * 400 + "fit", 1, "the rule is 5203 characters long, at most 4000 are read: split it"),
        Refused("not " * 80 + "pregnant", 1, "this is nested too deeply: split the rule"),
        Refused("ecog >", 6, "the rule ends after '>', where more is expected"),
        Refused("ecog 2", 6, "between 'ecog' and '2' a word such as `and` or a sign such as == is missing"),
        Refused("ecog > and pregnant", 8, "something is missing between '>' and 'and'"),
        Refused("(ecog > 1", 1, "this '(' is never closed"),
        Refused("ecog > 1)", 9, "this ')' closes nothing"),
        Refused("ecog > 1e3", 8, "'1e' is no number: write numbers as 5 or 1.8"),
        Refused("pregnant and\n  ecgo > 2", 3, "nothing is called 'ecgo'; did you mean 'ecog'?", line=2),
        Refused("(" * 31 + "pregnant" + ")" * 31, 31, "more than 30 brackets within one another: split the rule"),
    ],
}

# A rule that nobody can meet is refused when the study is loaded; the reason is part of the message.
NEVER_TRUE = {
    "ecog > 7": "ecog > 7 cannot hold: ecog is a whole number from 0 to 5",
    "1 < ecog < 2": "1 < ecog and ecog < 2 cannot hold together: ecog is a whole number from 0 to 5",
    "dose < 10 and dose > 20": "dose < 10 and dose > 20 cannot hold together: dose is a number, 0 or more",
    "her2 == positive and her2 == negative": "her2 == positive and her2 == negative cannot hold together",
    "months(12) <= since(first_line.start) <= months(3)": "cannot hold together",
    "since(first_line.start) > days(31) and since(first_line.start) <= months(1)": "cannot hold together",
    "age(birth_date) < years(0)": "age(birth_date) is a whole number, 0 or more",
    "count(metastases) < 0": "count(metastases) is a whole number, 0 or more",
    "count(metastases) == 0 and any(m.treated for m in metastases)": "cannot hold together",
    "any(m.size < 0 for m in metastases)": "m.size is a number, 0 or more",
    "any(m.site in cns and m.site == liver for m in metastases)": "m.site in cns and m.site == liver cannot",
    "any(m.treated for m in metastases) and none(m.treated for m in metastases)": "cannot hold together",
    "count(m for m in metastases if m.size < 0) > 0": "== 0 (since m.size < 0 cannot hold",
    "any(any(m.site == n.site for n in metastases if m.site != n.site) for m in metastases)": "cannot hold together",
    "since(birth_date) == months(12) and since(birth_date) != years(1)": "cannot hold together",
    "none(m.treated for m in metastases) and any(m.treated for m in metastases)": "cannot hold together",
    "known(ecog) and not known(ecog)": "known(ecog) and not known(ecog) cannot hold together",
    "not known(ecog) and ecog <= 2": "not known(ecog) and ecog <= 2 cannot hold together",
    "lvef - lvef > 0": "lvef - lvef > 0 never holds",
    "first_line.start < birth_date and birth_date < first_line.start": "cannot hold together",
    "no": "no never holds",
}
# A rule that loads, with a warning to its author.
WARNED = {
    "ecog >= 0": "this can never be false, so it decides nothing: ecog < 0 cannot hold: ecog is a whole",
    "ecog > 7 or pregnant": "`ecog > 7` can never be true: ecog > 7 cannot hold: ecog is a whole number from 0 to 5",
    "ecog <= 5 and pregnant": "`ecog <= 5` can never be false: ecog > 5 cannot hold",
    "none(m.size < 0 for m in metastases)": "this can never be false",
    "count(m for m in metastases if m.size >= 0) <= 3": "`m.size >= 0` can never be false",
}
# Rules that look like those above and are in order.
IN_ORDER = [
    "ecog < 1 or ecog > 2",
    "1 <= ecog < 2",
    "her2 != positive and known(her2)",
    "months(12) <= since(first_line.start) <= years(1)",
    "days(31) <= since(birth_date) <= months(1)",
    "since(birth_date) != days(365) and since(birth_date) == years(1)",
    "all(m.treated for m in metastases) and count(metastases) == 0",
    "all(m.treated for m in metastases if m.site == bone) and any(not m.treated for m in metastases)",
    "none(m.treated for m in metastases if m.site == bone) and any(m.treated for m in metastases)",
    "any(m.treated for m in metastases) and any(not m.treated for m in metastases)",
    "any(m.site == bone for m in metastases) and any(m.site == liver for m in metastases)",
    "any(m.site != bone and m.site != liver for m in metastases)",
    "any(m.site != bone and m.site == liver for m in metastases)",
    "not known(ecog) or ecog <= 2",
    "lvef_before - lvef > 0 and lvef > 50",
    "any(any(m.site == n.site for n in metastases if m.size != n.size) for m in metastases)",
    "count(m for m in metastases if m.size > 5) < 1 and count(metastases) > 3",
]
