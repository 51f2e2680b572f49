import { computed, ref, type ComputedRef, type InjectionKey, type Ref } from "vue";

import type { Api } from "@/api/client";
import { ApiError } from "@/api/client";
import type { Person, Role, SignedIn } from "@/api/types";

export interface Session {
  person: Ref<Person | null>;
  /** The first page this person works on. */
  home: ComputedRef<string>;
  /** Asks the server who we are, after a reload. False: nobody. */
  resume(): Promise<boolean>;
  signIn(username: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  /** The server says the session is over. */
  forget(): void;
}

export const SESSION: InjectionKey<Session> = Symbol("session");

const HOME: Record<Role, string> = {
  seat: "/console",
  supervisor: "/floor",
  manager: "/floor",
  admin: "/floor",
  auditor: "/calls",
};

export function createSession(api: Api): Session {
  const person = ref<Person | null>(null);

  function take(answer: SignedIn): void {
    api.setCsrf(answer.csrf_header, answer.csrf);
    person.value = answer.person;
  }

  return {
    person,
    home: computed(() => (person.value ? HOME[person.value.role] : "/sign-in")),
    async resume() {
      try {
        take(await api.get<SignedIn>("/me"));
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return false;
        throw error;
      }
    },
    async signIn(username, password) {
      take(await api.post<SignedIn>("/sign-in", { username, password }));
    },
    async signOut() {
      try {
        await api.post("/sign-out");
      } finally {
        person.value = null;
      }
    },
    forget() {
      person.value = null;
    },
  };
}
