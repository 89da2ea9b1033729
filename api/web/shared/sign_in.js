// The way in, the same on every page.
import { post } from "./api.js";
import { el, fill } from "./dom.js";
import { switchLanguage, t } from "./words.js";

export function signIn({ bar, page, title, then }) {
  fill(bar, el("h1", {}, `${t("app.name")} · ${title}`), el("button", { onclick: switchLanguage }, t("lang.other")));
  const said = el("div", { role: "alert" });
  const name = el("input", { id: "name", name: "name", autocomplete: "username", required: true, "aria-label": t("sign.name"), placeholder: t("sign.name") });
  const password = el("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true, "aria-label": t("sign.password"), placeholder: t("sign.password") });
  const form = el("form", { class: "sign" }, said, name, password, el("button", { class: "main", id: "sign-in" }, t("sign.in")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await post("/session", { name: name.value, password: password.value });
    } catch (problem) {
      fill(said, el("div", { class: "notice bad" }, problem.message));
      return;
    }
    await then();
  });
  fill(page, form);
  name.focus();
}
