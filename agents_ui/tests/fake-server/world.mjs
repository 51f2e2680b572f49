/** A made-up morning on the hotline that keeps moving: enough of the contract to look at every screen. */

const LAWYERS = [
  ["1001", "王建国", ["zh"]],
  ["1002", "扎西多杰", ["zh", "bo"]],
  ["1003", "乌日娜", ["zh", "mn"]],
  ["1004", "李慧敏", ["zh"]],
];
const TOPICS = ["civil.labour_pay", "civil.marriage_family", "civil.lending", "service.legal_aid"];
const iso = (ms = Date.now()) => new Date(ms + 8 * 3600e3).toISOString().replace("Z", "+08:00");
const pick = (list) => list[Math.floor(Math.random() * list.length)];

export class World {
  seq = 0;
  listeners = new Set();
  records = new Map();
  counter = 0;
  counts = { in: 1204, to_seat: 1131, answered: 1096 };
  seats = {};
  calls = {};
  silent = false;

  constructor(extraSeats = 0) {
    const names = [...LAWYERS];
    for (let n = 0; n < extraSeats; n++) names.push([String(1005 + n), `律师${n + 5}`, ["zh"]]);
    for (const [id, name, languages] of names) {
      this.seats[id] = {
        id, name, languages, state: "signed_out", since: iso(), reason: "", call: null, phone: null, wrap_up_ends: null,
        answered: Math.floor(Math.random() * 30), missed: 0,
      };
    }
  }

  snapshot() {
    return { type: "snapshot", seq: this.seq, at: iso(), state: { calls: this.calls, seats: this.seats, lines: this.lines(), figures: this.figures(), engine: this.engine(), alarms: this.alarms, watch: { state: "ok", at: iso() }, today: this.today() } };
  }

  /** Two that are up, one of them taken. */
  alarms = {
    1: { id: 1, rule: "no-seat", subject: "mn", severity: "severe", unit: "count", state: "raised", raised_at: iso(Date.now() - 760_000), limit: 1, value: 0, quiet: false, acknowledged_by: "" },
    2: { id: 2, rule: "callback-overdue", subject: "", severity: "warning", unit: "hours", state: "acknowledged", raised_at: iso(Date.now() - 5_400_000), limit: 4, value: 5.5, quiet: false, acknowledged_by: "supervisor" },
  };

  today() {
    const counts = [212, 148, 96, 71, 55, 31];
    const topics = ["civil.labour_pay", "civil.marriage_family", "civil.lending", "service.legal_aid", "civil.housing", "civil.traffic"];
    return { lost: { menu: 73, short: 9, waiting: 14, ringing: 12 }, topics: topics.map((topic, place) => ({ topic, count: counts[place] })), requests: { callback: 3, voicemail: 2 }, visits: { unsettled: 4, overdue: 1 }, at: iso() };
  }

  acknowledge(id, by) {
    this.alarms[id] = { ...this.alarms[id], state: "acknowledged", acknowledged_by: by };
    this.tell({ alarms: { [id]: this.alarms[id] } });
  }

  engine() {
    return { state: this.silent ? "silent" : "ok", at: iso(), expected: this.silent ? {} : { bo: 12 } };
  }

  lines() {
    const lines = {};
    for (const id of ["zh", "bo", "mn"]) {
      const waiting = Object.values(this.calls).filter((call) => call.line === id && ["queued", "ringing"].includes(call.state));
      const seats = Object.values(this.seats).filter((seat) => seat.languages.includes(id) && seat.state !== "signed_out");
      lines[id] = {
        id, waiting: waiting.length, longest_since: waiting.map((call) => call.queued_at).sort()[0] ?? null,
        ready: seats.filter((seat) => seat.state === "ready").length, signed_in: seats.length,
      };
    }
    return lines;
  }

  figures() {
    const { to_seat, answered } = this.counts;
    const rate = (numerator, denominator) => ({ value: denominator ? numerator / denominator : null, numerator, denominator });
    const rated = Math.round(answered * 0.57);
    return {
      ...this.counts, connection_rate: rate(answered, to_seat), within_threshold: rate(Math.round(answered * 0.934), answered),
      satisfaction: rate(Math.round(rated * 0.986), rated), participation: rate(rated, answered),
      targets: { connection_rate: 0.95, within_threshold: 0.8, satisfaction: 0.98 }, at: iso(),
    };
  }

  tell(patch) {
    this.seq += 1;
    const message = { type: "delta", seq: this.seq, at: iso(), patch: { lines: this.lines(), ...patch } };
    for (const listener of this.listeners) listener(message);
  }

  beat() {
    for (const listener of this.listeners) listener({ type: "beat", seq: this.seq, at: iso() });
  }

  seat(id, change) {
    this.seats[id] = { ...this.seats[id], since: iso(), ...change };
    return { seats: { [id]: this.seats[id] } };
  }

  call(id, change) {
    this.calls[id] = { ...this.calls[id], ...change };
    return { calls: { [id]: this.calls[id] } };
  }

  arrive(language = pick(["zh", "zh", "zh", "bo", "mn"]), waited = 0) {
    const id = `a-${Math.floor(Date.now() / 1000)}.${++this.counter}`;
    const at = iso(Date.now() - waited);
    this.calls[id] = {
      id, caller: `13${Math.floor(Math.random() * 10)}****${1000 + Math.floor(Math.random() * 8999)}`, language, line: language, topic: pick([null, ...TOPICS]),
      priority: pick([null, null, "elderly", "wages"]), source: pick(["direct", "direct", "12345"]), state: "queued", started_at: at, queued_at: at, ringing_seat: null, seat: null, answered_at: null, hold_since: null, parties: [], listener: null,
    };
    this.counts.in += 1;
    this.counts.to_seat += 1;
    this.tell({ calls: { [id]: this.calls[id] }, figures: this.figures() });
    return id;
  }

  ring(call, seat) {
    this.tell({ ...this.call(call, { state: "ringing", ringing_seat: seat }), ...this.seat(seat, { state: "ringing", call }) });
  }

  answer(seat) {
    const { call } = this.seats[seat];
    this.records.set(call, { call, seat, version: 0, topic: "", place: "513200", identity: "", groups: [], request: "", reply: "", outcome: "", closed: false });
    this.counts.answered += 1;
    this.tell({
      ...this.call(call, { state: "talking", seat, ringing_seat: null, answered_at: iso() }),
      ...this.seat(seat, { state: "talking", answered: this.seats[seat].answered + 1 }), figures: this.figures(),
    });
  }

  hold(seat, on) {
    const state = on ? "holding" : "talking";
    this.tell({ ...this.call(this.seats[seat].call, { state, hold_since: on ? iso() : null }), ...this.seat(seat, { state }) });
  }

  end(seat, wrapUpMs = 60_000) {
    const { call } = this.seats[seat];
    Reflect.deleteProperty(this.calls, call);
    this.tell({ calls: { [call]: null }, ...this.seat(seat, { state: "wrap_up", wrap_up_ends: iso(Date.now() + wrapUpMs) }) });
  }

  want(seat, state, reason = "") {
    this.tell(this.seat(seat, { state, reason: state === "paused" ? reason : "", call: null, wrap_up_ends: null, phone: state === "signed_out" ? null : "webrtc" }));
  }

  extend(seat) {
    const ends = Date.parse(this.seats[seat].wrap_up_ends) + 60_000;
    this.seats[seat] = { ...this.seats[seat], wrap_up_ends: iso(ends) };
    this.tell({ seats: { [seat]: this.seats[seat] } });
  }

  /** One step of the day for the seats nobody drives. */
  move(except) {
    if (Object.keys(this.calls).length < 6 && Math.random() < 0.4) this.arrive();
    for (const seat of Object.values(this.seats)) {
      if (except.has(seat.id) || Math.random() < 0.6) continue;
      if (seat.state === "ready") {
        const next = Object.values(this.calls).find((call) => call.state === "queued" && seat.languages.includes(call.line));
        if (next) this.ring(next.id, seat.id);
      } else if (seat.state === "ringing") this.answer(seat.id);
      else if (seat.state === "talking" && Math.random() < 0.2) this.hold(seat.id, true);
      else if (seat.state === "holding") this.hold(seat.id, false);
      else if (seat.state === "talking" && Math.random() < 0.3) this.end(seat.id);
      else if (seat.state === "wrap_up") this.want(seat.id, "ready");
    }
  }
}
