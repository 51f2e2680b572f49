"""Every setting, read once: defaults here < `callcenter.toml` in the current folder < environment (`CALLCENTER_…`).

Nobody else reads the environment. Secrets are not settings: see `callcenter/secrets.py`.
"""

import hashlib
import tempfile
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

CHECKOUT = Path(__file__).resolve().parent.parent
"""Folder that holds `ivr_flows/`, `asterisk_conf/`, `agents_ui/`."""

RoleName = Literal["seat", "supervisor", "manager", "admin", "auditor"]
IDLE_MINUTES = {"admin": 15, "auditor": 15}
IDLE_MINUTES_ELSE = 30
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
"""`http_host` of a system that listens on every address: what a browser used for the page is good for its phone too."""
UNIX_SOCKET_PATH_MAX = 100
"""Bytes. A unix socket's path may have 107; a few are kept for the socket's own name."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="CALLCENTER_", toml_file="callcenter.toml", frozen=True, extra="forbid"
    )

    home: Path = Path("var")
    """All state of one system: database, recordings, Asterisk's files, logs, secrets."""
    node: str = Field("a", pattern=r"^[a-z0-9]{1,16}$")
    profile: Literal["demo", "site"] = "demo"
    database_url: str = ""
    redis_url: str = ""
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    public_url: str = Field("", pattern=r"^(https?://[^/\s]+)?$")
    """Where browsers and other services reach us, e.g. `https://12348.example.cn`, when a proxy stands in front."""
    sip_host: str = "127.0.0.1"
    sip_port: int = 5060
    trunk_dtmf_mode: Literal["auto_info", "auto", "inband"] = "auto_info"
    """How the carrier sends keys when it does not offer RFC 4733: by SIP INFO, or (`auto`) as tones in the sound, which
    Asterisk then listens for. `inband`: always as tones. INFO is taken in each case, so never choose tones for a
    carrier that sends both: each key would count twice."""
    speech_model: Path | None = None
    """Folder of a vosk model for spoken menus, e.g. vosk-model-small-cn-0.22; none: they ask for keys."""
    ws_port: int = 8088
    turn_port: int = Field(0, ge=0, le=65535)
    """Port, UDP and TCP, of a TURN server of our own, for seats whose network lets no sound through; 0: none. Needs the
    program `turnserver` (package coturn). Of all ports for sound a firewall has to let in this one only."""
    ami_port: int = 5038
    agi_port: int = 4573
    rtp_ports: str = Field("10000-10999", pattern=r"^\d+-\d+$")
    demo_password: SecretStr | None = None
    """Tests only: one known password for the demo accounts, and no second factor for anybody."""
    second_factor: list[RoleName] | None = None
    """Roles that sign in with a second factor (TOTP) as well. Not given: every role of a site, none of the demo."""
    idle_minutes: dict[RoleName, Annotated[int, Field(ge=1, le=720)]] = {}
    """Without use for so long a sign-in ends; a role that is not named: 30, `admin` and `auditor` 15."""
    licence_needed: bool = True
    """Who has a licence on record that has ended cannot be ready for calls."""
    licence_warn_days: int = Field(30, ge=1, le=365)
    """Before a licence ends its holder and the managers are told for so long."""

    hotline_number: str = Field("12348", pattern=r"^\d{3,15}$")
    test_number: str = Field("", pattern=r"^(\d{3,15}(\*\d{1,3})?)?$")
    """Plays the draft of `main` to whoever calls it from a seat's phone. Empty: the hotline's number and `*9`."""
    test_callers: list[Annotated[str, Field(pattern=r"^\+?\d{3,15}$")]] = []
    """Numbers that may call the test number from outside."""
    trunk_addresses: list[str] = ["127.0.0.1"]
    """Addresses or networks from which the carrier may call in; anything else is refused."""
    trunk_gateway: str = Field("", pattern=r"^([A-Za-z0-9.-]{1,100}(:[0-9]{2,5})?)?$")
    """`host` or `host:port` by which we call citizens. Empty: the first of the trunk's addresses."""
    trunk_options_s: int = Field(0, ge=0, le=3600)
    """Seconds. Asterisk asks the gateway so often whether it is there (SIP OPTIONS); no answer: alarm `trunk-down`.
    0: never, for a carrier that answers none."""
    desk_options_s: int | None = Field(None, ge=0, le=120)
    """Seconds. Asterisk asks each registered desk phone so often whether it is there (SIP OPTIONS; any answer counts).
    A silent one is not rung until it answers again. 0: never. Not given: 15 on a site, never in the demo."""
    languages: list[str] = ["zh", "bo", "mn"]
    """Language lines; each is a queue of the same name."""
    default_language: str = "zh"

    flows_dir: Path = CHECKOUT / "ivr_flows"
    """What callers hear and where a key leads: `*.yaml`, `prompts/`, `site/`. A site may keep its own elsewhere."""
    knowledge_dir: Path = CHECKOUT / "knowledge_base"
    """What lawyers look up: `<topic>/*.md`, `topics.yaml`, `words/`. A site may keep its own outside of here."""

    ivr_max_depth: int = Field(3, ge=1, le=10)
    """Questions one after another that a caller may have to answer."""
    ring_timeout_s: int = 15
    """A seat rings so long before the call goes to the next one."""
    max_wait_s: int = 600
    """A caller waits so long in a queue before the apology."""
    room_wait_s: int = 60
    """A caller whose seat vanished or consults hears music so long at most; then he waits in his line again."""
    listening_shown: bool = True
    """A lawyer sees that a supervisor hears the talk. Whoever speaks in it is always shown."""
    wrap_up_cap_s: int = 60
    """Wrap-up ends when the record is saved, at the latest after this."""
    wrap_up_guard_s: int = 5
    """app_queue's `wrapuptime`: holds a seat back until our pause lands; the only wrap-up while no engine runs."""
    coverage_least: dict[str, Annotated[int, Field(ge=0, le=1000)]] = {}
    """Line -> persons on the roster in every open hour; a line that is not named: 1. Fewer is a gap."""
    threshold_s: int = 15
    """GB/T 33358: answered within 15 s."""
    short_s: int = 5
    """An abandon within this wait is a short one."""
    rtp_timeout_s: int = 20
    """A phone that sends no sound for so long is taken to be gone."""

    shift_starts: list[time] = [time(0), time(8), time(16)]
    """China's times at which shifts begin, ascending, on quarter hours; the last one ends where the first begins."""
    positive_grades: list[Annotated[int, Field(ge=1, le=5)]] = [1, 2, 3]
    """Grades that count as satisfied in `satisfaction:positive`; 1 is the best."""
    dissatisfied_grades: list[Annotated[int, Field(ge=1, le=5)]] = [4, 5]
    """Grades that ask for a return visit."""
    visit_days: int = Field(5, ge=1, le=60)
    """Working days within which the return visit of a dissatisfied caller is closed; cities ask for 5 or 15."""
    complaint_days: int = Field(13, ge=1, le=60)
    """The same of a complaint."""
    drawn_visit_days: int = Field(10, ge=1, le=60)
    """The same of a closed matter that was drawn at random."""
    visit_attempts: int = Field(3, ge=1, le=20)
    """So many attempts are made before a visit is closed without having reached the caller."""
    repeat_days: int = Field(7, ge=1, le=90)
    """A call of the same number within so many days is about a matter that the first one did not settle."""

    metrics_token: SecretStr | None = None
    """Whoever asks for `/metrics` must send it (`Authorization: Bearer …`). Without one: this machine only."""
    alarm_webhook: str = Field("", pattern=r"^(https?://\S+)?$")
    """Alarms are also sent there: JSON by POST, signed (docs/operations/alarms.md). Empty: nowhere."""

    cloud_account: str = Field("", pattern=r"^(AC[0-9a-fA-F]{32})?$")
    """Account (SID) at Twilio of the number that takes calls while the site is down; its token is a secret."""
    cloud_number: str = Field("", pattern=r"^(\+[0-9]{6,15})?$")
    """That number, e.g. `+861012345678`: what callers left there is asked for every few minutes."""

    reconcile_at: time = time(3, 30)
    """China's time at which the day before is compared with Asterisk's own files (`callcenter reconcile`)."""
    report_at: time = time(4, 30)
    """China's time from which the report of a period that has ended is made."""
    target_connection: float = Field(0.95, ge=0, le=1)
    """Share of the calls for a person that have to be answered; GB/T 33358: 0.95, some plans: 0.90."""
    target_within_threshold: float = Field(0.80, ge=0, le=1)
    target_satisfaction: float = Field(0.98, ge=0, le=1)
    target_survey_coverage: float = Field(1.0, ge=0, le=1)
    target_quality_coverage: float = Field(0.05, ge=0, le=1)
    target_return_visits: float = Field(1.0, ge=0, le=1)
    """Share of the dissatisfied who have to be visited again."""
    places: dict[Annotated[str, Field(pattern=r"^[0-9]{6,12}$")], dict[str, str]] = {}
    """Where callers' matters lie: code of the place (GB/T 2260) -> its name by language, in the order in which lawyers
    choose from them. None: records do not ask for it."""
    own_place: str = ""
    """The one that a record begins with."""
    call_log_days: int = Field(400, ge=180)
    """Asterisk's CEL files and queue logs are kept so long; the law wants six months."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("shift_starts")
    @classmethod
    def _shifts(cls, starts: list[time]) -> list[time]:
        if not starts or starts != sorted(set(starts)) or any(at.minute % 15 or at.second for at in starts):
            raise ValueError("shift_starts: write times on quarter hours, ascending, e.g. [08:00, 16:00]")
        return starts

    @field_validator("home", "flows_dir", "knowledge_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    def model_post_init(self, _context: Any) -> None:
        low, high = self.rtp_range
        if not 1024 <= low < high <= 65535:
            raise ValueError(f"rtp_ports: {self.rtp_ports} is not a range of ports within 1024-65535")
        if self.own_place and self.own_place not in self.places:
            raise ValueError(f"own_place: {self.own_place} is not in places; add it there with its name")
        if nameless := [code for code, names in self.places.items() if not names.get("zh", "").strip()]:
            raise ValueError(f"places: {nameless[0]} has no name; write e.g. {nameless[0]} = {{ zh = '汶川县' }}")
        if self.trunk_options_s and "/" in self.gateway:
            raise ValueError(f"trunk_options_s: {self.gateway} is a network; name the carrier's host in trunk_gateway")

    @property
    def gateway(self) -> str:
        return self.trunk_gateway or self.trunk_addresses[0]

    @property
    def draft_number(self) -> str:
        return self.test_number or f"{self.hotline_number}*9"

    @property
    def rtp_range(self) -> tuple[int, int]:
        low, high = self.rtp_ports.split("-")
        return int(low), int(high)

    def factor_needed(self, role: str) -> bool:
        """Whether this role has to have a second factor."""
        if self.factor_off:
            return False
        return self.profile == "site" if self.second_factor is None else role in self.second_factor

    @property
    def desk_asked_every_s(self) -> int:
        """0: never."""
        return (15 if self.profile == "site" else 0) if self.desk_options_s is None else self.desk_options_s

    @property
    def factor_off(self) -> bool:
        """Nobody is asked for a code, even who has a second factor."""
        return self.demo_password is not None

    def idle(self, role: str) -> timedelta:
        """Without use for so long a sign-in of this role ends (GB/T 22239-2019 8.1.4.1: time-out)."""
        given = {str(name): minutes for name, minutes in self.idle_minutes.items()}
        return timedelta(minutes=(IDLE_MINUTES | given).get(role, IDLE_MINUTES_ELSE))

    @property
    def speech_socket(self) -> Path:
        return self.run_dir / "speech.sock"

    @property
    def run_dir(self) -> Path:
        """Sockets live here. Not in the home when its path is too long for a unix socket."""
        inside = self.home / "run"
        if len(str(inside).encode()) < UNIX_SOCKET_PATH_MAX - 30:
            return inside
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"callcenter-{digest}"

    @property
    def database(self) -> str:
        """SQLAlchemy URL; a plain `postgresql://` gets its driver."""
        url = self.database_url or f"sqlite:///{self.home / 'callcenter.db'}"
        for plain in ("postgresql://", "postgres://"):
            if url.startswith(plain):
                return "postgresql+psycopg://" + url.removeprefix(plain)
        return url

    @property
    def redis(self) -> str:
        """Redis URL. By default our own Redis on a unix socket: no port, no password, the folder's mode guards it."""
        return self.redis_url or f"unix://{self.run_dir / 'redis.sock'}"

    @property
    def engine_beat(self) -> Path:
        """The engine's sign of life, for the process that started it."""
        return self.run_dir / "engine.beat"

    @property
    def recordings_dir(self) -> Path:
        return self.home / "recordings"

    @property
    def papers_dir(self) -> Path:
        """Reports and exports that people fetch."""
        return self.home / "papers"

    @property
    def log_dir(self) -> Path:
        return self.home / "log"

    @property
    def asterisk_dir(self) -> Path:
        """This home's Asterisk: `etc/`, `log/` (with `queue_log`, `cel-custom/cel.csv`), `spool/`, `lib/`."""
        return self.home / "asterisk"

    @property
    def prompts_dir(self) -> Path:
        """Telephone sound files, built from the catalogue: `<language>/<prompt id>.alaw|.sln16`."""
        return self.home / "prompts"
