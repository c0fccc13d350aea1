import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from catalogue.observe import current, metrics

META = "HTTP_" + current.HEADER.upper().replace("-", "_")
logger = logging.getLogger("slow")


class ObserveMiddleware:
    """Outermost: gives each request its id, in logs and in the response, counts it, and logs it when it was slow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = current.id_for(request.headers.get(current.HEADER, ""))
        request.META[META] = request_id
        tokens = current.request_id.set(request_id), current.request.set(request)
        try:
            response = self.get_response(request)
            response.headers[current.HEADER] = request_id
            self._tell(request, response, time.perf_counter() - started)
        finally:
            current.request_id.reset(tokens[0])
            current.request.reset(tokens[1])
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        if settings.METRICS_TOKEN:
            metrics.count_request(response.status_code, seconds)
        if 0 < settings.SLOW_REQUEST_MS <= seconds * 1000:
            extra = {"page": current.page_of(request), "status": response.status_code, "ms": round(seconds * 1000)}
            logger.warning("A request took %(ms)s ms.", extra, extra=extra)
