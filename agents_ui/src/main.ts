import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "@/design/fonts.css";
import "@/design/tokens.css";
import "@/design/base.css";
import "@/design/element.css";
import "@/design/listing.css";

import { createApp } from "vue";

import { API, createApi } from "@/api/client";
import App from "@/app.vue";
import { createDisplay, DISPLAY } from "@/design/display";
import { createMessages } from "@/i18n";
import { createLive, LIVE } from "@/live/store";
import { createPhone, PHONE } from "@/phone/phone";
import { createPages } from "@/router";
import { CATALOGUE, createCatalogue } from "@/session/catalogue";
import { createSession, SESSION } from "@/session/session";

/** The composition root: everything that holds a connection is made here, once, and handed down. */
function start(): void {
  const display = createDisplay();
  const i18n = createMessages(display.locale.value);

  const expired = () => {
    live.stop();
    phone.stop();
    session.forget();
    void router.push({ name: "sign-in", query: { expired: "1" } });
  };
  const api = createApi(() => {
    if (session.person.value) expired();
  });
  const session = createSession(api);
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  // a 401 to this question ends the session on the screen too; no answer at all means: the network, wait
  const refused = () => void session.resume().catch(() => false);
  const live = createLive({ url: `${scheme}://${location.host}/api/live`, refused });
  const phone = createPhone(api);
  const router = createPages(session);

  // A page opened before an update asks for files that are gone: it starts anew, but never in the middle of a talk.
  addEventListener("vite:preloadError", () => {
    if (phone.state.value.talk === "idle") location.reload();
  });
  // For end-to-end tests and for support: numbers only (see README).
  Object.defineProperty(window, "__phoneStats", { value: () => phone.stats() });

  createApp(App)
    .use(i18n)
    .use(router)
    .provide(API, api)
    .provide(SESSION, session)
    .provide(LIVE, live)
    .provide(PHONE, phone)
    .provide(DISPLAY, display)
    .provide(CATALOGUE, createCatalogue(api))
    .mount("#app");
}

start();
