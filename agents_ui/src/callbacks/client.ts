/** Shapes and questions of `/api/callbacks`, `/api/voicemails`, `/api/missed-calls`; the server's OpenAPI is the authority. */
import type { Api } from "@/api/client";
import type { Page } from "@/api/types";

export type Kinds = "callbacks" | "voicemails";

export interface Message {
  call: string;
  at: string;
  millis: number;
  has_sound: boolean;
}

export interface Attempt {
  id: string;
  at: string;
  state: string;
  result: string | null;
  ended_at: string | null;
  ordered_by: string | null;
  seat: string | null;
}

export interface Task {
  call: string;
  /** `outbound`: a return visit, told in its own list. */
  kind: "callback" | "voicemail" | "outbound";
  at: string;
  number: string;
  language: string;
  state: string;
  reason: string;
  due: "fine" | "warn" | "overdue";
  answer_by: string;
  next_at: string | null;
  until_at: string | null;
  topic: string;
  made_by: string;
  tries: number;
  order_no: string | null;
  taken_by: string;
  ended_at: string | null;
  result: string;
  note: string;
  served_call: string | null;
  messages: Message[];
  attempts: Attempt[];
}

export interface Missed {
  call: string;
  at: string;
  number: string;
  language: string;
  times: number;
}

export const RESULTS = ["reached", "not-reached", "no-need", "passed-on"] as const;
export type Done = (typeof RESULTS)[number];
export const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;

const path = (kinds: Kinds, call: string, deed: string) => `/${kinds}/${encodeURIComponent(call)}/${deed}`;

export const read = (api: Api, kinds: Kinds, shown: string, limit: number, offset: number): Promise<Page<Task>> =>
  api.get<Page<Task>>(`/${kinds}`, { shown, limit, offset });

export const act = (api: Api, kinds: Kinds, call: string, deed: "take" | "give-back" | "dial"): Promise<unknown> =>
  api.post(path(kinds, call, deed));

export const finish = (api: Api, kinds: Kinds, call: string, result: Done, note: string): Promise<unknown> =>
  api.post(path(kinds, call, "done"), { result, note });

export interface Offer {
  offered: Task | null;
  calling: Task | null;
}

export const offer = (api: Api): Promise<Offer> => api.get<Offer>("/callbacks/offer");

export const heardMachine = (api: Api, task: Task): Promise<unknown> => api.post(path(task.kind === "voicemail" ? "voicemails" : "callbacks", task.call, "machine"));

export interface Appointment {
  call: string;
  begins_at: string;
  ends_at: string;
  language: string;
  topic: string;
  note: string;
}

export const appoint = (api: Api, appointment: Appointment): Promise<Task> => api.post<Task>("/callbacks/appointments", appointment);

export const missed = (api: Api): Promise<Missed[]> => api.get<Missed[]>("/missed-calls");

export const callBack = (api: Api, call: string): Promise<unknown> =>
  api.post(`/missed-calls/${encodeURIComponent(call)}/callback`);

export const soundOf = (message: Message): string => `/api/voicemails/${encodeURIComponent(message.call)}/audio`;
