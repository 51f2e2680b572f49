/** A short two-tone for a new alarm, where this browser was asked to sound. */
import { onUnmounted, ref, watch, type Ref } from "vue";

import type { Alarm } from "@/live/model";

const KEY = "callcenter.alarm.sound";
const TONES = [880, 660];
const TONE_S = 0.18;

export interface AlarmSound {
  on: Ref<boolean>;
  /** Called by a click: browsers let a page sound only after one. */
  toggle(): void;
}

/** `alarms`: those that are up. An alarm is heard once, unless it is quiet or somebody has taken it. */
export function useAlarmSound(alarms: () => Alarm[]): AlarmSound {
  const on = ref(localStorage.getItem(KEY) === "1");
  let context: AudioContext | null = null;
  let heard = new Set<number>();

  function play(): void {
    context ??= new AudioContext();
    const start = context.currentTime + 0.05;
    for (const [place, hertz] of TONES.entries()) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = hertz;
      volume.gain.value = 0.2;
      tone.connect(volume).connect(context.destination);
      tone.start(start + place * TONE_S);
      tone.stop(start + (place + 1) * TONE_S);
    }
  }

  watch(
    () => alarms().filter((alarm) => alarm.state === "raised" && !alarm.quiet).map((alarm) => alarm.id),
    (loud) => {
      const fresh = loud.some((id) => !heard.has(id));
      heard = new Set(loud); // those that ended are forgotten: a month of alarms must not pile up
      if (fresh && on.value) play();
    },
    { immediate: true },
  );
  onUnmounted(() => void context?.close());

  return {
    on,
    toggle() {
      on.value = !on.value;
      localStorage.setItem(KEY, on.value ? "1" : "0");
      if (on.value) play();
    },
  };
}
