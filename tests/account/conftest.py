from tests.api.conftest import api, clock, database, redis, redis_url, settings, site  # noqa: F401
