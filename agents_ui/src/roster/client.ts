/** Shapes and questions of `/api/roster…`, `/api/me/roster`; the server's OpenAPI is the authority. */
import type { Api } from "@/api/client";

export interface Shift {
  id: number;
  person: string;
  /** Empty: every line of the person's languages. */
  line: string;
  starts_at: string;
  ends_at: string;
  note: string;
}

export interface Planned extends Shift {
  name: string;
}

export interface LineCover {
  least: number;
  /** By hour; null: closed. */
  persons: (number | null)[];
  /** By hour; null: too little is known. */
  advice: (number | null)[];
}

export interface Coverage {
  hours: string[];
  lines: Record<string, LineCover>;
  in_use: boolean;
}

export interface Swap {
  id: number;
  state: "asked" | "accepted" | "approved" | "declined" | "refused" | "withdrawn";
  by: string;
  to: string;
  at: string;
  shift: Shift;
  in_return: Shift | null;
  decided_by: string;
  note: string;
  /** Of everybody who has to do with it, by account. */
  names: Record<string, string>;
}

export interface OwnRoster {
  shifts: Shift[];
  swaps: Swap[];
}

export interface Fault {
  row: number;
  column: string;
  code: string;
  message: string;
  values: Record<string, string | number>;
}

export interface NewShift {
  person: string;
  day: string;
  start: string;
  end: string;
  line: string;
}

export const shifts = (api: Api, from: string, days: number): Promise<Planned[]> => api.get("/roster", { from, days });
export const coverage = (api: Api, from: string, days: number): Promise<Coverage> => api.get("/roster/coverage", { from, days });
export const own = (api: Api): Promise<OwnRoster> => api.get("/me/roster");
export const swaps = (api: Api): Promise<Swap[]> => api.get("/roster/swaps");
export const add = (api: Api, shift: NewShift): Promise<Shift> => api.post("/roster/shifts", shift);
export const remove = (api: Api, shift: number): Promise<void> => api.remove(`/roster/shifts/${shift}`);
export const take = (api: Api, file: Blob, replace: boolean): Promise<{ shifts: number }> => api.post(`/roster/import?replace=${replace}`, file);
export const ask = (api: Api, shift: number, to: string, in_return: number | null, note: string): Promise<Swap> =>
  api.post("/roster/swaps", { shift, to, in_return, note });
export const answer = (api: Api, swap: number, said: "accepted" | "declined" | "withdrawn"): Promise<Swap> =>
  api.post(`/roster/swaps/${swap}/answer`, { answer: said });
export const decide = (api: Api, swap: number, approve: boolean): Promise<Swap> => api.post(`/roster/swaps/${swap}/decision`, { approve });

export const TEMPLATE = "/api/roster/template";
export const exportOf = (from: string, days: number): string => `/api/roster/export?from=${from}&days=${days}`;
