"""Whether the number in the cloud is set up, and where it reaches us."""

from dataclasses import dataclass

from callcenter.config import Settings
from callcenter.errors import Unavailable
from callcenter.secrets import Secrets


class CloudNotSetUp(Unavailable):
    code = "cloud-not-set-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    public_url: str
    account: str
    number: str
    token: str

    def __repr__(self) -> str:
        return f"Cloud({self.account})"

    @property
    def may_ask(self) -> bool:
        """Whether the provider can be asked for what was left there."""
        return bool(self.account and self.number)


def lacking(settings: Settings, secrets: Secrets) -> list[str]:
    """What must still be set before the provider's requests can be answered."""
    lacks = []
    if not settings.public_url:
        lacks.append("`public_url`")
    if not secrets.cloud_token:
        lacks.append("`cloud_token` in secrets.toml")
    return lacks


def cloud_of(settings: Settings, secrets: Secrets) -> Cloud:
    """Raises `CloudNotSetUp` that names what is missing."""
    if lacks := lacking(settings, secrets):
        raise CloudNotSetUp(f"the number in the cloud is not set up: {' and '.join(lacks)} missing")
    return Cloud(
        public_url=settings.public_url,
        account=settings.cloud_account,
        number=settings.cloud_number,
        token=secrets.cloud_token,
    )
