/** What this seat may do with its talk beyond the two of it. A button asks; only the live picture says that it is done. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";

import { API } from "@/api/client";
import type { Parties } from "@/api/types";
import { injected } from "@/design/injected";
import { useAsked, type Asked } from "@/live/asked";
import type { TalkParty } from "@/live/model";

import { companyOf, isParty, type Target } from "./company";
import type { Desk } from "./desk";

export interface Talk {
  company: ComputedRef<TalkParty[]>;
  /** The caller hears music and is not on hold by the phone: he waits beside the room. */
  callerWaits: ComputedRef<boolean>;
  /** This page was loaded anew, or its network was gone: its phone is being called back into the talk. */
  returning: ComputedRef<boolean>;
  /** Somebody who was called and did not come. */
  unreached: Ref<TalkParty | null>;
  /** Whom one may call; null: not known yet. */
  directory: ShallowRef<Parties | null>;
  asked: Asked;
  load(): Promise<void>;
  consult(target: Target): Promise<void>;
  handOn(target: Target): Promise<void>;
  /** The on-call interpreter of a language comes into the talk. */
  interpret(language: string): Promise<void>;
  join(): Promise<void>;
  back(): Promise<void>;
  leave(): Promise<void>;
  /** `reason`: of the catalogue. */
  end(reason: string): Promise<void>;
}

export function useTalk(desk: Desk): Talk {
  const api = injected(API);
  const { phone, seat, stage, call, live, onDeskPhone } = desk;
  const { asked, ask } = useAsked();
  const directory = shallowRef<Parties | null>(null);
  const unreached = ref<TalkParty | null>(null);

  const inTalk = computed(() => stage.value === "talking" || stage.value === "holding");
  const company = computed(() => (inTalk.value ? companyOf(call.value, live.state.value.seats, seat.value?.id) : []));
  const talksHere = computed(() => phone.state.value.talk === "talking");
  const callerWaits = computed(() => stage.value === "holding" && (onDeskPhone.value || (talksHere.value && !phone.state.value.held)));
  const elsewhere = computed(() => onDeskPhone.value || phone.state.value.line === "elsewhere");

  const send = (action: string, target?: Pick<Target, "to" | "name">) =>
    api.post("/me/talk", { action, to: target?.to ?? "", name: target?.name ?? "" });
  const over = () => !inTalk.value;

  async function load(): Promise<void> {
    directory.value = await api.get<Parties>("/me/parties");
  }

  watch(company, (now, before) => {
    const lost = before.find((was) => was.state === "called" && !now.some((is) => is.seat === was.seat && is.place === was.place));
    if (lost && inTalk.value && asked.what !== "back") unreached.value = lost;
    if (now.some(({ place }) => place) && !directory.value) void load().catch(() => undefined); // its bare name stands meanwhile
  });
  watch(inTalk, (talking) => !talking && (unreached.value = null));

  return {
    company,
    callerWaits,
    unreached,
    directory,
    asked,
    returning: computed(() => inTalk.value && !elsewhere.value && !talksHere.value),
    load,
    consult(target) {
      unreached.value = null;
      return ask("consult", {
        act() {
          if (phone.state.value.held) phone.act.hold(false);
          return send("consult", target);
        },
        done: () => company.value.some((party) => isParty(party, target)) || callerWaits.value || over(),
      });
    },
    handOn: (target) => ask("transfer", { act: () => send("transfer", target), done: over }),
    interpret(language) {
      unreached.value = null;
      return ask("interpret", { act: () => api.post("/me/talk", { action: "interpret", name: language }), done: () => company.value.length > 0 || over() });
    },
    join: () => ask("join", { act: () => send("join"), done: () => seat.value?.state === "talking" || over() }),
    back() {
      unreached.value = null;
      return ask("back", {
        act: () => send("back"),
        done: () => (company.value.length === 0 && seat.value?.state === "talking") || over(),
      });
    },
    leave: () => ask("leave", { act: () => send("leave"), done: over }),
    end: (reason) => ask("end", { act: () => api.post("/me/talk", { action: "end", name: reason }), done: over }),
  };
}
