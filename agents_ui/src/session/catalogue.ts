/** The choices of a consultation record: topics, places, outcomes, groups. Codes are stored, names are for the reader. */
import { computed, inject, ref, type ComputedRef, type InjectionKey, type Ref } from "vue";
import { useI18n } from "vue-i18n";

import type { Api } from "@/api/client";
import type { Entry } from "@/api/types";

export type ListName = "topics" | "places" | "outcomes" | "groups" | "end-reasons";

export interface Catalogue {
  lists: Record<ListName, Ref<Entry[]>>;
  /** Asks the server for what is not here yet; harmless to call again. */
  load(): void;
}

export const CATALOGUE: InjectionKey<Catalogue> = Symbol("catalogue");

export function createCatalogue(api: Api): Catalogue {
  const lists: Record<ListName, Ref<Entry[]>> = { topics: ref([]), places: ref([]), outcomes: ref([]), groups: ref([]), "end-reasons": ref([]) };
  const asked = new Set<ListName>();

  async function fetchList(name: ListName): Promise<void> {
    asked.add(name);
    try {
      lists[name].value = await api.get<Entry[]>(`/${name}`);
    } catch {
      asked.delete(name); // asked for again by the next screen that needs it; until then codes stand for names
    }
  }

  return {
    lists,
    load() {
      for (const name of Object.keys(lists) as ListName[]) if (!asked.has(name)) void fetchList(name);
    },
  };
}

/** A type and not an interface: Element Plus asks for an index signature, which only a type has. */
export type Choice = {
  value: string;
  label: string;
  children?: Choice[];
};

export interface Choices {
  topics: ComputedRef<Choice[]>;
  /** Where a matter may lie; none: the site does not ask. */
  places: ComputedRef<Choice[]>;
  outcomes: ComputedRef<Choice[]>;
  groups: ComputedRef<Choice[]>;
  /** Why a talk may be ended after warnings. */
  endReasons: ComputedRef<Choice[]>;
  /** `民事 › 劳动报酬`; the code itself while the tree is not here. */
  topicName(id: string): string;
  placeName(code: string): string;
}

/** The path from the root to an entry; empty: not in the tree. */
export function pathTo(nodes: Entry[], id: string): Entry[] {
  for (const node of nodes) {
    if (node.id === id) return [node];
    const below = pathTo(node.children ?? [], id);
    if (below.length > 0) return [node, ...below];
  }
  return [];
}

export function useChoices(): Choices {
  const catalogue = inject(CATALOGUE);
  if (!catalogue) throw new Error("catalogue is not provided");
  const { locale } = useI18n();
  catalogue.load();
  const { lists } = catalogue;

  const label = ({ id, name }: Entry): string => name[locale.value] ?? name[locale.value.slice(0, 2)] ?? name["zh"] ?? id;
  const choice = (entry: Entry): Choice => ({
    value: entry.id,
    label: label(entry),
    ...(entry.children?.length ? { children: entry.children.map(choice) } : {}),
  });
  const choices = (name: ListName) => computed(() => lists[name].value.map(choice));

  return {
    topics: choices("topics"),
    places: choices("places"),
    outcomes: choices("outcomes"),
    groups: choices("groups"),
    endReasons: choices("end-reasons"),
    topicName: (id) => pathTo(lists.topics.value, id).map(label).join(" › ") || id,
    placeName: (code) => pathTo(lists.places.value, code).map(label).join() || code,
  };
}
