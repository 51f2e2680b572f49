import { computed, ref, shallowRef, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from "vue";

import type { Engine, LiveMessage, LiveState } from "./model";
import { EMPTY, GAP, reduce, type Board } from "./reduce";
import { LiveSocket, SILENCE_MS, type OpenSocket } from "./socket";

export interface Live {
  board: ShallowRef<Board>;
  state: ComputedRef<LiveState>;
  /** A link is open and a snapshot has arrived on it. */
  linked: Ref<boolean>;
  /** The server's clock in ms, ticking four times a second; every duration on a screen is measured against it. */
  now: Ref<number>;
  /** ms since the server last spoke. */
  age: ComputedRef<number>;
  /** Figures may not be believed: the link is silent, or the engine is. */
  stale: ComputedRef<boolean>;
  /** When the last news came, if `stale`. */
  newsUntil: ComputedRef<string>;
  start(): void;
  stop(): void;
}

export const LIVE: InjectionKey<Live> = Symbol("live");

export interface LiveOptions {
  url: string;
  /** The server may have ended this session: time to ask it. */
  refused(): void;
  open?: OpenSocket;
}

const silent = (engine: Engine | null): boolean => engine?.state === "silent";

export function createLive(options: LiveOptions): Live {
  const board = shallowRef<Board>(EMPTY);
  const linked = ref(false);
  const heardAt = ref(0);
  const ahead = ref(0); // server's clock minus ours
  const now = ref(Date.now());
  let ticker: ReturnType<typeof setInterval> | undefined;

  const tick = () => (now.value = Date.now() + ahead.value);

  function hear(message: LiveMessage): void {
    const next = reduce(board.value, message);
    if (next === GAP) {
      linked.value = false;
      socket.startOver();
      return;
    }
    heardAt.value = Date.now();
    ahead.value = Date.parse(next.at) - heardAt.value;
    tick();
    board.value = next;
    if (message.type === "snapshot") linked.value = true;
  }

  const socket = new LiveSocket(
    options.url,
    {
      message: hear,
      link: (open) => {
        if (!open) linked.value = false;
      },
      refused: options.refused,
    },
    options.open,
  );

  const age = computed(() => (heardAt.value ? Math.max(0, now.value - ahead.value - heardAt.value) : Infinity));
  const state = computed(() => board.value.state);

  return {
    board,
    state,
    linked,
    now,
    age,
    stale: computed(() => age.value > SILENCE_MS || silent(state.value.engine)),
    newsUntil: computed(() => (silent(state.value.engine) ? (state.value.engine?.at ?? "") : board.value.at)),
    start() {
      ticker ??= setInterval(tick, 250);
      socket.start();
    },
    stop() {
      clearInterval(ticker);
      ticker = undefined;
      socket.stop();
      linked.value = false;
      board.value = EMPTY;
    },
  };
}
