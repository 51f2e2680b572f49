import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { LiveMessage } from "@/live/model";
import { LiveSocket, SILENCE_MS } from "@/live/socket";
import { createLive } from "@/live/store";

/** A WebSocket whose other end is the test. */
class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  close() { this.closed = true; }
  says(message: LiveMessage) { this.onmessage?.({ data: JSON.stringify(message) }); }
  ends(code = 1006) { this.onclose?.({ code }); }
}

let opened: FakeSocket[];
const open = () => {
  const socket = new FakeSocket();
  opened.push(socket);
  return socket as unknown as WebSocket;
};
const last = () => opened.at(-1) as FakeSocket;
const snapshot = (seq: number): LiveMessage => ({ type: "snapshot", seq, at: "2026-11-22T14:00:00+08:00", state: { calls: {}, seats: {}, lines: {}, figures: null, engine: null, alarms: {}, watch: null, today: null } });
const beat = (seq: number): LiveMessage => ({ type: "beat", seq, at: "2026-11-22T14:00:05+08:00" });

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the live link", () => {
  const listeners = () => ({ message: vi.fn(), link: vi.fn(), refused: vi.fn() });

  it("comes back by itself as long as it is wanted", () => {
    const socket = new LiveSocket("/live", listeners(), open);
    socket.start();
    for (let n = 1; n <= 4; n++) {
      last().ends();
      vi.advanceTimersByTime(6000);
    }
    expect(opened).toHaveLength(5);
    socket.stop();
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(5);
  });

  it("takes silence for a dead link", () => {
    const heard = listeners();
    new LiveSocket("/live", heard, open).start();
    last().says(snapshot(1));
    vi.advanceTimersByTime(SILENCE_MS - 1);
    expect(opened[0]?.closed).toBe(false);
    vi.advanceTimersByTime(2000);
    expect(opened[0]?.closed).toBe(true);
    expect(heard.link).toHaveBeenLastCalledWith(false);
    expect(opened).toHaveLength(2);
  });

  it("asks about the session when the server says so or lets nobody in", () => {
    const heard = listeners();
    new LiveSocket("/live", heard, open).start();
    last().says(snapshot(1));
    last().ends(1006);
    expect(heard.refused).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2000);
    last().ends(1006);
    expect(heard.refused).toHaveBeenCalledTimes(1);
  });
});

describe("the live store", () => {
  it("starts over on a gap and shows no news until the new snapshot", () => {
    const live = createLive({ url: "/live", refused: () => undefined, open });
    live.start();
    last().says(snapshot(5));
    expect(live.linked.value).toBe(true);
    last().says(beat(7));
    expect(live.linked.value).toBe(false);
    expect(opened).toHaveLength(2);
    last().says(snapshot(7));
    expect(live.linked.value).toBe(true);
    expect(live.board.value.seq).toBe(7);
    live.stop();
  });

  it("calls figures stale when nothing was heard, or the engine is silent", () => {
    const live = createLive({ url: "/live", refused: () => undefined, open });
    live.start();
    last().says(snapshot(1));
    expect(live.stale.value).toBe(false);
    last().says({ type: "delta", seq: 2, at: "2026-11-22T14:00:01+08:00", patch: { engine: { state: "silent", at: "2026-11-22T13:59:00+08:00" } } });
    expect(live.stale.value).toBe(true);
    expect(live.newsUntil.value).toBe("2026-11-22T13:59:00+08:00");
    last().says({ type: "delta", seq: 3, at: "2026-11-22T14:00:02+08:00", patch: { engine: { state: "ok", at: "2026-11-22T14:00:02+08:00" } } });
    expect(live.stale.value).toBe(false);
    vi.advanceTimersByTime(SILENCE_MS + 1000);
    expect(live.stale.value).toBe(true);
    live.stop();
  });
});
