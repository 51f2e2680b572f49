"""Which open page has an account's browser phone, where two machines are signed in as one person.

Asterisk lets the newest registration win. A page that was left open elsewhere would take the phone back when it renews
its own, so it asks here before: the page that was opened last keeps it.
"""

import logging

from redis import Redis
from redis.exceptions import RedisError

from callcenter.bus import names

log = logging.getLogger(__name__)


def take(redis: Redis, endpoint: str, page: str) -> bool:
    """False: Redis is away."""
    try:
        redis.set(names.PHONE_PAGE.format(endpoint=endpoint), page)
    except (RedisError, OSError) as error:
        log.warning("phone.page-not-kept reason=%s", error)  # a phone is worth more than knowing whose it is
        return False
    return True


def has(redis: Redis, endpoint: str, page: str) -> bool:
    """True also where nobody knows: no page gives its phone up because Redis is away."""
    try:
        known = redis.get(names.PHONE_PAGE.format(endpoint=endpoint))
    except (RedisError, OSError):
        return True
    return known is None or known == page.encode()
