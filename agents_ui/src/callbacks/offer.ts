/** Whom this seat may call back now, and whom it is calling: asked for every few seconds while it matters. */
import { ref, watch, type Ref } from "vue";

import type { Api } from "@/api/client";
import { useEvery } from "@/design/every";
import type { Seat } from "@/live/model";

import { offer, type Offer } from "./client";

const AGAIN_MS = 3000;
/** Begin of the name of a call that we made. */
const CALLED_BACK = "cb-";
const NOTHING: Offer = { offered: null, calling: null };

export const callsBack = (seat: Seat | null): boolean => seat?.call?.startsWith(CALLED_BACK) ?? false;

export function useOffer(api: Api, seat: Ref<Seat | null>): { known: Ref<Offer>; load(): Promise<void> } {
  const known = ref<Offer>(NOTHING);

  async function load(): Promise<void> {
    if (seat.value?.state !== "ready" && !callsBack(seat.value)) {
      known.value = NOTHING;
      return;
    }
    try {
      known.value = await offer(api);
    } catch {
      known.value = NOTHING; // nobody is offered whom the server may have given to somebody else
    }
  }

  watch(() => [seat.value?.state, seat.value?.call], () => void load(), { immediate: true });
  useEvery(AGAIN_MS, load);
  return { known, load };
}
