/** The phone as the screen sees it: state, self-test, statistics, and who may use it among several tabs. */
import { computed, reactive, ref, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from "vue";

import type { Api } from "@/api/client";
import type { PhoneAccount } from "@/api/types";

import type { MicState } from "./devices";
import { PHONE_OFF, phoneStep, type PhoneEvent, type PhoneState } from "./phone-state";
import { Ringer } from "./ringer";
import { freshSteps, selfTest, type Step } from "./self-test";
import { createSoftphone, type Softphone } from "./softphone";
import { audioStats, type AudioStats } from "./stats";

export interface Phone {
  state: ShallowRef<PhoneState>;
  microphone: Ref<MicState>;
  rtt: Ref<number | null>;
  test: { steps: Step[]; running: boolean; passed: boolean };
  /** The microphone worked since this page was opened; a reload is the same page. */
  tried: Ref<boolean>;
  usable: ComputedRef<boolean>;
  ringer: Ringer;
  /** Registers, unless another tab holds the phone; `takeOver` wins against it. */
  start(takeOver?: boolean): void;
  stop(): void;
  runTest(): Promise<boolean>;
  /** Calls may ring here, if the microphone was tried. Throws ApiError. */
  tellTried(): Promise<void>;
  act: Pick<Softphone, "answer" | "reject" | "hangUp" | "hold" | "mute" | "tone">;
  stats(): Promise<AudioStats | null>;
}

export const PHONE: InjectionKey<Phone> = Symbol("phone");

const LOCK = "callcenter-phone";
const STATS_EVERY_MS = 2000;
/** In the tab's own storage. */
const TRIED = "callcenter.microphone.tried";

export function createPhone(api: Api, make = createSoftphone): Phone {
  const page = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const state = shallowRef<PhoneState>(PHONE_OFF);
  const microphone = ref<MicState>("unknown");
  const rtt = ref<number | null>(null);
  const test = reactive({ steps: freshSteps(), running: false, passed: false });
  const tried = ref(sessionStorage.getItem(TRIED) !== null);
  watch(tried, (now) => (now ? sessionStorage.setItem(TRIED, "1") : sessionStorage.removeItem(TRIED)), { flush: "sync" });
  const ringer = new Ringer();
  const report = (event: PhoneEvent) => {
    state.value = phoneStep(state.value, event);
  };
  const soft = make(report, (fault) => (microphone.value = fault), {
    mine: () => api.get<{ mine: boolean }>("/me/phone/mine", { page }).then(({ mine }) => mine, () => true),
    taken: () => {
      release?.();
      release = null;
      soft.stop();
      report({ type: "line", line: "elsewhere" });
    },
  });
  let release: (() => void) | null = null;
  let sampler: ReturnType<typeof setInterval> | undefined;

  /** Leaving the page leaves the caller with music until it is back: the browser asks first. */
  addEventListener("beforeunload", (event) => {
    if (state.value.talk === "talking") event.preventDefault();
  });

  async function connect(): Promise<void> {
    report({ type: "line", line: "connecting" });
    try {
      soft.start(await api.get<PhoneAccount>("/me/phone", { kind: "webrtc", page, microphone_tried: String(tried.value) }));
    } catch {
      report({ type: "line", line: "lost", cause: "account" });
    }
  }

  async function stats(): Promise<AudioStats | null> {
    const connection = soft.connection();
    return connection ? audioStats(connection) : null;
  }

  async function sample(): Promise<void> {
    const seen = await stats();
    if (seen?.rtt_ms != null) rtt.value = seen.rtt_ms;
  }

  /** Two tabs registering one account would silently steal each other's calls: a lock lets one of them. */
  function hold(takeOver: boolean): void {
    const held = () =>
      new Promise<void>((done) => {
        release = done;
        void connect();
      });
    const lost = () => {
      release = null;
      soft.stop();
      if (state.value.line !== "off") report({ type: "line", line: "elsewhere" });
    };
    if (takeOver) {
      navigator.locks.request(LOCK, { steal: true }, held).catch(lost);
      return;
    }
    navigator.locks
      .request(LOCK, { ifAvailable: true }, async (lock) => {
        if (lock) return held();
        report({ type: "line", line: "elsewhere" });
        return undefined;
      })
      .catch(lost);
  }

  return {
    state,
    microphone,
    rtt,
    test,
    ringer,
    tried,
    usable: computed(() => state.value.line === "registered"),
    start(takeOver = false) {
      if (state.value.line !== "off" && !takeOver) return;
      sampler ??= setInterval(() => void sample(), STATS_EVERY_MS);
      if ("locks" in navigator) hold(takeOver);
      else void connect();
    },
    stop() {
      clearInterval(sampler);
      sampler = undefined;
      ringer.stop();
      soft.stop();
      release?.();
      release = null;
      test.passed = tried.value = false;
      state.value = PHONE_OFF;
    },
    async runTest() {
      test.running = true;
      test.steps = freshSteps();
      const bench = {
        audio: () => ringer.audio(),
        line: () => state.value.line,
        reconnect: () => void connect(),
        echo: soft.echo.bind(soft),
        hangUp: () => {
          if (state.value.talk === "testing") soft.reject();
        },
        microphone: (heard: MicState) => {
          microphone.value = heard;
          tried.value ||= heard === "ok";
        },
      };
      await ringer.audio().resume();
      test.passed = await selfTest(bench, (steps) => {
        test.steps = steps.map((step) => ({ ...step }));
        const echo = steps.find((step) => step.name === "echo");
        if (echo?.rtt_ms != null) rtt.value = echo.rtt_ms;
      });
      test.running = false;
      return test.passed;
    },
    async tellTried() {
      if (tried.value) await api.post("/me/microphone", { tried: true, page });
    },
    act: {
      answer: () => soft.answer(),
      reject: () => soft.reject(),
      hangUp: () => soft.hangUp(),
      hold: (on) => soft.hold(on),
      mute: (on) => soft.mute(on),
      tone: (key) => soft.tone(key),
    },
    stats,
  };
}
