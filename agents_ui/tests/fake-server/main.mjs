/**
 * `npm run fake-server`: the HTTP and WebSocket contract with made-up data, for looking at screens without a telephone
 * server. Any account whose name is a seat number or a role signs in with any password.
 * `POST /fake/<what>` drives it: ring, answer, hold, end, silent, arrive; body `{"seat":"1001"}`.
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { WebSocketServer } from "ws";

import { NIGHT, NIGHTS, rules } from "./alarms.mjs";
import { CATALOGUE, calls, kpi, quarters, wayThrough } from "./history.mjs";
import { knowledge } from "./knowledge.mjs";
import { World } from "./world.mjs";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const world = new World(Number(process.env.FAKE_EXTRA_SEATS ?? 0));
const driven = new Set((process.env.FAKE_DRIVEN ?? "1001").split(","));
const ROLES = ["supervisor", "manager", "admin", "auditor"];
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

class Refused extends Error {
  constructor(status, code, details = {}) {
    super(code);
    Object.assign(this, { status, code, details });
  }
}

function personOf(request) {
  const id = /fake=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  if (!id) throw new Refused(401, "not-signed-in");
  const seat = world.seats[id];
  return { id, name: seat?.name ?? { supervisor: "值班长", manager: "管理员" }[id] ?? id, role: seat ? "seat" : id, seat: seat ? id : null, languages: seat?.languages ?? [] };
}

const session = (person) => ({ person, csrf_header: "X-CSRF-Token", csrf: "fake", steps: [], has_factor: true, licence: "none", licence_until: null });

function saveRecord(id, body) {
  const record = world.records.get(id);
  if (!record) throw new Refused(404, "not-found");
  if (body.version !== record.version) throw new Refused(409, "conflict", { version: record.version });
  const fields = ["topic", "reply", "outcome"].filter((name) => !body[name]);
  if (body.closed && fields.length) throw new Refused(400, "bad-input", { fields });
  const saved = { ...record, ...body, version: record.version + 1, closed: body.closed || record.closed };
  world.records.set(id, saved);
  const wrapping = body.closed && world.seats[record.seat].state === "wrap_up";
  if (wrapping) setTimeout(() => world.want(record.seat, "ready"), 150);
  return { ...saved, wrap_up: wrapping ? "done" : "none" };
}

const FAKE = {
  ring: ({ seat, language }) => world.ring(world.arrive(language ?? "bo", 9000), seat),
  arrive: ({ language, waited }) => world.arrive(language, waited),
  answer: ({ seat }) => world.answer(seat),
  hold: ({ seat, on = true }) => world.hold(seat, on),
  end: ({ seat }) => world.end(seat),
  phone: ({ seat, phone }) => world.tell(world.seat(seat, { phone })),
  silent: ({ on = true }) => {
    world.silent = on;
    world.tell({ engine: world.engine() });
  },
};

function answer(method, path, query, body, request) {
  if (path.startsWith("/fake/")) return FAKE[path.slice(6)](body) ?? {};
  if (path === "/api/sign-in") {
    if (!world.seats[body.username] && !ROLES.includes(body.username)) throw new Refused(401, "wrong-password");
    return { cookie: `fake=${body.username}; Path=/; HttpOnly`, body: session(personOf({ headers: { cookie: `fake=${body.username}` } })) };
  }
  const person = personOf(request);
  if (path.startsWith("/api/knowledge/")) {
    const found = knowledge(method, path.slice(15), query, body);
    if (found === undefined) throw new Refused(404, "not-found");
    return found;
  }
  const record = /^\/api\/consultations\/(.+)$/.exec(path);
  const through = /^\/api\/calls\/(.+)\/way$/.exec(path);
  if (through) return wayThrough(decodeURIComponent(through[1]));
  const call = /^\/api\/calls\/(.+)$/.exec(path);
  if (record && method === "PUT") return saveRecord(decodeURIComponent(record[1]), body);
  if (record) {
    const found = world.records.get(decodeURIComponent(record[1]));
    if (!found) throw new Refused(404, "not-found");
    return found;
  }
  if (call) return calls({}).items.find((item) => item.id === decodeURIComponent(call[1]));
  const alarm = /^\/api\/alarms\/(\d+)\/acknowledge$/.exec(path);
  if (alarm) return (world.acknowledge(alarm[1], person.id), {});
  switch (path) {
    case "/api/alarms": return { items: Object.values(world.alarms).map((one) => ({ ...one, worst: one.value, detail: {}, acknowledged_at: null, note: "", cleared_at: null })), total: 2 };
    case "/api/alarms/rules": return rules();
    case "/api/reconciliation": return NIGHTS;
    case "/api/reconciliation/2026-11-21": return NIGHT;
    case "/api/me": return session(person);
    case "/api/sign-out": return { cookie: "fake=; Path=/; Max-Age=0", body: {} };
    case "/api/me/phone": return { user: `w${person.seat}`, password: "fake", domain: "127.0.0.1", ws_url: process.env.FAKE_PHONE ?? "ws://127.0.0.1:9/ws", ice_servers: [] };
    case "/api/me/state": setTimeout(() => world.want(person.seat, body.state, body.reason), 400); return { asked: true };
    case "/api/me/wrap-up":
      setTimeout(() => (body.action === "done" ? world.want(person.seat, "ready") : world.extend(person.seat)), 200);
      return { asked: true };
    case "/api/topics": case "/api/places": case "/api/outcomes": case "/api/groups": return CATALOGUE[path.slice(5)];
    case "/api/calls": return calls(query);
    case "/api/report/kpi": return kpi(query);
    case "/api/report/quarters": return quarters();
    default: throw new Refused(404, "not-found");
  }
}

function file(path, response) {
  const wanted = join(dist, path);
  const found = path !== "/" && wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(dist, "index.html");
  response.writeHead(200, { "Content-Type": TYPES[extname(found)] ?? "application/octet-stream" });
  createReadStream(found).pipe(response);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://fake");
  if (!/^\/(api|fake)\//.test(url.pathname)) return file(url.pathname, response);
  let text = "";
  for await (const part of request) text += part;
  const send = (status, body, cookie) => {
    response.writeHead(status, { "Content-Type": "application/json", ...(cookie ? { "Set-Cookie": cookie } : {}) });
    response.end(JSON.stringify(body));
  };
  try {
    const told = answer(request.method, url.pathname, Object.fromEntries(url.searchParams), text ? JSON.parse(text) : {}, request);
    if (told?.cookie !== undefined) send(200, told.body, told.cookie);
    else send(200, told);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    send(error.status, { code: error.code, message: error.code, details: error.details });
  }
});

new WebSocketServer({ server, path: "/api/live" }).on("connection", (socket) => {
  const tell = (message) => socket.send(JSON.stringify(message));
  tell(world.snapshot());
  world.listeners.add(tell);
  socket.on("close", () => world.listeners.delete(tell));
});

for (const id of Object.keys(world.seats)) if (!driven.has(id) && id !== "1003") world.want(id, "ready");
setInterval(() => world.move(driven), 700);
setInterval(() => world.beat(), 5000);
server.listen(Number(process.env.FAKE_PORT ?? 8000), "127.0.0.1", () => console.log(`fake server on port ${server.address().port}`));
