/** What the screens ask of the knowledge base. */
import { ApiError, type Api } from "@/api/client";

import type { ArticleText, Citation, EntryText, Found, Gap, Kind, Topic } from "./model";

/** Articles shown before and behind the one that is read. */
const AROUND = 3;

export interface Wanted {
  q: string;
  /** A topic of ours, or the code of a record's topic. */
  topic?: string;
  group?: string;
  valid?: string;
  limit?: number;
}

export interface KnowledgeClient {
  search(wanted: Wanted): Promise<Found>;
  entry(id: string): Promise<EntryText>;
  article(citation: Citation): Promise<ArticleText>;
  topics(): Promise<Topic[]>;
  gaps(): Promise<Gap[]>;
  /** Nothing was found: the words go to those who write entries. */
  gap(words: string, topic: string, call: string | null): Promise<void>;
  /** Counted, and never in the reader's way: a failure is silent. */
  used(use: { act: "opened" | "cited" | "searched"; kind: Kind; target: string; call: string | null; dwell_s?: number; words?: string }): void;
}

const path = (id: string): string => id.split("/").map(encodeURIComponent).join("/");

export function createKnowledge(api: Api): KnowledgeClient {
  const search = (wanted: Wanted) => api.get<Found>("/knowledge/search", { ...wanted, limit: wanted.limit ?? 20 });
  return {
    async search(wanted) {
      try {
        return await search(wanted);
      } catch (error) {
        // not every topic of a record has a folder of entries: then all are searched
        if (!wanted.topic || !(error instanceof ApiError) || error.status !== 400) throw error;
        return search({ ...wanted, topic: undefined });
      }
    },
    entry: (id) => api.get<EntryText>(`/knowledge/entries/${path(id)}`),
    article: ({ law, article, version }) => api.get<ArticleText>("/knowledge/articles", { law, article, version: version ?? undefined, around: AROUND }),
    topics: () => api.get<Topic[]>("/knowledge/topics"),
    gaps: () => api.get<Gap[]>("/knowledge/gaps"),
    gap: (words, topic, call) => api.post("/knowledge/gaps", { words, topic: topic || null, call }),
    used: (use) => void api.post("/knowledge/uses", use).catch(() => undefined),
  };
}
export const attachmentUrl = (id: number): string => `/api/knowledge/attachments/${id}`;
