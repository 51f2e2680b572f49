/** What the knowledge page shows, kept in its address so that it can be sent to a colleague. Pure. */
import type { LocationQuery, LocationQueryRaw } from "vue-router";

export interface View {
  q: string;
  topic: string;
  group: string;
  valid: string;
  kind: string;
  /** Id of the entry that is open. */
  entry: string;
  /** The article that is open. */
  law: string;
  article: string;
  version: string;
}

const NAMES = ["q", "topic", "group", "valid", "kind", "entry", "law", "article", "version"] as const;

export function viewOf(query: LocationQuery): View {
  const given = (name: string) => (typeof query[name] === "string" ? query[name] : "");
  return Object.fromEntries(NAMES.map((name) => [name, given(name)])) as unknown as View;
}

/** Empty values are left out of the address. */
export const queryOf = (view: View): LocationQueryRaw => Object.fromEntries(NAMES.filter((name) => view[name] !== "").map((name) => [name, view[name]]));

/** Another search closes what is open; what is opened leaves the search alone. */
export function changed(view: View, part: Partial<View>): View {
  const closed = { entry: "", law: "", article: "", version: "" };
  return { ...view, ...closed, ...part };
}
