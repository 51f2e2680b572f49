/** Shapes and questions of `/api/visits` and `/api/complaints`; the server's OpenAPI is the authority. */
import type { Api } from "@/api/client";
import type { Page } from "@/api/types";
import { day } from "@/design/format";

export type Kind = "dissatisfied" | "complaint" | "draw";
export const KINDS = ["dissatisfied", "complaint", "draw"] as const;
export const SHOWN = ["unsettled", "open", "closed"] as const;
export const DUES = ["warn", "overdue"] as const;
/** Those that a person writes down; calls made from here write themselves down. */
export const HOWS = ["other-telephone", "message", "in-person"] as const;
export const RESULTS = ["settled", "explained", "still-dissatisfied", "declined", "not-reached"] as const;
export const CAUSES = ["attitude", "advice", "waiting", "connection", "outside", "mistake", "unknown", "other"] as const;

export interface VisitAttempt {
  at: string;
  by: string;
  how: string;
  /** null: still under way. */
  reached: boolean | null;
  note: string;
  /** That came of it; empty: written down by hand. */
  call: string;
}

export interface Visit {
  kind: Kind;
  call: string;
  opened_at: string;
  opened_by: string;
  due_at: string;
  due: "fine" | "warn" | "overdue";
  state: "open" | "assigned" | "closed";
  assigned_to: string;
  number: string;
  language: string | null;
  topic: string | null;
  called_at: string;
  seat: string | null;
  grade: number | null;
  words: string;
  about: string;
  draw: string;
  attempts: VisitAttempt[];
  result: string;
  cause: string;
  correction: string;
  closed_by: string;
  closed_at: string | null;
}

export interface OneVisit {
  visit: Visit;
  record_topic: string;
  request: string;
  reply: string;
  /** As the caller wrote it with the grade. */
  comment: string;
  /** Length of what he said after it on the telephone; 0: nothing. */
  spoken_millis: number;
}

export interface Visitor {
  id: string;
  name: string;
  seat: string | null;
}

export interface Draw {
  id: string;
  share: number;
  seed: string;
  at: string;
  by: string;
  among: number;
  drawn: number;
  closed: number;
}

export interface Filter {
  shown: (typeof SHOWN)[number];
  due: string;
  kind: string;
  language: string;
  mine: boolean;
  page: number;
}

export interface Closing {
  result: string;
  cause: string;
  correction: string;
}

export const PAGE_SIZE = 50;

const path = (visit: Pick<Visit, "kind" | "call">, deed = ""): string =>
  `/visits/${visit.kind}/${encodeURIComponent(visit.call)}${deed && `/${deed}`}`;

export const list = (api: Api, filter: Filter, me: string): Promise<Page<Visit>> =>
  api.get<Page<Visit>>("/visits", {
    shown: filter.shown,
    due: filter.due,
    kind: filter.kind,
    language: filter.language,
    assigned_to: filter.mine ? me : "",
    limit: PAGE_SIZE,
    offset: (filter.page - 1) * PAGE_SIZE,
  });

export const one = (api: Api, visit: Pick<Visit, "kind" | "call">): Promise<OneVisit> => api.get<OneVisit>(path(visit));
export const commentOf = (visit: Visit): string => `/api${path(visit, "comment")}`;
export const visitors = (api: Api, visit: Visit): Promise<Visitor[]> => api.get<Visitor[]>(path(visit, "visitors"));
export const assign = (api: Api, visit: Visit, person: string): Promise<OneVisit> =>
  api.post<OneVisit>(path(visit, "assign"), { person });
export const attempt = (api: Api, visit: Visit, how: string, reached: boolean, note: string): Promise<OneVisit> =>
  api.post<OneVisit>(path(visit, "attempts"), { how, reached, note });
export const close = (api: Api, visit: Visit, closing: Closing): Promise<OneVisit> =>
  api.post<OneVisit>(path(visit, "close"), closing);
export const dial = (api: Api, visit: Visit): Promise<unknown> => api.post(path(visit, "dial"));

export const complain = (api: Api, call: string, words: string, about: string): Promise<unknown> =>
  api.post("/complaints", { call, words, about });

export const draws = (api: Api): Promise<Draw[]> => api.get<Draw[]>("/visits/draws");
export const drawNow = (api: Api, period: string, of: string, share: number): Promise<Draw> =>
  api.post<Draw>("/visits/draws", { period, of, share });
export const again = (api: Api, draw: Draw): Promise<{ same: boolean }> =>
  api.get<{ same: boolean }>(`/visits/draws/${encodeURIComponent(draw.id)}/again`);

/** The last day on which it may be closed: the deadline is the midnight after it. */
export const lastDay = (visit: Visit): string => day(new Date(Date.parse(visit.due_at) - 1).toISOString());
