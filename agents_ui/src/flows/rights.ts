import type { Role } from "@/api/types";

const EDITORS: readonly Role[] = ["supervisor", "manager", "admin"];

/** Whether the buttons are shown. The server decides again for every request. */
export const mayEdit = (role: Role | undefined): boolean => role !== undefined && EDITORS.includes(role);
