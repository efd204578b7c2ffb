"""Signing judgements: the statement, what it rests on, the answer, the signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evenhand import steps
from evenhand.eligibility import Assessment, evidence_answer, evidence_behind, signed_so_far
from evenhand.eligibility.attested import who_signed
from evenhand.facts import Attestation
from evenhand.logic import NO, YES, Unknown
from evenhand.protocol import Judgement, Protocol
from evenhand.record import Actor, Event, History, SubjectHistory
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.candidates.answer_form import AnswerForm
from evenhand.web.pages.candidates.asked import INCOMPLETE, is_whole
from evenhand.web.pages.candidates.criteria import Piece, Sheet
from evenhand.web.pages.candidates.heading import heading
from evenhand.web.pages.candidates.judgements import items_of, reason_about
from evenhand.web.pages.candidates.words import about_words, field_words, gap_words
from evenhand.web.signing import SignatureForm
from evenhand.web.typed import guards, typed_before

_CONFLICT = 409


def attest_each(
    protocol: Protocol, history: History, *, subject: str, given: Sequence[Attestation], by: Actor, at: datetime
) -> list[Event]:
    """Record several signatures of one ceremony: all or none, each under its own body."""
    return [
        event for one in given for event in steps.attest(protocol, history, subject=subject, given=one, by=by, at=at)
    ]


@dataclass(frozen=True, slots=True)
class Question:
    """One entry (or the person) that an answer is asked about."""

    item: str | None
    described: tuple[tuple[str, str], ...]
    earlier: tuple[str, ...]
    wanted: bool
    form: AnswerForm


@at_desk(Action.ATTEST)
def attest(request: HttpRequest, desk: Desk, subject: str, judgement: str) -> HttpResponse:
    """Answer and sign a judgement, about the person or about some entries of its list (``?item=`` names one)."""
    known = desk.candidate(subject, Action.ATTEST)
    asked = desk.protocol.judgements.get(judgement)
    if asked is None:
        raise Http404(f"There is no judgement {judgement!r} in this protocol.")
    site = desk.site_of(subject)
    by = desk.acting(Action.ATTEST, site, asked.roles)
    assessment = steps.assess(desk.protocol, desk.history, subject=subject, on=desk.today(site))
    page = _Page(request, desk, known, asked, assessment)
    if request.method != "POST":
        before = page.before is not None
        return page.shown(page.questions(bound=False, typed=before), page.signature(bound=False))
    return _signed(page, by)


def _signed(page: _Page, by: Actor) -> HttpResponse:
    questions, signature = page.questions(bound=True), page.signature(bound=True)
    answers_fit = not [question for question in questions if not question.form.is_valid()]  # each is to say its faults
    nothing = answers_fit and all(question.form.answered is None for question in questions)
    if not is_whole(signature):
        return page.shown(page.questions(bound=False, typed=True), page.signature(bound=False), refusal=INCOMPLETE)
    if not answers_fit or nothing or not signature.is_valid():
        return page.shown(questions, signature, nothing=nothing)
    subject = page.known.subject or ""
    made = (question.form.attestation(signature.signer, by.role) for question in questions)
    given = tuple(one for one in made if one is not None)
    try:
        store.perform(page.desk.study, attest_each, by=by, **signature.guards, subject=subject, given=given)
    except Refusal as refusal:
        return page.shown(page.questions(bound=False, typed=True), page.signature(bound=False), refusal=refusal)
    about = f" about {', '.join(one.item for one in given if one.item)}" if given[0].item else ""
    messages.success(page.request, f"Signed{about}, and recorded.")
    return redirect("candidate", study=page.desk.study, subject=subject)


class _Page:
    """One request about one judgement."""

    def __init__(
        self, request: HttpRequest, desk: Desk, known: SubjectHistory, judgement: Judgement, assessment: Assessment
    ) -> None:
        self.request = request
        self.desk = desk
        self.known = known
        self.judgement = judgement
        self.assessment = assessment
        self.before = typed_before(request)
        items = items_of(judgement, assessment)
        item = request.GET.get("item")
        if item is not None and item not in items:
            raise Http404(f"There is no {item!r} among what this judgement is about.")
        self.items = items if item is None else [item]
        self._wanted = {reason.about for one in assessment.criteria for reason in one.reasons}

    def questions(self, *, bound: bool, typed: bool = False) -> list[Question]:
        """What is asked, what waits for a signature first; ``typed`` shows again what was entered."""
        found = [self._question(item, bound, typed) for item in self.items]
        return sorted(found, key=lambda question: not question.wanted)

    def _question(self, item: str | None, bound: bool, typed: bool) -> Question:
        form = AnswerForm(
            self.request.POST if bound else None,
            judgement=self.judgement,
            item=item,
            assessment=self.assessment,
            alone=len(self.items) == 1,
        )
        if typed:
            data = self.request.POST if self.before is None else self.before
            form.initial = {name: data.get(form.add_prefix(name), "") for name in form.fields}
        earlier = tuple(who_signed(one) for one in signed_so_far(self.assessment, self.judgement, item))
        wanted = reason_about(self.judgement, item) in self._wanted
        return Question(item, self._described(item), earlier, wanted, form)

    def _described(self, item: str | None) -> tuple[tuple[str, str], ...]:
        """What is on record about the entry."""
        if item is None or self.judgement.about is None:
            return ()
        kind = self.desk.protocol.vocabulary.facts[self.judgement.about]
        entries: list[Mapping[str, object]] = [dict(one) for one in self.assessment.view.items(kind.name).entries]
        entry = next((one for one in entries if one.get(kind.key or "") == item), {})
        return tuple(field_words(kind, entry))

    def signature(self, *, bound: bool) -> SignatureForm:
        """The signature; what it means is recorded with it."""
        meaning = f"my answer to “{self.judgement.statement.strip()}”"
        return SignatureForm(
            self.request.POST if bound else None,
            request=self.request,
            about=self.known,
            meaning=meaning,
            initial=guards(self.before),
        )

    def shown(self, questions: list[Question], signature: SignatureForm, **more: object) -> HttpResponse:
        """The page."""
        site = self.desk.site_of(self.known.subject or "")
        page = {
            "desk": self.desk,
            "top": heading(self.desk, self.known),
            "judgement": self.judgement,
            "role": self.desk.acting(Action.ATTEST, site, self.judgement.roles).role,
            "on": self.assessment.on,
            "until": self.judgement.expires.after(self.assessment.on) if self.judgement.expires else None,
            "evidence": self._evidence(),
            "says": self._says(),
            "questions": questions,
            "form": signature,
            **more,
        }
        return render(self.request, "candidate/attest.html", page, status=_CONFLICT if "refusal" in more else 200)

    def _evidence(self) -> list[Piece]:
        sheet = Sheet(self.desk, self.known, self.assessment)
        return [sheet.piece(piece) for piece in evidence_behind(self.assessment, self.judgement)]

    def _says(self) -> tuple[str, str]:
        """What the facts alone say, as a word and a sentence."""
        if self.judgement.evidence is None:
            return "", ""
        answer = evidence_answer(self.assessment, self.judgement)
        if answer is YES:
            return "pass", "The facts on record speak for the statement."
        if answer is NO:
            return "fail", "The facts on record speak against the statement: a yes needs a reason."
        reasons = answer.reasons if isinstance(answer, Unknown) else ()
        about = ((about_words(one.about, self.desk.protocol), gap_words(one.detail or one.why)) for one in reasons)
        gaps = "; ".join(f"{label}: {detail}" for label, detail in about)
        alone = " A signature alone does not stand in for them." if self.judgement.needs_evidence else ""
        return "unknown", f"The facts on record do not decide it: {gaps}.{alone}"
