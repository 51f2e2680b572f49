/** The browser's SIP phone: the only place that knows JsSIP. It reports facts as PhoneEvents and never touches state. */
import * as JsSIP from "jssip";
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from "jssip/lib/UA";
import type { RTCSession } from "jssip/lib/RTCSession";

import type { PhoneAccount } from "@/api/types";

import { faultOf, MICROPHONE, type MicFault } from "./devices";
import type { PhoneEvent } from "./phone-state";

/** ms after the last ICE candidate; waiting for the end of gathering costs a second on some machines. */
const ICE_QUIET_MS = 100;
/** The same where a TURN server is asked for a way first: that answer comes over the network. */
const ICE_QUIET_WITH_TURN_MS = 1000;
const REGISTER_EXPIRES_S = 120;
const REGISTER_AGAIN_MS = 5000;
/**
 * Name under which the engine calls a phone back into the talk that it lost (a reload, another network): the person has
 * answered already, and the caller is waiting. No BYE is sent when the page goes away, or there would be no talk left.
 */
const RETURN = "cc-return";
/** Name under which the engine calls a supervisor's phone to a talk: asked for with a button, heard with a closed mouth. */
const LISTEN = "cc-listen";

export interface Softphone {
  start(account: PhoneAccount): void;
  stop(): void;
  answer(): void;
  reject(): void;
  hangUp(): void;
  hold(on: boolean): void;
  mute(on: boolean): void;
  tone(key: string): void;
  /** Calls `target` with a stream of our own; resolves when it is answered. */
  echo(target: string, stream: MediaStream): Promise<RTCPeerConnection>;
  /** The connection of the talk or test in progress. */
  connection(): RTCPeerConnection | null;
}

export type Report = (event: PhoneEvent) => void;

/** Whether the account's phone is still this page's: the one opened last has it, perhaps on another machine. */
export interface Holder {
  mine(): Promise<boolean>;
  /** Called when it is not: the phone is given up. */
  taken(): void;
}

const REFUSED: readonly string[] = ["Rejected", "Authentication Error", "Not Found", "SIP Failure Code"];

export function createSoftphone(report: Report, microphoneFailed: (fault: MicFault) => void, holder: Holder): Softphone {
  let ua: JsSIP.UA | null = null;
  let session: RTCSession | null = null;
  let domain = "";
  /** Our own TURN server or none: no STUN server, least of all a foreign one. */
  let iceServers: RTCIceServer[] = [];
  const pcConfig = (): RTCConfiguration => ({ iceServers, rtcpMuxPolicy: "require" });
  let again: ReturnType<typeof setTimeout> | undefined;
  const speaker = new Audio();
  speaker.autoplay = true;

  function follow(next: RTCSession): void {
    session = next;
    let quiet: ReturnType<typeof setTimeout> | undefined;
    next.on("icecandidate", ({ ready }) => {
      clearTimeout(quiet);
      quiet = setTimeout(ready, iceServers.length ? ICE_QUIET_WITH_TURN_MS : ICE_QUIET_MS);
    });
    const over = () => {
      clearTimeout(quiet);
      if (session !== next) return;
      session = null;
      speaker.srcObject = null;
      report({ type: "talk", talk: "idle" });
    };
    next.on("ended", over);
    next.on("failed", over);
  }

  function listen(connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ track, streams }) => {
      speaker.srcObject = streams[0] ?? new MediaStream([track]);
      void speaker.play().catch(() => undefined); // refused without a gesture; `answer` is one
    });
  }

  function incoming(next: RTCSession): void {
    if (session) {
      next.terminate({ status_code: 486 }); // one talk at a time; the queue rings the next seat
      return;
    }
    follow(next);
    next.on("peerconnection", ({ peerconnection }) => listen(peerconnection));
    next.on("getusermediafailed", (error: unknown) => microphoneFailed(faultOf(error)));
    const name = next.remote_identity.display_name;
    next.on("confirmed", () => {
      report({ type: "talk", talk: "talking" });
      if (name !== LISTEN) return;
      next.mute({ audio: true });
      report({ type: "muted", on: true });
    });
    report({ type: "talk", talk: "ringing" });
    if (name === RETURN || name === LISTEN) answer();
  }

  function answer(): void {
    report({ type: "talk", talk: "answering" });
    session?.answer({ mediaConstraints: { audio: MICROPHONE, video: false }, pcConfig: pcConfig() });
  }

  /** To renew what another machine has taken would take it back: Asterisk lets the newest registration win. */
  async function ifMine(agent: JsSIP.UA, act: () => void): Promise<void> {
    const mine = session !== null || (await holder.mine());
    if (agent !== ua) return;
    if (mine) act();
    else holder.taken();
  }

  function lineEvents(agent: JsSIP.UA): void {
    const tryAgain = () => {
      clearTimeout(again);
      again = setTimeout(() => {
        if (agent.isConnected() && !agent.isRegistered()) agent.register();
      }, REGISTER_AGAIN_MS);
    };
    agent.on("connecting", () => report({ type: "line", line: "connecting" }));
    agent.on("disconnected", ({ reason }) => report({ type: "line", line: "lost", cause: reason ?? "" }));
    agent.on("registered", () => {
      report({ type: "line", line: "registered" });
      void ifMine(agent, () => undefined); // it may have come back from a network that was away for long
    });
    agent.on("registrationExpiring", () => void ifMine(agent, () => agent.register()));
    agent.on("unregistered", ({ cause }) => {
      report({ type: "line", line: "lost", cause: cause ?? "" });
      tryAgain();
    });
    agent.on("registrationFailed", ({ cause }) => {
      report({ type: "line", line: REFUSED.includes(String(cause)) ? "refused" : "lost", cause: cause ?? "" });
      tryAgain();
    });
    agent.on("newRTCSession", (event: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
      if ((event.originator as string) === "remote") incoming(event.session);
    });
  }

  return {
    start(account) {
      this.stop();
      domain = account.domain;
      iceServers = account.ice_servers;
      ua = new JsSIP.UA({
        sockets: [new JsSIP.WebSocketInterface(account.ws_url)],
        uri: `sip:${account.user}@${account.domain}`,
        password: account.password,
        register_expires: REGISTER_EXPIRES_S,
        session_timers: false,
        connection_recovery_min_interval: 1,
        connection_recovery_max_interval: 10,
        user_agent: "callcenter-console",
      });
      lineEvents(ua);
      ua.start();
    },
    stop() {
      clearTimeout(again);
      ua?.removeAllListeners();
      ua?.stop();
      ua = null;
    },
    answer,
    reject: () => session?.terminate({ status_code: 486 }),
    hangUp() {
      report({ type: "talk", talk: "ending" });
      session?.terminate();
    },
    hold(on) {
      const done = () => report({ type: "held", on });
      if (on) session?.hold({}, done);
      else session?.unhold({}, done);
    },
    mute(on) {
      if (on) session?.mute({ audio: true });
      else session?.unmute({ audio: true });
      report({ type: "muted", on });
    },
    tone(key) {
      // RFC 4733; JsSIP's own default is INFO
      session?.sendDTMF(key, { transportType: "RFC2833" as never, duration: 120, interToneGap: 100 });
    },
    echo(target, stream) {
      const agent = ua;
      if (!agent || session) return Promise.reject(new Error("not-free"));
      return new Promise((resolve, reject) => {
        const call = agent.call(`sip:${target}@${domain}`, { mediaStream: stream, pcConfig: pcConfig() });
        report({ type: "talk", talk: "testing" });
        follow(call);
        listen(call.connection); // a browser decodes only what is played; the person hears the tone too
        call.on("confirmed", () => resolve(call.connection));
        call.on("failed", ({ cause }) => reject(new Error(cause)));
      });
    },
    connection: () => session?.connection ?? null,
  };
}
