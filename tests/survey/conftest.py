from tests.message.conftest import office
from tests.site import api, clock, redis, redis_url, settings, site

__all__ = ["api", "clock", "office", "redis", "redis_url", "settings", "site"]
