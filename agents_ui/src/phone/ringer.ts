/** A ring tone and a desktop notification, so that a call is noticed with the tab in the background. */

/** Chinese ringing: 450 Hz, one second on; shortened pauses because a seat should answer within 15 s. */
const TONE_HZ = 450;
const ON_S = 0.8;
const EVERY_MS = 2000;

export class Ringer {
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private note: Notification | null = null;

  /** Browsers let a page sound only after a click or key; any one will do. */
  constructor() {
    const wake = () => void this.audio().resume();
    addEventListener("pointerdown", wake, { passive: true });
    addEventListener("keydown", wake, { passive: true });
  }

  audio(): AudioContext {
    this.context ??= new AudioContext();
    return this.context;
  }

  start(title: string, body: string): void {
    this.stop();
    this.beep();
    this.timer = setInterval(() => this.beep(), EVERY_MS);
    if (document.hidden && "Notification" in window && Notification.permission === "granted") {
      this.note = new Notification(title, { body, tag: "call", requireInteraction: true });
      this.note.onclick = () => window.focus();
    }
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.note?.close();
    this.note = null;
  }

  private beep(): void {
    const context = this.audio();
    if (context.state !== "running") return;
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = TONE_HZ;
    const start = context.currentTime;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.15, start + 0.03);
    gain.gain.setValueAtTime(0.15, start + ON_S - 0.05);
    gain.gain.linearRampToValueAtTime(0, start + ON_S);
    tone.connect(gain).connect(context.destination);
    tone.start(start);
    tone.stop(start + ON_S);
  }
}

/** Asked once, from a click; a refusal is the person's choice and is not asked again. */
export async function askToNotify(): Promise<void> {
  if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
}
