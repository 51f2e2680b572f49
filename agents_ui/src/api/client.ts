import type { InjectionKey } from "vue";

/** An answer that is not 2xx, or no answer at all (`unreachable`). Screens translate by `code`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export type Query = Record<string, string | number | undefined>;

export interface Api {
  get<T>(path: string, query?: Query): Promise<T>;
  /** A form with a file, or a file alone, is sent as it is, anything else as JSON. */
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  remove<T>(path: string, query?: Query): Promise<T>;
  /** Kept in memory only. Unsafe methods carry it. */
  setCsrf(header: string, value: string): void;
}

export const API: InjectionKey<Api> = Symbol("api");

const TIMEOUT_MS = 15_000;

function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return search ? `${path}?${search}` : path;
}

async function errorOf(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { code?: string; message?: string; details?: Record<string, unknown> };
    return new ApiError(response.status, body.code ?? `http-${response.status}`, body.message ?? "", body.details ?? {});
  } catch {
    return new ApiError(response.status, `http-${response.status}`, response.statusText);
  }
}

/** `expired` is called when the session is over (401), except for the sign-in itself. */
export function createApi(expired: () => void, send: typeof fetch = fetch.bind(globalThis)): Api {
  let csrf: [string, string] | null = null;

  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    const form = body instanceof FormData || body instanceof Blob;
    if (body !== undefined && !form) headers["Content-Type"] = "application/json";
    if (body instanceof Blob) headers["Content-Type"] = "application/octet-stream";
    if (csrf && method !== "GET") headers[csrf[0]] = csrf[1];
    let response: Response;
    try {
      response = await send(`/api${path}`, {
        method,
        headers,
        credentials: "same-origin",
        body: body === undefined ? null : form ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      throw new ApiError(0, "unreachable", String(cause));
    }
    if (!response.ok) {
      const error = await errorOf(response);
      if (response.status === 401 && path !== "/sign-in") expired();
      throw error;
    }
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }

  return {
    get: (path, query) => ask("GET", withQuery(path, query)),
    post: (path, body = {}) => ask("POST", path, body),
    put: (path, body) => ask("PUT", path, body),
    remove: (path, query) => ask("DELETE", withQuery(path, query)),
    setCsrf: (header, value) => (csrf = [header, value]),
  };
}
