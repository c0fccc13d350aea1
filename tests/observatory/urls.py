"""The site's addresses and one that breaks."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from catalogue.urls import handler400, handler403, handler404, handler500
from catalogue.urls import urlpatterns as ours


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("As it happens to everybody")


urlpatterns = [path("broken/", broken), *ours]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
