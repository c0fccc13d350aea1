"""The map of the site. One name per page: URL name = view function = template stem."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import cache_page
from django.views.generic import RedirectView

from catalogue import views
from catalogue.admin import today
from catalogue.sitemaps import SITEMAPS, at_one_address

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "The desk"
admin.site.index = today.index  # type: ignore[method-assign]
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # one door, with one set of limits
admin.site.password_change = RedirectView.as_view(pattern_name="account_change_password")  # type: ignore[method-assign, assignment]

movie_urls: list[URLPattern | URLResolver] = [
    path("", views.movie_detail, name="movie_detail"),
    path("credits/", views.movie_credits, name="movie_credits"),
    path("reviews/", include("reviews.urls")),
]
machine_urls = [
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        at_one_address(cache_page(3600, cache="pages")(sitemap_views.index)),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"},
        name="sitemap_index",
    ),
    path(
        "sitemap-<section>.xml",
        at_one_address(cache_page(3600, cache="pages")(sitemap_views.sitemap)),
        {"sitemaps": SITEMAPS},
        name="sitemap",
    ),
    path("list/<slug:which>.csv", views.list_template, name="list_template"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("speculation-rules.json", views.speculation_rules, name="speculation_rules"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path(".well-known/change-password", RedirectView.as_view(pattern_name="account_change_password")),
]
urlpatterns = [
    path("", views.home, name="home"),
    path("movies/", views.movie_list, name="movie_list"),
    path("movies/<int:pk>/<slug:slug>/", include(movie_urls)),
    path("previews/<str:token>/", views.movie_preview, name="movie_preview"),
    path("previews/<str:token>/credits/", views.movie_preview_credits, name="movie_preview_credits"),
    path("people/", views.person_list, name="person_list"),
    path("people/<int:pk>/<slug:slug>/", views.person_detail, name="person_detail"),
    path("genres/", views.genre_list, name="genre_list"),
    path("genres/<slug:slug>/", views.genre_detail, name="genre_detail"),
    path("decades/<int:decade>/", views.decade_detail, name="decade_detail"),
    path("countries/<slug:code>/", views.country_detail, name="country_detail"),
    path("studios/<int:pk>/<slug:slug>/", views.studio_detail, name="studio_detail"),
    path("collections/", views.collection_list, name="collection_list"),
    path("collections/<int:pk>/<slug:slug>/", views.collection_detail, name="collection_detail"),
    path("charts/<slug:slug>/", views.chart_detail, name="chart_detail"),
    path("charts/<slug:slug>/<slug:by>/<slug:value>/", views.chart_detail, name="chart_detail"),
    path("search/", views.search, name="search"),
    path("search/suggest/", views.search_suggest, name="search_suggest"),
    path("suggest/<slug:kind>/<int:pk>/", views.suggestion_form, name="suggestion_form"),
    path("accounts/suggestions/", views.my_suggestions, name="my_suggestions"),
    path("about/quality/", views.quality, name="quality"),
    path("about/quality/<slug:name>/", views.quality_list, name="quality_list"),
    path("about/rating/", views.rating, name="rating"),
    path("", include("reviews.member_urls")),
    path("accounts/", include("allauth.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
    *machine_urls,
]
if not settings.SECURE:
    urlpatterns.append(path("media/<path:path>", views.media, name="media"))

handler400 = "catalogue.views.errors.bad_request"
handler403 = "catalogue.views.errors.permission_denied"
handler404 = "catalogue.views.errors.not_found"
handler500 = "catalogue.views.errors.server_error"
