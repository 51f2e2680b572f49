/** Shapes and questions of `/api/people`, `/api/skill-proposals`, `/api/audit`, `/api/me/…`; the server's OpenAPI is the authority. */
import type { Api } from "@/api/client";
import type { LicenceState, Page, Role } from "@/api/types";

export const ROLES: readonly Role[] = ["seat", "supervisor", "manager", "admin", "auditor"];
export const LEVELS = [1, 2, 3] as const;
const DAY_MS = 86_400_000;

export interface Skills {
  languages: Record<string, number>;
  fields_of_law: Record<string, number>;
}

export interface Details {
  name: string;
  role: Role;
  seat: string | null;
  licence: string;
  licence_until: string | null;
  law_firm: string;
  /** Null: as it is; empty: none. Of an account: masked, empty if there is none. */
  mobile: string | null;
}

export interface Account extends Details {
  id: string;
  active: boolean;
  licence_state: LicenceState;
  skills: Skills;
  has_factor: boolean;
  one_time_until: string | null;
  locked_until: string | null;
}

export interface HandedOut {
  person: Account;
  one_time_password: string;
}

export interface Proposal extends Skills {
  id: number;
  person: string;
  by: string;
  at: string;
  state: string;
  decided_by: string;
  decided_at: string | null;
  note: string;
}

export interface OpenProposal {
  proposal: Proposal;
  name: string;
  now: Skills;
}

export interface AuditLine {
  id: number;
  at: string;
  person: string;
  action: string;
  object: string;
  detail: Record<string, unknown>;
}

const of = (id: string, act = "") => `/people/${encodeURIComponent(id)}${act && `/${act}`}`;

export const people = (api: Api): Promise<Account[]> => api.get("/people");
export const add = (api: Api, id: string, details: Details): Promise<HandedOut> => api.post("/people", { id, ...details });
export const change = (api: Api, id: string, details: Details): Promise<Account> => api.put(of(id), details);
export const close = (api: Api, id: string): Promise<Account> => api.post(of(id, "close"));
export const unlock = (api: Api, id: string): Promise<Account> => api.post(of(id, "unlock"));
export const handOut = (api: Api, id: string, act: "open" | "reset"): Promise<HandedOut> => api.post(of(id, act));
export const propose = (api: Api, id: string, skills: Skills): Promise<Proposal> => api.post(of(id, "skills"), skills);
export const history = (api: Api, id: string): Promise<Proposal[]> => api.get(of(id, "skills"));
export const proposals = (api: Api): Promise<OpenProposal[]> => api.get("/skill-proposals");
export const decide = (api: Api, id: number, approve: boolean, note: string): Promise<Proposal> =>
  api.post(`/skill-proposals/${id}`, { approve, note });

export interface OwnSkills {
  now: Skills;
  proposals: Proposal[];
}
export const ownSkills = (api: Api): Promise<OwnSkills> => api.get("/me/skills");

/** Lines of the audit trail between two days of China, both included. */
export const audit = (api: Api, from: string, to: string, person: string, action: string, limit: number, offset: number): Promise<Page<AuditLine>> =>
  api.get("/audit", { from: `${from}T00:00:00+08:00`, to: new Date(Date.parse(`${to}T00:00:00+08:00`) + DAY_MS).toISOString(), person, action, limit, offset });
export const auditActions = (api: Api): Promise<{ actions: string[] }> => api.get("/audit/actions");
