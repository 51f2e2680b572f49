import { computed, ref, type ComputedRef, type InjectionKey, type Ref } from "vue";

import type { Api } from "@/api/client";
import { ApiError } from "@/api/client";
import type { LicenceState, Person, Role, SignedIn, Step } from "@/api/types";

export interface Session {
  /** Who works here; null also while the sign-in has steps still to take. */
  person: Ref<Person | null>;
  /** Signed in, with these steps to take before anything else. */
  entering: Ref<{ id: string; steps: Step[] } | null>;
  licence: Ref<{ state: LicenceState; until: string | null }>;
  hasFactor: Ref<boolean>;
  /** The first page this person works on. */
  home: ComputedRef<string>;
  /** Asks the server who we are, after a reload. False: nobody. */
  resume(): Promise<boolean>;
  signIn(username: string, password: string, code?: string): Promise<void>;
  signOut(): Promise<void>;
  /** The server says the session is over. */
  forget(): void;
}

export const SESSION: InjectionKey<Session> = Symbol("session");

const HOME: Record<Role, string> = {
  seat: "/console",
  supervisor: "/floor",
  manager: "/floor",
  admin: "/people",
  auditor: "/calls",
};

export function createSession(api: Api): Session {
  const person = ref<Person | null>(null);
  const entering = ref<{ id: string; steps: Step[] } | null>(null);
  const licence = ref<{ state: LicenceState; until: string | null }>({ state: "none", until: null });
  const hasFactor = ref(false);

  function take(answer: SignedIn): void {
    api.setCsrf(answer.csrf_header, answer.csrf);
    licence.value = { state: answer.licence, until: answer.licence_until };
    hasFactor.value = answer.has_factor;
    entering.value = answer.steps.length > 0 ? { id: answer.person.id, steps: answer.steps } : null;
    person.value = entering.value ? null : answer.person;
  }

  function forget(): void {
    person.value = entering.value = null;
  }

  return {
    person,
    entering,
    licence,
    hasFactor,
    home: computed(() => (person.value ? HOME[person.value.role] : entering.value ? "/first-steps" : "/sign-in")),
    async resume() {
      try {
        take(await api.get<SignedIn>("/me"));
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return false;
        throw error;
      }
    },
    async signIn(username, password, code = "") {
      take(await api.post<SignedIn>("/sign-in", { username, password, ...(code ? { code } : {}) }));
    },
    async signOut() {
      try {
        await api.post("/sign-out");
      } finally {
        forget();
      }
    },
    forget,
  };
}
