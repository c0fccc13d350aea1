"""A member's own pages, behind sign-in; what cannot be taken back asks for the password again."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.http import page_of
from reviews.forms import CloseForm, ProfileForm
from reviews.models import Decision, Draft, Report, Review, ReviewState
from reviews.services import claim_reviews, close_account, export_account
from reviews.services.guests import claimable_reviews

PER_PAGE = 30
SHOWN = 20


@never_cache
@login_required
@require_safe
def my_reviews(request: HttpRequest) -> HttpResponse:
    """Everything the member wrote and where it stands: drafts, held and returned ones, the published, and reports."""
    assert request.user.is_authenticated
    mine = Review.objects.filter(author=request.user).with_movies().for_lists()
    waiting = mine.exclude(state=ReviewState.PUBLISHED)
    reasons = Decision.objects.filter(review__in=waiting.order_by().values("pk"), undone_at=None).order_by("made_at")
    context = {
        "drafts": list(Draft.objects.filter(author=request.user).select_related("movie").order_by("-saved_at")[:SHOWN]),
        "waiting": list(waiting),
        "reasons": {decision.review_id: decision.reason for decision in reasons},
        "page": page_of(request, mine.filter(state=ReviewState.PUBLISHED), PER_PAGE),
        "reports": list(Report.objects.filter(reporter=request.user).select_related("review__movie")[:SHOWN]),
        "claimable": claimable_reviews(request.user),
    }
    return render(request, "reviews/my_reviews.html", context)


@login_required
@require_POST
def claim(request: HttpRequest) -> HttpResponse:
    """Make what was written as a guest from a confirmed address the member's own."""
    assert request.user.is_authenticated
    number = claim_reviews(request.user)
    messages.success(request, f"{number} review{'' if number == 1 else 's'} carried over to your account.")
    return redirect("my_reviews")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_form(request: HttpRequest) -> HttpResponse:
    """What others see of the member, and which mails come."""
    assert request.user.is_authenticated
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("profile_form")
    return render(request, "reviews/profile_form.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
@reauthentication_required
@require_safe
def account_export(request: HttpRequest) -> HttpResponse:
    """Everything the site keeps about the member, as a file."""
    assert request.user.is_authenticated
    response = JsonResponse(export_account(request.user), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="{request.user.username}.json"'
    return response


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_close(request: HttpRequest) -> HttpResponse:
    """Ask, then delete the account; its reviews stay without a name or go with it, as the member chooses."""
    assert request.user.is_authenticated
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        member = request.user
        keep = form.cleaned_data["reviews"] == "keep" and Review.objects.filter(author=member).exists()
        logout(request)
        close_account(member, keep_reviews=keep)
        return render(request, "reviews/account_closed.html", {"keep": keep})
    return render(request, "reviews/account_close.html", {"form": form}, status=422 if form.errors else 200)
