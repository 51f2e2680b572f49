"""The sweeper's chore for the cloud, in a thread of its own: a provider that does not answer holds up nobody else."""

import logging
from threading import Thread

from sqlalchemy.exc import SQLAlchemyError

from callcenter import secrets
from callcenter.clock import Clock
from callcenter.cloud.fetching import CloudFetch
from callcenter.cloud.provider import API, Provider
from callcenter.cloud.setup import Cloud, cloud_of, lacking
from callcenter.config import Settings
from callcenter.errors import CallCenterError
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)


class CloudChore:
    """Does nothing while the number in the cloud is not set up."""

    def __init__(self, settings: Settings, clock: Clock, address: str = API) -> None:
        self._settings = settings
        self._clock = clock
        self._address = address
        self._fetch: CloudFetch | None = None
        self._thread: Thread | None = None

    def look(self) -> None:
        """Raises `SecretsMissing` for a home without secrets."""
        if not (self._settings.cloud_account and self._settings.cloud_number and self._settings.public_url):
            return
        if self._thread is not None and self._thread.is_alive():
            return
        if self._fetch is None:
            own = secrets.read(self._settings.home)
            if lacking(self._settings, own):
                return
            self._fetch = self._made(cloud_of(self._settings, own), NumberVault(own))
        self._thread = Thread(target=self._work, args=(self._fetch,), name="cloud", daemon=True)
        self._thread.start()

    def _made(self, cloud: Cloud, vault: NumberVault) -> CloudFetch:
        database = Database(self._settings, pool_size=1)
        return CloudFetch(self._settings, database, vault, self._clock, lambda: Provider(cloud, self._address))

    @staticmethod
    def _work(fetch: CloudFetch) -> None:
        try:
            fetch.look()
        except (CallCenterError, SQLAlchemyError, OSError) as error:
            log.warning("cloud.not_fetched reason=%s", str(error).splitlines()[0])
