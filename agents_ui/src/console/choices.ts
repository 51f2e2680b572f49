/** Codes kept with the record and the seat's state; their words are in i18n. */
export const IDENTITIES = ["self", "on_behalf", "enterprise", "refused"] as const;
export const PAUSE_REASONS = ["break", "meal", "meeting", "training", "paperwork", "other"] as const;
