"""The only composition root: every process is put together here, and nowhere else."""

import asyncio
import gc
import logging
import time
from collections.abc import Sequence
from functools import partial

from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from callcenter import secrets
from callcenter.account.model import LicenceState
from callcenter.account.repository import People, licence_of
from callcenter.asterisk.agi_session import AgiSession
from callcenter.asterisk.fast_agi import FastAgiServer
from callcenter.asterisk.link import AmiLink
from callcenter.bus.envelope import Envelope
from callcenter.callback import keep_place
from callcenter.callback.service import CallbackService
from callcenter.clock import Clock, SystemClock
from callcenter.confgen.phones import write_phones
from callcenter.confgen.repository import overseers_with_phones, seats_with_phones
from callcenter.config import Settings
from callcenter.engine.commands import Commands
from callcenter.engine.cursor import CelCursor
from callcenter.engine.dialler import Dialler
from callcenter.engine.expected_wait import RECENT, ExpectedWait
from callcenter.engine.first_seats import FirstSeats
from callcenter.engine.heartbeat import Heartbeat
from callcenter.engine.journal import Journal
from callcenter.engine.listening import Listening
from callcenter.engine.main import EngineApp, serve
from callcenter.engine.memberships import Memberships
from callcenter.engine.memory import load, seat_of
from callcenter.engine.party import Directory
from callcenter.engine.publisher import Publisher
from callcenter.engine.pump import Pump
from callcenter.engine.repository import EngineRepository
from callcenter.engine.resync import Resync
from callcenter.engine.staff import Present, Staff
from callcenter.engine.step import Step
from callcenter.engine.talk_commands import TalkCommands
from callcenter.engine.talks import Talks
from callcenter.engine.watchdog import Watchdog
from callcenter.errors import Unavailable
from callcenter.ids import Linkedid, NodeName, SeatId
from callcenter.instants import china_day
from callcenter.ivr.knowledge import entry_folders, read_spoken, recorded_words
from callcenter.ivr.listener import Listener
from callcenter.ivr.messages import Messages
from callcenter.ivr.requests import StoredRequests
from callcenter.ivr.runtime import IvrService
from callcenter.ivr.site import Emergency, read_site
from callcenter.ivr.site_facts import SiteFacts
from callcenter.ivr.version.keeping import Keeper, NothingKept
from callcenter.log import configure
from callcenter.prompt.catalogue import PromptFiles
from callcenter.recording.jobs import remind
from callcenter.routing.expected_wait import NEWEST
from callcenter.seat import mobile
from callcenter.speech.client import SocketRecogniser
from callcenter.storage.database import Database, migrate
from callcenter.storage.numbers import NumberVault
from callcenter.survey.spoken import SpokenComments
from callcenter.visit.opening import rules_of

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
DATABASE_RETRY_S = 2.0


def run_engine(settings: Settings) -> None:
    """Entry of `callcenter engine`. Waits for the database; callers meanwhile take the plain dialplan."""
    configure(gathered=True)
    database = Database(settings)
    while True:
        try:
            migrate(database)
            break
        except Unavailable as error:
            log.error("engine.database_away reason=%s", error.message)
            time.sleep(DATABASE_RETRY_S)
    gc.freeze()  # what was loaded stays: to look through it again and again would stand the loop for 0.1 s each time
    asyncio.run(_engine(settings, database))


async def _engine(settings: Settings, database: Database) -> None:
    await serve(engine_app(settings, database, SystemClock()))


def engine_app(settings: Settings, database: Database, clock: Clock) -> EngineApp:
    """Must be called in the running loop."""
    loop = asyncio.get_running_loop()
    node = NodeName(settings.node)
    own = secrets.read(settings.home)
    vault = NumberVault(own)
    # no socket timeout: a blocking read would run into it, and with one redis-py may swallow a cancellation
    redis = AsyncRedis.from_url(settings.redis, socket_timeout=None, socket_connect_timeout=2)
    reminding = Redis.from_url(settings.redis, socket_connect_timeout=1, socket_timeout=1)

    def written(steps: Sequence[Step], envelopes: Sequence[Envelope]) -> None:
        loop.call_soon_threadsafe(publisher.offer, envelopes)
        for step in steps:
            for recording in step.recordings:
                call = Linkedid(recording["call"])
                loop.call_soon_threadsafe(loop.run_in_executor, None, remind, reminding, call)  # Redis may hang

    async def menu(session: AgiSession) -> None:
        match session.script:
            case keep_place.SCRIPT:
                await place.handle(session)
            case mobile.SCRIPT:
                await mobiles.handle(session)
            case _:
                await flows.handle(session)

    agi = FastAgiServer(LOOPBACK, settings.agi_port, menu)
    agi.bind()  # before anything is taken over: a second engine, or a repair in progress, ends this one here
    journal = Journal(database, node, clock, settings.home, written)
    recovered = journal.recover()
    site = read_site(settings.flows_dir)
    for fault in site.findings:
        log.error("site.fault %s", fault.as_text())
    memory = load(settings, site.routing, database, vault, node, clock)
    publisher = Publisher(redis, database, node, memory.published)
    pump = Pump(
        memory.registry, journal, vault, node, clock, max(memory.step, recovered), rules_of(settings, site.hours)
    )
    link = AmiLink(LOOPBACK, settings.ami_port, "engine", own.ami_password("engine"), pump.tell, clock)
    memberships = Memberships(memory.registry, link)
    cel_file = settings.asterisk_dir / "log" / "cel-custom" / "cel.csv"
    pump.memberships = memberships
    asks = settings.trunk_options_s > 0
    resync = Resync(
        memory.registry, memberships, link, database, cel_file, node, clock, memory.cursor, memory.seen_at, asks
    )
    pump.resync = resync
    directory = Directory(memory.registry, site.destinations, settings)
    with database.read() as session:
        since = clock.now() - RECENT
        before = EngineRepository(session, node).wrapped_up_since(since, NEWEST * len(settings.languages), vault)
    expected = pump.expected = ExpectedWait(memory.registry, clock, before)
    first = FirstSeats(memory.registry, database, vault, clock)
    talks = pump.talks = Talks(memory.registry, link, settings.hotline_number, directory, first, pump.inbox.put_nowait)
    listening = pump.listening = Listening(memory.registry, talks, settings.hotline_number)
    callbacks = CallbackService(database, vault, node, site.callbacks.policies)
    dialler = pump.dialler = Dialler(
        memory.registry,
        link,
        callbacks,
        site.callbacks,
        settings,
        clock,
        lambda: pump.synced and pump.lost_at is None,
        pump.inbox.put_nowait,
    )
    dialler.adopt(callbacks.live())
    prompts = PromptFiles.of(settings)
    emergency = Emergency.of(settings)
    entry = partial(read_spoken, entry_folders(settings), words=recorded_words(settings))
    facts = SiteFacts(memory.registry, database, vault, site.hours, emergency, clock, entry)

    listener = None
    if settings.speech_model is not None:
        listener = Listener(SocketRecogniser(settings.speech_socket), settings.recordings_dir)

    def menus(messages: Messages) -> IvrService:
        language = settings.default_language
        return IvrService(
            {},
            prompts,
            pump.tell,
            clock,
            default_language=language,
            facts=facts,
            messages=messages,
            listener=listener,
            first=first,
            expected=expected.minutes,
        )

    requests = StoredRequests(database, vault)
    place = keep_place.PlaceKeeper(requests)
    mobiles = mobile.MobileNumbers(database, vault)
    messages = Messages(settings.recordings_dir, requests, clock, SpokenComments(database))
    flows = Keeper(settings, database, clock, menus(messages), trial=menus(NothingKept()))
    flows.begin()

    async def close() -> None:
        await agi.close()
        await redis.aclose()
        reminding.close()
        database.close()

    def present() -> Present:
        with database.read() as session:
            accounts = EngineRepository(session, node).seat_accounts()
            phones = (*(phone.id for phone in seats_with_phones(session)), *overseers_with_phones(session))
            today, ended = china_day(clock.now()), LicenceState.EXPIRED
            unlicensed = frozenset(
                SeatId(str(row.seat))
                for row in People(session).at_seats()
                if settings.licence_needed and licence_of(row).state(today, settings.licence_warn_days) is ended
            )
            return Present(tuple(accounts), phones, unlicensed)

    staff = Staff(
        memory.registry,
        pump,
        link,
        clock,
        read=present,
        seat=lambda account, now: seat_of(account, None, settings, site.routing, now),
        write_phones=partial(write_phones, settings, own, database),
    )
    talk_commands = TalkCommands(talks, directory, settings.languages)
    app = EngineApp(
        clock=clock,
        registry=memory.registry,
        link=link,
        pump=pump,
        journal=journal,
        publisher=publisher,
        memberships=memberships,
        commands=Commands(redis, memory.registry, pump, node, clock, flows.reload, talk_commands, listening),
        cursor=CelCursor(cel_file, link, pump, resync),
        heartbeat=Heartbeat(redis, node, clock, lambda: app.status()),
        watchdog=Watchdog(settings.engine_beat),
        agi=agi,
        flows=flows,
        dialler=dialler,
        staff=staff,
        expected=lambda: expected.of_lines(settings.languages),
        close=close,
    )
    return app
