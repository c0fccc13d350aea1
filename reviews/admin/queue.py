"""The queue: what waits for a moderator, its text in place, its author's record beside it, decisions one click away."""

from collections import defaultdict
from datetime import datetime

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode

from catalogue.models import Movie
from catalogue.text import clean
from reviews.models import Action, Decision, HeldFor, Member, Outcome, Report, Review, ReviewState
from reviews.models.review import ReviewQuerySet
from reviews.services import Verdict, decide, decide_about_member
from reviews.services.moderation import MEMBER_ACTIONS

PER_PAGE = 25
LOG, LOG_ROWS = 10, 300  # clicks shown, of so many decisions
MOST_DIGITS = 18  # what a key may have
# Said when a moderator lets something stand without saying why; whatever takes something away asks for a reason.
STANDS = "Within the house rules."
SHOWS = {
    "": "Everything that waits",
    "reported": "Reported",
    "first": "First reviews",
    "guest": "Guests",
    "burst": "Bursts",
}
UNDECIDED = "queue_undecided"  # of the session
BUTTONS = (Action.APPROVE, Action.HIDE, Action.RETURN, Action.MARK_SPOILERS, Action.DISMISS, Action.REMOVE)


def queue(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """?show= narrows it; ?member= and ?movie= show everything of one member or movie, whatever its state.

    What was ticked and typed is there again on the next page, but for what a decision was about.
    """
    if not request.user.has_perm("reviews.moderate_review"):
        raise PermissionDenied
    found = _found(request)
    if request.method == "POST":
        if _is_about_all(request) and "sure" not in request.POST and _has_reason(request):
            return _ask(request, site, found)
        if _decide(request, found):
            request.session[UNDECIDED] = _undecided(request.POST)
            return redirect(request.get_full_path())
    sent = request.POST or QueryDict(request.session.pop(UNDECIDED, ""))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **site.each_context(request),
        "title": _title(request),
        "page": page,
        "items": _with_records(list(page.object_list), sent),
        "reason": sent.get("reason", ""),
        "shows": SHOWS,
        "show": request.GET.get("show", ""),
        "loaded": timezone.now().isoformat(),
        "buttons": BUTTONS,
        "member_buttons": MEMBER_ACTIONS,
        "log": _log(),
        "is_scoped": bool(request.GET.get("member") or request.GET.get("movie")),
    }
    return render(request, "admin/reviews/queue.html", context)


def _found(request: HttpRequest) -> ReviewQuerySet:
    reviews = Review.objects.exclude(state=ReviewState.UNCONFIRMED).select_related("author").with_movies()
    reviews = reviews.order_by("published_at", "pk")
    for name in ("member", "movie"):
        if value := request.GET.get(name):
            column = "author" if name == "member" else "movie"
            return reviews.filter(**{column: int(value)}) if _is_key(value) else reviews.none()
    reported = Report.objects.filter(outcome=Outcome.OPEN).values("review")
    show = request.GET.get("show")
    if show == "reported":
        return reviews.filter(pk__in=reported)
    if show in HeldFor.values and show:
        return reviews.filter(state=ReviewState.HELD, held_for=show)
    return reviews.filter(Q(state=ReviewState.HELD) | Q(pk__in=reported))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def _title(request: HttpRequest) -> str:
    for model, name in ((Member, "member"), (Movie, "movie")):
        key = request.GET.get(name, "")
        if _is_key(key) and (subject := model._default_manager.filter(pk=key).first()):
            return f"All reviews {'by' if name == 'member' else 'of'} {subject}"
    return "Reviews to look at"


def _log() -> list[tuple[Decision, int]]:
    """The last decisions, those of one click as one, with their number: 1 query."""
    clicks: dict[str, list[Decision]] = defaultdict(list)
    for decision in Decision.objects.all()[:LOG_ROWS]:
        clicks[decision.batch or str(decision.pk)].append(decision)
    return [(decisions[0], len(decisions)) for decisions in clicks.values()][:LOG]


def _is_about_all(request: HttpRequest) -> bool:
    return request.POST.get("decide", "").endswith(":all")


def _has_reason(request: HttpRequest) -> bool:
    """Whether a decision about all has the reason it needs; one without it is refused at once."""
    action = request.POST["decide"].partition(":")[0]
    return action in (Action.APPROVE, Action.DISMISS) or bool(clean(request.POST.get("reason", "")))


def _ask(request: HttpRequest, site: AdminSite, found: ReviewQuerySet) -> HttpResponse:
    """Say how many it would be, before everything of a list is decided at once."""
    name = request.POST["decide"].partition(":")[0]
    context = {
        **site.each_context(request),
        "title": "Are you sure?",
        "name": name,
        "action": Action(name).label if name in Action.values else "Nothing",
        "number": found.count(),
        "what": _title(request),
        "fields": {key: request.POST.get(key, "") for key in ("decide", "reason", "loaded")},
    }
    return render(request, "admin/reviews/queue_sure.html", context)


def _with_records(reviews: list[Review], sent: QueryDict) -> list[dict[str, object]]:
    """Each review with its open reports, its author's record and what was ticked and typed: 3 queries for the page."""
    reports: dict[int, list[Report]] = defaultdict(list)
    for report in Report.objects.filter(review__in=reviews, outcome=Outcome.OPEN).select_related("reporter"):
        reports[report.review_id].append(report)
    authors = {review.author_id for review in reviews if review.author_id}
    states = {state.value: Count("pk", filter=Q(state=state)) for state in ReviewState}
    written = {
        row["author"]: row
        for row in Review.objects.filter(author__in=authors).order_by().values("author").annotate(**states)
    }
    decided = dict(
        Decision.objects.filter(member__in=authors, action__in=[Action.WARN, Action.SUSPEND], undone_at=None)
        .order_by()
        .values_list("member")
        .annotate(Count("pk"))
    )
    return [
        {
            "review": review,
            "reports": reports[review.pk],
            "written": written.get(review.author_id) if review.author_id else None,
            "decided": decided.get(review.author_id or 0, 0),
            "is_ticked": str(review.pk) in sent.getlist("review"),
            "reason": sent.get(f"reason-{review.pk}", ""),
        }
        for review in reviews
    ]


def _decide(request: HttpRequest, found: ReviewQuerySet) -> bool:
    """Carry out ``decide`` = "action:key", "action:selected" or "action:all" of what is shown; False if refused."""
    assert request.user.is_authenticated
    name, _, target = request.POST.get("decide", "").partition(":")
    if name not in Action.values:
        messages.error(request, "Choose what to do.")
        return False
    action = Action(name)
    single = target if _is_key(target) else ""
    reason = clean(request.POST.get(f"reason-{single}" if single else "reason", ""))
    if not reason and action in (Action.APPROVE, Action.DISMISS):
        reason = STANDS
    targets = _targets(request, found, target, single)
    if not targets:
        messages.error(request, "Tick at least one review.")
        return False
    reviews = _unchanged(request, targets)
    if not reviews:
        return False
    verdict = Verdict(moderator=request.user, action=action, reason=reason[:500])
    try:
        with transaction.atomic():  # all or none
            if action in MEMBER_ACTIONS:
                authors = {review.author for review in reviews if review.author}
                number, what = len([decide_about_member(author, verdict) for author in authors]), "member"
            else:
                number, what = decide(reviews, verdict), "review"
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, f"{action.label}: {number} {what}{'' if number == 1 else 's'}.")
    return True


def _undecided(sent: QueryDict) -> str:
    """What was ticked and typed for reviews that the decision was not about, as a query string."""
    target = sent.get("decide", "").partition(":")[2]
    if target == "all":
        return ""
    decided = {target} if _is_key(target) else set(sent.getlist("review"))
    left = [("review", key) for key in sent.getlist("review") if key not in decided]
    for name in sent:
        start, _, key = name.partition("-")
        if start == "reason" and (key not in decided if key else _is_key(target)):
            left.append((name, sent.get(name, "")))
    return urlencode(left)


def _unchanged(request: HttpRequest, reviews: list[Review]) -> list[Review]:
    """Those whose words are still what the moderator saw when the page was loaded; the others are named."""
    try:
        loaded = datetime.fromisoformat(request.POST.get("loaded", ""))
        same = [review for review in reviews if (review.edited_at or review.published_at) <= loaded]
    except (TypeError, ValueError):  # no time, or one without its zone: not a page of ours
        same = []
    if len(same) < len(reviews):
        messages.error(request, f"{len(reviews) - len(same)} changed since this page was loaded: read them again.")
    return same


def _targets(request: HttpRequest, found: ReviewQuerySet, target: str, single: str) -> list[Review]:
    if single:
        return list(Review.objects.select_related("author").filter(pk=single))
    if target == "all":
        return list(found)
    chosen = [key for key in request.POST.getlist("review") if _is_key(key)]
    return list(Review.objects.select_related("author").filter(pk__in=chosen))
