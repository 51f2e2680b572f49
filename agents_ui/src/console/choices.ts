/** Codes kept with the record and the seat's state; their words are in i18n. */
export const IDENTITIES = ["self", "on_behalf", "enterprise", "refused"] as const;
/** Why the engine pauses a seat by itself (callcenter/engine/registry.py). */
export const MISSED = "missed-calls";
export const PAUSE_REASONS = ["break", "meal", "meeting", "training", "paperwork", "other"] as const;
