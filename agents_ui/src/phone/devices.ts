/** The microphone, and what is wrong with it in words a person can act on. */

export const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

export type MicFault = "insecure" | "denied" | "none" | "busy" | "silent";
export type MicState = "unknown" | "ok" | MicFault;

export class MicError extends Error {
  constructor(readonly fault: MicFault) {
    super(fault);
    this.name = "MicError";
  }
}

const FAULTS: Record<string, MicFault> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

export const faultOf = (error: unknown): MicFault => FAULTS[(error as DOMException).name] ?? "busy";

/** Throws MicError. A page that came over plain http from another machine gets no microphone from any browser. */
export async function openMicrophone(): Promise<MediaStream> {
  if (!("mediaDevices" in navigator)) throw new MicError("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE, video: false });
  } catch (error) {
    throw new MicError(faultOf(error));
  }
}

export function closeStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/**
 * Loudest sample (0..1) within `ms`. A live microphone always has some noise; exactly zero means a hardware mute or a
 * driver that delivers nothing.
 */
export async function loudest(context: AudioContext, stream: MediaStream, ms: number): Promise<number> {
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  source.connect(analyser);
  const block = new Float32Array(analyser.fftSize);
  let peak = 0;
  const until = performance.now() + ms;
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    analyser.getFloatTimeDomainData(block);
    for (const sample of block) peak = Math.max(peak, Math.abs(sample));
  }
  source.disconnect();
  return peak;
}
