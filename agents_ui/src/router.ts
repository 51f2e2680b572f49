import { createRouter, createWebHistory, type Router } from "vue-router";

import type { Role } from "@/api/types";
import type { Session } from "@/session/session";

const OVERSEERS: readonly Role[] = ["supervisor", "manager", "admin"];
/** An administrator keeps the machines and reads no calls; a seat reads its own. */
const READERS: readonly Role[] = ["seat", "supervisor", "manager", "auditor"];
const ALL: readonly Role[] = [...OVERSEERS, "auditor", "seat"];

declare module "vue-router" {
  interface RouteMeta {
    /** Who may open it. The server decides again for every request. */
    roles?: readonly Role[];
    /** Shown in the menu, at this place. */
    menu?: number;
    /** The page of the menu it belongs to. */
    under?: string;
  }
}

export function createPages(session: Session): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: "/", redirect: () => session.home.value },
      { path: "/sign-in", name: "sign-in", component: () => import("@/session/sign-in-page.vue") },
      { path: "/first-steps", name: "first-steps", component: () => import("@/session/first-steps-page.vue") },
      {
        path: "/console",
        name: "console",
        component: () => import("@/console/console-page.vue"),
        meta: { roles: ["seat"], menu: 1 },
      },
      {
        path: "/floor",
        name: "floor",
        component: () => import("@/supervisor/floor-page.vue"),
        meta: { roles: OVERSEERS, menu: 2 },
      },
      {
        path: "/calls/:id?",
        name: "calls",
        component: () => import("@/supervisor/calls-page.vue"),
        meta: { roles: READERS, menu: 3 },
      },
      {
        path: "/callbacks",
        name: "callbacks",
        component: () => import("@/callbacks/callbacks-page.vue"),
        meta: { roles: READERS, menu: 3.5 },
      },
      {
        path: "/visits/:kind?/:call?",
        name: "visits",
        component: () => import("@/visits/visits-page.vue"),
        meta: { roles: READERS, menu: 3.7 },
      },
      {
        path: "/kpi",
        name: "kpi",
        component: () => import("@/supervisor/kpi-page.vue"),
        meta: { roles: [...OVERSEERS, "auditor"], menu: 4 },
      },
      {
        path: "/reports",
        name: "reports",
        component: () => import("@/reports/reports-page.vue"),
        meta: { roles: ["supervisor", "manager", "auditor"], menu: 4.5 },
      },
      {
        path: "/knowledge",
        name: "knowledge",
        component: () => import("@/knowledge/knowledge-page.vue"),
        meta: { roles: ALL, menu: 5 },
      },
      {
        path: "/knowledge/work",
        name: "knowledge-work",
        component: () => import("@/knowledge/upkeep/work-page.vue"),
        meta: { roles: ALL, under: "knowledge" },
      },
      {
        path: "/knowledge/edit/:language(zh|bo|mn)/:entry+",
        name: "knowledge-edit",
        component: () => import("@/knowledge/upkeep/edit-page.vue"),
        meta: { roles: ["seat", "supervisor", "manager"], under: "knowledge" },
      },
      {
        path: "/flows",
        name: "flows",
        component: () => import("@/flows/flows-page.vue"),
        meta: { roles: [...OVERSEERS, "auditor"], menu: 5.3 },
      },
      {
        path: "/flows/:id",
        name: "flow",
        component: () => import("@/flows/flow-page.vue"),
        meta: { roles: [...OVERSEERS, "auditor"], under: "flows" },
      },
      {
        path: "/prompts",
        name: "prompts",
        component: () => import("@/prompts/prompts-page.vue"),
        meta: { roles: [...OVERSEERS, "auditor"], menu: 5.6 },
      },
      {
        path: "/alarms",
        name: "alarms",
        component: () => import("@/alarm/alarm-page.vue"),
        meta: { roles: [...OVERSEERS, "auditor"], menu: 5.8 },
      },
      {
        path: "/messages",
        name: "messages",
        component: () => import("@/messages/messages-page.vue"),
        meta: { roles: [...OVERSEERS, "auditor"], menu: 5.85 },
      },
      {
        path: "/reconciliation",
        name: "reconciliation",
        component: () => import("@/supervisor/reconciliation-page.vue"),
        meta: { roles: ["supervisor", "manager", "auditor"], menu: 5.9 },
      },
      {
        path: "/roster",
        name: "roster",
        component: () => import("@/roster/roster-page.vue"),
        meta: { roles: READERS, menu: 4.7 },
      },
      {
        path: "/people",
        name: "people",
        component: () => import("@/people/people-page.vue"),
        meta: { roles: [...OVERSEERS, "auditor"], menu: 4.8 },
      },
      {
        path: "/audit",
        name: "audit",
        component: () => import("@/people/audit-page.vue"),
        meta: { roles: ["auditor"], menu: 4.9 },
      },
      { path: "/account", name: "account", component: () => import("@/people/account-page.vue"), meta: { roles: ALL } },
      {
        path: "/wallboard",
        name: "wallboard",
        component: () => import("@/wallboard/wallboard-page.vue"),
        meta: { roles: ALL, menu: 6 },
      },
      { path: "/:rest(.*)*", redirect: "/" },
    ],
  });

  let asked = false;
  router.beforeEach(async (to) => {
    if (!asked) {
      asked = true;
      await session.resume().catch(() => false);
    }
    const person = session.person.value;
    if (session.entering.value) return to.name === "first-steps" ? true : { name: "first-steps" };
    if (to.name === "sign-in" || to.name === "first-steps") return person ? session.home.value : to.name === "sign-in" || { name: "sign-in" };
    if (!person) return { name: "sign-in", query: to.fullPath === "/" ? {} : { next: to.fullPath } };
    return to.meta.roles?.includes(person.role) === false ? session.home.value : true;
  });
  return router;
}
