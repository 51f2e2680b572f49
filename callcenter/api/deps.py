"""What every endpoint is built from. Made once per process in `app.py`; a test makes the same from its own parts."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from redis import Redis
from starlette.requests import HTTPConnection

from callcenter.account.administration import Administration
from callcenter.account.own import OwnAccount
from callcenter.account.proposals import Proposals
from callcenter.account.second_factor import SecondFactor
from callcenter.account.service import Accounts
from callcenter.api.live import Hub
from callcenter.bus.commands import CommandBus
from callcenter.clock import Clock, SystemClock
from callcenter.config import Settings
from callcenter.consultation.catalogue import catalogue
from callcenter.ivr.site import read_site
from callcenter.ivr.version.counting import Counting
from callcenter.ivr.version.published import Published
from callcenter.ivr.version.service import FlowVersions
from callcenter.knowledge.life.service import EntryLife
from callcenter.knowledge.service import Knowledge
from callcenter.secrets import Secrets
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.visit.model import VisitRules
from callcenter.visit.opening import rules_of

THREADS = 40
"""Requests at work at the same time (Starlette's own number); each holds at most one database connection."""


@dataclass(frozen=True, kw_only=True)
class Api:
    settings: Settings
    secrets: Secrets
    database: Database
    redis: Redis
    clock: Clock = field(default_factory=SystemClock)
    vault: NumberVault = field(init=False)
    commands: CommandBus = field(init=False)
    accounts: Accounts = field(init=False)
    own: OwnAccount = field(init=False)
    administration: Administration = field(init=False)
    proposals: Proposals = field(init=False)
    hub: Hub = field(init=False)
    knowledge: Knowledge = field(init=False)
    flows: FlowVersions = field(init=False)
    flow_counts: Counting = field(init=False)
    entry_life: EntryLife = field(init=False)
    visit_rules: VisitRules = field(init=False)

    def __post_init__(self) -> None:
        vault = NumberVault(self.secrets)
        knowledge = Knowledge(self.database, self.settings, self.clock)
        factor = SecondFactor(self.secrets, issuer=self.settings.hotline_number)
        topics = [matter.id for topic in catalogue().topics for matter in topic.children or (topic,)]
        commands = CommandBus(self.redis, self.settings.node, self.clock)
        parts = {
            "vault": vault,
            "commands": commands,
            "flows": FlowVersions(
                self.settings, self.database, self.clock, Published(self.settings, self.database, commands)
            ),
            "flow_counts": Counting(self.database, self.settings.node, self.clock),
            "accounts": Accounts(self.settings, self.database, self.clock, factor),
            "own": OwnAccount(self.settings, self.database, self.clock, factor),
            "administration": Administration(self.database, self.clock, factor, vault),
            "proposals": Proposals(self.database, self.clock, self.settings.languages, topics),
            "hub": Hub(self.settings, self.database, vault, self.clock),
            "knowledge": knowledge,
            "visit_rules": rules_of(self.settings, read_site(self.settings.flows_dir).hours),
            "entry_life": EntryLife(self.database, self.clock, lambda: knowledge.snapshot().topics, knowledge.today),
        }
        for name, part in parts.items():
            object.__setattr__(self, name, part)


def api_of(connection: HTTPConnection) -> Api:
    api: Api = connection.app.state.api
    return api


TheApi = Annotated[Api, Depends(api_of)]
