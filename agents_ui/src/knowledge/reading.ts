/** What is open for reading, the way back, and what the cite key would take. */
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";

import type { KnowledgeClient } from "./client";
import { articleId, SHORT_ANSWER, type ArticleText, type Citation, type Hit, type Opened, type Target } from "./model";
import { plainText } from "./text";

export interface Reading {
  opened: ComputedRef<Opened | null>;
  /** The article whose words stand under the entry. */
  cited: ShallowRef<ArticleText | null>;
  busy: Ref<boolean>;
  error: ShallowRef<unknown>;
  target: ComputedRef<Target | null>;
  open(hit: Pick<Hit, "kind" | "id" | "law" | "article" | "version">): Promise<void>;
  openArticle(citation: Citation): Promise<void>;
  /** Again: closes it. */
  openCited(citation: Citation): Promise<void>;
  back(): void;
  close(): void;
}

export const isSame = (article: ArticleText | null, citation: Citation): boolean =>
  article !== null && article.law === citation.law && String(article.article) === String(citation.article);

export const targetOfArticle = (article: ArticleText): Target => ({
  kind: "article", id: articleId(article), valid: article.valid, citations: [{ law: article.law, article: article.article }], answer: "",
});

function targetOf(opened: Opened | null, cited: ArticleText | null): Target | null {
  if (!opened) return null;
  if (opened.kind === "article") return targetOfArticle(opened.article);
  const { id, valid, citations, versions } = opened.entry;
  const answer = plainText(versions[0]?.sections[SHORT_ANSWER] ?? "");
  if (!cited) return { kind: "entry", id, valid, citations, answer };
  // the article that is being read, beside the answer it belongs to; a warning for one of them counts for both
  const article = targetOfArticle(cited);
  return { ...article, valid: article.valid === "current" ? valid : article.valid, answer };
}

/** Each thing read is counted when it is put away, with the seconds it was looked at. */
function countReading(client: KnowledgeClient, opened: ComputedRef<Opened | null>, call: () => string | null): void {
  let since = 0;
  let during: string | null = null;
  const put = (away: Opened | null | undefined) => {
    if (!away) return;
    const target = away.kind === "entry" ? away.entry.id : articleId(away.article);
    client.used({ act: "opened", kind: away.kind, target, call: during, dwell_s: Math.round((Date.now() - since) / 1000) });
  };
  watch(
    opened,
    (_, before) => {
      put(before);
      since = Date.now();
      during = call();
    },
    { flush: "sync" },
  );
  onScopeDispose(() => put(opened.value));
}

export function useReading(client: KnowledgeClient, call: () => string | null): Reading {
  const trail = shallowRef<Opened[]>([]);
  const cited = shallowRef<ArticleText | null>(null);
  const busy = ref(false);
  const error = shallowRef<unknown>(null);
  let latest = 0;

  /** The last one asked for is shown, also when an earlier answer comes late. */
  async function read<T>(asked: Promise<T>, show: (answer: T) => void): Promise<void> {
    const mine = ++latest;
    busy.value = true;
    error.value = null;
    try {
      const answer = await asked;
      if (mine === latest) show(answer);
    } catch (cause) {
      if (mine === latest) error.value = cause;
    }
    if (mine === latest) busy.value = false;
  }

  function push(next: Opened): void {
    trail.value = [...trail.value, next];
    cited.value = null;
  }

  const openArticle = (citation: Citation) => read(client.article(citation), (article) => push({ kind: "article", article }));
  const opened = computed(() => trail.value.at(-1) ?? null);
  countReading(client, opened, call);

  return {
    opened,
    cited,
    busy,
    error,
    target: computed(() => targetOf(opened.value, cited.value)),
    open(hit) {
      trail.value = [];
      if (hit.kind === "entry") return read(client.entry(hit.id), (entry) => push({ kind: "entry", entry }));
      return openArticle({ law: hit.law ?? "", article: hit.article ?? 0, version: hit.version ?? null });
    },
    openArticle,
    async openCited(citation) {
      if (isSame(cited.value, citation)) {
        cited.value = null;
        return;
      }
      await read(client.article(citation), (article) => {
        cited.value = article;
        client.used({ act: "opened", kind: "article", target: articleId(article), call: call() });
      });
    },
    back() {
      latest += 1;
      busy.value = false;
      error.value = null;
      trail.value = trail.value.slice(0, -1);
      cited.value = null;
    },
    close() {
      latest += 1;
      busy.value = false;
      error.value = null;
      trail.value = [];
      cited.value = null;
    },
  };
}
