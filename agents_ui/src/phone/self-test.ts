import { closeStream, loudest, MicError, openMicrophone, type MicFault } from "./devices";
import type { LineState } from "./phone-state";
import { audioStats, type AudioStats } from "./stats";

export type StepName = "microphone" | "registration" | "echo";
export type StepState = "waiting" | "running" | "ok" | "failed";
export type Fault = MicFault | LineState | "refused-call" | "no-packets" | "no-sound" | "skipped";

export interface Step {
  name: StepName;
  state: StepState;
  /** Names the fault; the screen says what to do about it. */
  fault: Fault | null;
  /** Round trip of the echo, ms. */
  rtt_ms: number | null;
}

export interface TestBench {
  audio(): AudioContext;
  line(): LineState;
  /** Brings the phone up again after a refusal or a loss. */
  reconnect(): void;
  echo(target: string, stream: MediaStream): Promise<RTCPeerConnection>;
  hangUp(): void;
  microphone(state: "ok" | MicFault): void;
}

/** Asterisk's echo extension, for seats only. */
const ECHO = "600";
const LISTEN_MS = 700;
const REGISTER_WITHIN_MS = 6000;
const ECHO_WITHIN_MS = 6000;
/** Packets that must come back: half a second of 20 ms frames. */
const PACKETS = 25;
/** Energy gained while our tone returns; silence and comfort noise stay far below. */
const ENERGY = 0.0005;

export const freshSteps = (): Step[] =>
  (["microphone", "registration", "echo"] as const).map((name) => ({ name, state: "waiting", fault: null, rtt_ms: null }));

class StepFailed extends Error {
  constructor(readonly fault: Fault) {
    super(fault);
  }
}

async function until(condition: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function testMicrophone(bench: TestBench): Promise<void> {
  try {
    const stream = await openMicrophone();
    try {
      if ((await loudest(bench.audio(), stream, LISTEN_MS)) === 0) throw new MicError("silent");
    } finally {
      closeStream(stream);
    }
    bench.microphone("ok");
  } catch (error) {
    if (!(error instanceof MicError)) throw error;
    bench.microphone(error.fault);
    throw new StepFailed(error.fault);
  }
}

async function testRegistration(bench: TestBench): Promise<void> {
  if (bench.line() === "registered") return;
  bench.reconnect();
  if (!(await until(() => bench.line() === "registered", REGISTER_WITHIN_MS))) throw new StepFailed(bench.line());
}

/** Sends a quiet tone of our own, so the way to Asterisk and back is proved even when nobody speaks. */
async function testEcho(bench: TestBench): Promise<number | null> {
  const context = bench.audio();
  const out = context.createMediaStreamDestination();
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.frequency.value = 620;
  gain.gain.value = 0.2;
  tone.connect(gain).connect(out);
  tone.start();
  try {
    const connection = await bench.echo(ECHO, out.stream).catch(() => {
      throw new StepFailed("refused-call");
    });
    let last: AudioStats | null = null;
    const heard = await until(async () => {
      last = await audioStats(connection);
      return last.inbound.packets >= PACKETS && last.inbound.energy >= ENERGY;
    }, ECHO_WITHIN_MS);
    const stats = last as AudioStats | null;
    if (!heard) throw new StepFailed((stats?.inbound.packets ?? 0) < PACKETS ? "no-packets" : "no-sound");
    return stats?.rtt_ms ?? null;
  } finally {
    tone.stop();
    closeStream(out.stream);
    bench.hangUp();
  }
}

/** Runs all three, each reported as it changes. A step whose ground is missing is skipped. True: ready to work. */
export async function selfTest(bench: TestBench, changed: (steps: Step[]) => void): Promise<boolean> {
  const steps = freshSteps();
  const run = async (index: number, work: () => Promise<number | null | undefined>) => {
    const step = steps[index] as Step;
    step.state = "running";
    changed([...steps]);
    try {
      step.rtt_ms = (await work()) ?? null;
      step.state = "ok";
    } catch (error) {
      step.state = "failed";
      step.fault = error instanceof StepFailed ? error.fault : "refused-call";
    }
    changed([...steps]);
  };
  await run(0, () => testMicrophone(bench).then(() => null));
  await run(1, () => testRegistration(bench).then(() => null));
  await run(2, () => {
    if (steps[1]?.state === "failed") throw new StepFailed("skipped");
    return testEcho(bench);
  });
  return steps.every((step) => step.state === "ok");
}
