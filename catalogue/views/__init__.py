"""HTTP only: fetch, canonical address, render with a literal context."""

from catalogue.views.catalog import chart_detail, collection_detail, collection_list, movie_list
from catalogue.views.landings import country_detail, decade_detail, genre_detail, genre_list, studio_detail
from catalogue.views.machines import (
    favicon,
    healthz,
    list_template,
    media,
    metrics,
    readyz,
    robots,
    security_txt,
    speculation_rules,
)
from catalogue.views.movies import movie_credits, movie_detail, movie_preview, movie_preview_credits
from catalogue.views.pages import home, quality, quality_list, rating, search, search_suggest
from catalogue.views.people import person_detail, person_list
from catalogue.views.suggestions import my_suggestions, suggestion_form

__all__ = [
    "chart_detail",
    "collection_detail",
    "collection_list",
    "country_detail",
    "decade_detail",
    "favicon",
    "genre_detail",
    "genre_list",
    "healthz",
    "home",
    "list_template",
    "media",
    "metrics",
    "movie_credits",
    "movie_detail",
    "movie_list",
    "movie_preview",
    "movie_preview_credits",
    "my_suggestions",
    "person_detail",
    "person_list",
    "quality",
    "quality_list",
    "rating",
    "readyz",
    "robots",
    "search",
    "search_suggest",
    "security_txt",
    "speculation_rules",
    "studio_detail",
    "suggestion_form",
]
