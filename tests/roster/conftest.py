from tests.site import api, clock, redis, redis_url, settings, site

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site"]
