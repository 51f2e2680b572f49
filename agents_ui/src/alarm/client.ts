/** Shapes and questions of `/api/alarms`; the server's OpenAPI is the authority. */
import type { Api } from "@/api/client";
import type { Alarm, AlarmRule } from "@/live/model";

export interface AlarmRecord extends Alarm {
  worst: number | null;
  detail: Record<string, unknown>;
  acknowledged_at: string | null;
  note: string;
  cleared_at: string | null;
}

export interface Rule {
  rule: AlarmRule;
  unit: Alarm["unit"];
  low_is_bad: boolean;
  least: number;
  most: number;
  enabled: boolean;
  severity: Alarm["severity"];
  limit: number;
  back: number;
  hold_s: number;
  clear_s: number;
  webhook: boolean;
  sms: boolean;
  quiet_from: string;
  quiet_to: string;
}

export interface Rules {
  rules: Rule[];
  webhook: boolean;
  /** So many numbers get short messages. */
  sms: number;
  looked_at: string | null;
}

export const acknowledge = (api: Api, alarm: number, note: string): Promise<AlarmRecord> =>
  api.post<AlarmRecord>(`/alarms/${String(alarm)}/acknowledge`, { note });

export const readRules = (api: Api): Promise<Rules> => api.get<Rules>("/alarms/rules");

export const saveRule = (api: Api, rule: Rule): Promise<Rule> => api.put<Rule>(`/alarms/rules/${rule.rule}`, rule);
