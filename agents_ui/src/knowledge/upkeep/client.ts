/** What the pages of those who write and review ask. */
import type { Api } from "@/api/client";

import type { Attachment } from "../model";
import type { Act, Comment, Difference, Draft, Form, Hot, Listed, Version } from "./model";

const path = (id: string): string => id.split("/").map(encodeURIComponent).join("/");

export interface Place {
  entry: string;
  language: string;
}

export function createWork(api: Api) {
  const at = ({ entry, language }: Place) => `${language}/${path(entry)}`;
  return {
    list: (query: { topic?: string; why?: string; sort?: string }) => api.get<Listed[]>("/knowledge/entries", query),
    draft: (place: Place) => api.get<Draft>(`/knowledge/drafts/${at(place)}`),
    save: (place: Place, version: number, form: Form) => api.put<Draft>(`/knowledge/drafts/${at(place)}`, { version, form }),
    act: (place: Place, act: Act, version: number, words: string) => api.post<undefined>(`/knowledge/acts/${at(place)}`, { act, version, words }),
    versions: (place: Place) => api.get<Version[]>(`/knowledge/versions/${at(place)}`),
    differences: (place: Place, old: string, now: string) => api.get<Difference[]>(`/knowledge/differences/${at(place)}`, { old, new: now }),
    comments: (entry: string) => api.get<Comment[]>(`/knowledge/comments/${path(entry)}`),
    comment: (place: Place, words: string) => api.post<undefined>(`/knowledge/comments/${path(place.entry)}`, { words, language: place.language }),
    attached: (entry: string) => api.get<Attachment[]>(`/knowledge/attached/${path(entry)}`),
    attach: (entry: string, file: File) => api.post<Attachment>(`/knowledge/attached/${path(entry)}?name=${encodeURIComponent(file.name)}`, file),
    detach: (id: number) => api.remove<undefined>(`/knowledge/attachments/${id}`),
    hot: (month: string) => api.get<Hot>("/knowledge/hot", { month }),
    take: (file: File) => api.post<{ new: number; changed: number; unchanged: number }>("/knowledge/import", file),
  };
}

export type WorkClient = ReturnType<typeof createWork>;
export const exportUrl = (form: "xlsx" | "docx", topic: string): string => `/api/knowledge/export?form=${form}&topic=${encodeURIComponent(topic)}`;
