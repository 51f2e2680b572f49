/** A supervisor at a talk, over all pages: where he is, what he asked for, and whether his microphone is open. */
import { computed, ref, watch, type ComputedRef, type InjectionKey, type Ref } from "vue";

import { API } from "@/api/client";
import { useAsked, type Asked } from "@/live/asked";
import { injected } from "@/design/injected";
import type { Call, ListenMode } from "@/live/model";
import { LIVE } from "@/live/store";
import { PHONE } from "@/phone/phone";
import { SESSION } from "@/session/session";

export interface Listening {
  /** The call at which he is. */
  call: ComputedRef<Call | null>;
  mode: ComputedRef<ListenMode | null>;
  asked: Asked;
  /** A seat whose talk he may take over as soon as he has said yes. */
  sure: Ref<string | null>;
  ask(seat: string, mode: ListenMode): void;
  stop(): void;
}

export const LISTENING: InjectionKey<Listening> = Symbol("listening");

export const LISTEN_MODES: readonly ListenMode[] = ["listen", "whisper", "barge", "take_over"];

/** What is left to ask for: who has taken a talk over cannot give it back. */
export const modesFrom = (mode: ListenMode | null): readonly ListenMode[] => (mode === "take_over" ? ["take_over"] : LISTEN_MODES);

export const callOf = (calls: Record<string, Call>, person: string | undefined): Call | null =>
  Object.values(calls).find(({ listener }) => listener !== null && listener.person === person) ?? null;

export function useListening(): Listening {
  const api = injected(API);
  const live = injected(LIVE);
  const session = injected(SESSION);
  const phone = injected(PHONE);
  const { asked, ask } = useAsked();
  const sure = ref<string | null>(null);
  const call = computed(() => callOf(live.state.value.calls, session.person.value?.id));
  const mode = computed(() => call.value?.listener?.mode ?? null);

  // who only listens has his microphone off, whatever Asterisk does with it
  watch([mode, () => phone.state.value.talk], ([now, talk]) => {
    if (now && talk === "talking") phone.act.mute(now === "listen");
  });

  const send = (seat: string, wanted: ListenMode | "stop") => api.post(`/seats/${seat}/listen`, { mode: wanted });

  return {
    call,
    mode,
    asked,
    sure,
    ask(seat, wanted) {
      sure.value = null;
      void ask(wanted, { act: () => send(seat, wanted), done: () => mode.value === wanted });
    },
    stop() {
      const seat = call.value?.listener?.seat ?? call.value?.seat;
      if (seat) void ask("stop", { act: () => send(seat, "stop"), done: () => mode.value === null });
    },
  };
}
