/** Shapes of the knowledge base's answers; the server's OpenAPI is the authority. */
export type Valid = "current" | "expired" | "future";
export type Kind = "entry" | "article";

export interface Citation {
  law: string;
  /** 47, or "120-1" for 第一百二十条之一; 0: the whole text. */
  article: number | string;
  /** Of which version; none: the one in force. */
  version?: string | null;
  /** Of an entry that is read. */
  valid?: Valid | null;
  /** A version took force after the entry was reviewed. */
  newer?: boolean;
}

export interface Hit {
  kind: Kind;
  id: string;
  title: string;
  law?: string | null;
  article?: number | string | null;
  version?: string | null;
  heading?: string | null;
  valid: Valid;
  valid_from?: string | null;
  valid_until?: string | null;
  citations: Citation[];
  /** Plain text. */
  snippet: string;
  /** [start, end) in `snippet`, counted in characters as Python counts them. */
  highlights: [number, number][];
  topic?: string | null;
  status?: string | null;
}

export interface Found {
  query: string;
  understood: string;
  took_ms: number;
  results: Hit[];
}

export interface LanguageVersion {
  language: string;
  title: string;
  status: string;
  questions: string[];
  /** Heading -> Markdown without HTML. The headings are Chinese in every language. */
  sections: Record<string, string>;
  /** The Chinese version changed after this was translated. */
  stale: boolean;
}

/** A form to send to the caller, a picture of the way to the office. */
export interface Attachment {
  id: number;
  name: string;
  kind: string;
  size: number;
  picture: boolean;
}

export interface EntryText {
  id: string;
  topic: string;
  groups: string[];
  region: string[];
  valid: Valid;
  valid_from: string | null;
  valid_until: string | null;
  owner: string;
  reviewer: string | null;
  reviewed_on: string | null;
  review_due: string;
  citations: Citation[];
  /** Chinese first. */
  versions: LanguageVersion[];
  attachments: Attachment[];
  used: Partial<Record<"opened" | "cited", number>>;
}

export interface ArticleText {
  law: string;
  article: number | string;
  title: string;
  heading: string;
  text: string;
  version: string;
  valid: Valid;
  valid_from: string;
  valid_until: string | null;
  newest_version: string;
  repealed_by: string | null;
  /** In order, with the article itself. */
  around: { article: number | string; title: string; text: string }[];
}

export interface Topic {
  id: string;
  name: Record<string, string>;
}

export interface Gap {
  at: string;
  words: string;
  topic: string | null;
  call: string | null;
}

/** What is open for reading. */
export type Opened = { kind: "entry"; entry: EntryText } | { kind: "article"; article: ArticleText };

/** What the cite key would write into the reply now. */
export interface Target {
  kind: Kind;
  id: string;
  valid: Valid;
  citations: Citation[];
  /** Of an entry; empty: there is none. */
  answer: string;
}

/** The heading of the section that a lawyer can read out as it stands. */
export const SHORT_ANSWER = "简短回答";

export const articleId = (article: ArticleText): string => `${article.law}@${article.version}#${article.article}`;
