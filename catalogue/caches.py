"""Redis that may be gone: what is cached can be done without, so nobody is shown an error for it. A leaf."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _or(answer: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer this when Redis does not; the log has a line for each time."""

    def decorate(ask: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(ask)
        def asked(*args: Any, **kwargs: Any) -> Any:
            try:
                return ask(*args, **kwargs)
            except RedisError as error:
                logger.error("The cache does not answer: %s", error)
                return answer

        return asked

    return decorate


class PatientRedisCache(RedisCache):
    """Without a server it is empty and keeps nothing: pages are rendered, and rate limits count from one each time."""

    set = _or(None)(RedisCache.set)
    add = _or(True)(RedisCache.add)
    incr = _or(1)(RedisCache.incr)
    touch = _or(False)(RedisCache.touch)
    delete = _or(False)(RedisCache.delete)
    has_key = _or(False)(RedisCache.has_key)
    get_many = _or({})(RedisCache.get_many)
    set_many = _or([])(RedisCache.set_many)
    delete_many = _or(None)(RedisCache.delete_many)
    clear = _or(False)(RedisCache.clear)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _or(default)(super().get)(key, default, version)
