import { useI18n } from "vue-i18n";

import { ApiError } from "@/api/client";

/** A fault in the reader's language, by its stable code; the server's own sentence only where the code is unknown. */
export function useErrorText(): (error: unknown) => string {
  const { t, te } = useI18n();
  return (error) => {
    if (!(error instanceof ApiError)) return t("error.unknown");
    const key = `error.${error.code}`;
    if (te(key)) return t(key, error.details);
    return error.message || t("error.unknown");
  };
}

/** A fault in the reader's language; where the server knows the place (a line, a fault of a recording), with it. */
export function useErrorDetail(): (error: unknown) => string {
  const { t, te } = useI18n();
  const errorText = useErrorText();
  return (error) => {
    if (!(error instanceof ApiError)) return errorText(error);
    const faults = error.details["faults"];
    if (Array.isArray(faults)) return faults.map((code) => (te(`prompts.fault.${String(code)}`) ? t(`prompts.fault.${String(code)}`) : String(code))).join(" ");
    return error.code === "bad-input" ? `${errorText(error)} ${error.message}` : errorText(error);
  };
}
