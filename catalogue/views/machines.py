"""Addresses for machines."""

import hmac
from datetime import date, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve

from catalogue.http import site_address
from catalogue.importers.template import template_csv
from catalogue.observe import metrics as counters


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers leave alone: what is endless, and what is no page."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/admin/", "/accounts/", "/search/", "/movies/?*&", "/*/reviews/write/")),
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap_index'))}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@require_safe
def speculation_rules(request: HttpRequest) -> HttpResponse:
    """Which links a browser may fetch once the reader points at them: pages that are the same for everybody."""
    left = [
        {"href_matches": path} for path in ("/accounts/*", "/admin/*", "/*/write/*", "/*\\?*", "/feeds/*", "/*/feed/*")
    ]
    left.append({"selector_matches": "[rel~=nofollow]"})
    where = {"and": [{"href_matches": "/*"}, *({"not": path} for path in left)]}
    response = JsonResponse({"prefetch": [{"where": where, "eagerness": "moderate"}]})
    response.headers["Content-Type"] = "application/speculationrules+json"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness, as RFC 9116 has it: settings.SECURITY_CONTACT, a mail address or an https address."""
    if not settings.SECURITY_CONTACT:
        raise Http404("There is no contact.")
    contact = settings.SECURITY_CONTACT
    lines = [
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {date.today() + timedelta(days=180)}T00:00:00Z",
        f"Canonical: {site_address(reverse('security_txt'))}",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask here for the icon of pages that name none."""
    return redirect(static("favicon.svg"))


@require_safe
def list_template(request: HttpRequest, which: str) -> HttpResponse:
    """The table that import_spreadsheet reads, to start one's own list from: the template, or the filled example."""
    if which not in ("template", "example"):
        raise Http404("There is no such list.")
    headers = {"Content-Disposition": f'attachment; filename="movies-{which}.csv"'}
    content = template_csv(is_filled=which == "example")
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A stored picture, for machines of one's own; in production the web server in front serves them."""
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError as error:  # a name longer than the file system takes
        raise Http404("There is no such picture.") from error
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"  # named by their content
    return response


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can serve pages: the database answers and is migrated. 503 with the reason otherwise."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "does not answer"}, status=503)
    if waiting:
        return JsonResponse({"ready": False, "migrations": len(waiting)}, status=503)
    return JsonResponse({"ready": True})


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters in Prometheus' text format for who sends ``Authorization: Bearer METRICS_TOKEN``, else 404."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(sent.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404("There is no such page.")
    return HttpResponse("\n".join([*counters.lines(), ""]), content_type="text/plain; version=0.0.4; charset=utf-8")
