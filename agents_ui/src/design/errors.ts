import { useI18n } from "vue-i18n";

import { ApiError } from "@/api/client";

/** A fault in the reader's language, by its stable code; the server's own sentence only where the code is unknown. */
export function useErrorText(): (error: unknown) => string {
  const { t, te } = useI18n();
  return (error) => {
    if (!(error instanceof ApiError)) return t("error.unknown");
    const key = `error.${error.code}`;
    if (te(key)) return t(key);
    return error.message || t("error.unknown");
  };
}
