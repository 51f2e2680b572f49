import type { LiveMessage } from "./model";

/** Silence longer than this means the link is dead, whatever the browser says. The server beats every 5 s. */
export const SILENCE_MS = 12_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;

export interface SocketEvents {
  message(message: LiveMessage): void;
  /** The link opened or closed. After every opening the server sends a snapshot first. */
  link(open: boolean): void;
  /** The server may have ended this session: time to ask it. */
  refused(): void;
}

export type OpenSocket = (url: string) => WebSocket;

/**
 * The live link. `wanted` is the intent, the socket the fact: as long as the first holds, the second is brought about
 * again, with growing pauses and some chance in them so that a room full of screens does not come back in one instant.
 */
export class LiveSocket {
  private socket: WebSocket | null = null;
  private wanted = false;
  private retries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private readonly events: SocketEvents,
    private readonly open: OpenSocket = (url) => new WebSocket(url),
  ) {}

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.connect();
  }

  stop(): void {
    this.wanted = false;
    clearTimeout(this.timer);
    this.drop();
  }

  /** A gap in the numbers: a new link brings a new snapshot. */
  startOver(): void {
    if (!this.wanted) return;
    this.drop();
    this.connect();
  }

  private connect(): void {
    const socket = this.open(this.url);
    this.socket = socket;
    this.guard();
    socket.onopen = () => this.events.link(true);
    let heard = false;
    socket.onmessage = (event: MessageEvent<string>) => {
      heard = true;
      this.retries = 0;
      this.guard();
      this.events.message(JSON.parse(event.data) as LiveMessage);
    };
    socket.onclose = (event) => {
      if (socket !== this.socket) return;
      this.drop();
      this.events.link(false);
      // 4401: the session is over. A browser does not tell a refused handshake from a dead network, so that is looked at too.
      if (event.code === 4401 || !heard) this.events.refused();
      this.later();
    };
  }

  private guard(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.drop();
      this.events.link(false);
      this.later();
    }, SILENCE_MS);
  }

  private later(): void {
    if (!this.wanted) return;
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.retries++);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), pause * (0.75 + Math.random() / 2));
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
