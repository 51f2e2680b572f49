/** The shapes of `/api/prompts`. */

export type Source = "recorded" | "machine" | "placeholder" | "missing";

export interface Waiting {
  uploaded_by: string;
  uploaded_at: string;
  speaker: string;
  length_s: number | null;
  loudness_db: number | null;
  /** Since the upload: it can only be rejected. */
  words_changed?: boolean;
}

export interface Prompt {
  id: string;
  lang: string;
  /** What callers hear, to the letter. */
  words: string;
  /** The sense in Mandarin, where the words are in another language. */
  meaning?: string | null;
  source: Source;
  speaker: string | null;
  approved_by: string | null;
  approved_at: string | null;
  reviewed_by: string | null;
  changed_since_recording: boolean;
  length_s: number | null;
  loudness_db: number | null;
  /** Flows; `dialplan` for Asterisk itself. */
  used_in?: string[];
  waiting: Waiting | null;
}
