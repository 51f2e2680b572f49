/** Shapes and questions of `/api/messages`; the server's OpenAPI is the authority. */
import type { Api } from "@/api/client";

export const PURPOSES = ["survey", "alarm", "test"] as const;
export const STATES = ["queued", "sending", "unknown", "sent", "delivered", "undelivered", "failed", "refused", "no_gateway"] as const;
export type Purpose = (typeof PURPOSES)[number];
export type State = (typeof STATES)[number];

export interface Message {
  id: string;
  purpose: Purpose;
  subject: string;
  language: string;
  number: string;
  state: State;
  reason: string;
  made_at: string;
  due_at: string;
  ended_at: string | null;
  tries: number;
  parts: number;
  gateway: string;
}

export interface Messages {
  items: Message[];
  total: number;
  counts: { state: State; messages: number; parts: number }[];
}

export interface Template {
  id: number | null;
  purpose: Purpose;
  language: string;
  text: string;
  carrier_id: string;
  state: "in_use" | "waiting" | "starter";
  written_by: string;
  written_at: string | null;
  approved_by: string | null;
  approved_at: string | null;
}

export interface OptOut {
  id: string;
  number: string;
  since: string;
  by: string;
}

export interface Gateway {
  gateway: "none" | "twilio" | "http";
  lacks: string[];
  faults: string[];
  hours: string;
  per_minute: number;
  per_number_a_day: number;
  invite_after_hang_up: boolean;
  alarm_numbers: string[];
  waiting_since: string | null;
  last_test: Message | null;
}

export const read = (api: Api, state: string, purpose: string, limit: number, offset: number): Promise<Messages> =>
  api.get<Messages>("/messages", { state, purpose, limit, offset });

export const settle = (api: Api, id: string, arrived: boolean): Promise<Message> =>
  api.post<Message>(`/messages/${id}/settle`, { arrived });

export const templates = (api: Api): Promise<Template[]> => api.get<Template[]>("/messages/templates");

export const write = (api: Api, text: Pick<Template, "purpose" | "language" | "text" | "carrier_id">): Promise<Template> =>
  api.post<Template>("/messages/templates", text);

export const approve = (api: Api, id: number): Promise<Template> => api.post<Template>(`/messages/templates/${String(id)}/approve`);

export const optOuts = (api: Api): Promise<OptOut[]> => api.get<OptOut[]>("/messages/opt-outs");

export const optOut = (api: Api, number: string): Promise<unknown> => api.post("/messages/opt-outs", { number });

export const optIn = (api: Api, id: string): Promise<unknown> => api.remove(`/messages/opt-outs/${id}`);

export const gateway = (api: Api): Promise<Gateway> => api.get<Gateway>("/messages/gateway");

export const test = (api: Api, number: string): Promise<unknown> => api.post("/messages/test", { number });
