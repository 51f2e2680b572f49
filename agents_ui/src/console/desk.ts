/** What is on this seat's desk: the live seat and call, joined with the facts of the browser's own phone. */
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from "vue";

import { injected } from "@/design/injected";
import type { Call, Seat } from "@/live/model";
import { LIVE, type Live } from "@/live/store";
import { PHONE, type Phone } from "@/phone/phone";
import { SESSION } from "@/session/session";

export type Stage = "none" | "ringing" | "talking" | "holding" | "wrap_up";

export interface Desk {
  live: Live;
  phone: Phone;
  seat: ComputedRef<Seat | null>;
  stage: ComputedRef<Stage>;
  /** The call on the desk; keeps its facts through wrap-up, when the live picture has let it go. */
  call: ShallowRef<Call | null>;
  /** The talk runs on a telephone, on the desk or a mobile: this page shows it, the buttons are there. */
  onDeskPhone: ComputedRef<boolean>;
}

export function useSeat(): ComputedRef<Seat | null> {
  const live = injected(LIVE);
  const session = injected(SESSION);
  return computed(() => {
    const id = session.person.value?.seat;
    return (id && live.state.value.seats[id]) || null;
  });
}

/** Calls ring on a telephone, not in this page. */
export const onTelephone = (seat: Seat | null) => seat?.phone === "sip" || seat?.phone === "mobile";

/** This page has the browser phone, and may not be rung before its microphone was tried. */
export const untried = (seat: Seat | null, phone: Phone) => phone.usable.value && seat?.microphone_tried === false;

/** Whichever speaks first makes the pop: the INVITE at the phone or `ringing` in the live picture. */
export function stageOf(seat: Seat | null, phone: Phone["state"]["value"], stale: boolean): Stage {
  const browser = !onTelephone(seat);
  // a phone that is called back into its talk (a reload) answers by itself: no pop
  if (phone.talk === "ringing" || phone.talk === "answering") return seat?.state === "holding" ? "holding" : "ringing";
  if (browser && phone.talk === "talking" && seat?.state !== "holding") return "talking";
  // no news from the engine, and our own phone is quiet: that call is over
  if (stale && browser && phone.talk === "idle" && seat?.state !== "wrap_up") return "none";
  switch (seat?.state) {
    case "ringing":
    case "talking":
    case "holding":
    case "wrap_up":
      return seat.state;
    default:
      return "none";
  }
}

export function useDesk(): Desk {
  const live = injected(LIVE);
  const phone = injected(PHONE);
  const seat = useSeat();
  const stage = computed(() => stageOf(seat.value, phone.state.value, live.stale.value));
  const call = shallowRef<Call | null>(null);

  watch(
    [stage, () => seat.value?.call, () => live.state.value.calls],
    ([now, id, calls]) => {
      const found = id ? calls[id] : undefined;
      if (found) call.value = found;
      else if (now === "none" || (now === "ringing" && call.value && !calls[call.value.id])) call.value = null;
    },
    { immediate: true },
  );

  return { live, phone, seat, stage, call, onDeskPhone: computed(() => onTelephone(seat.value)) };
}
