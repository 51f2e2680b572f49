/** A fault of a roster in the reader's language; the server's own sentence only where the code is unknown. */
import { useI18n } from "vue-i18n";

import type { Fault } from "./client";

export function useFaultText(): (fault: Fault) => string {
  const { t, te } = useI18n();
  return (fault) => (te(`roster.faultOf.${fault.code}`) ? t(`roster.faultOf.${fault.code}`, fault.values) : fault.message);
}
