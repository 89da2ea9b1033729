// The way in, the same on every page.
import { post } from "./api.js";
import { el, fill } from "./dom.js";
import { switchLanguage, t } from "./words.js";

function field(name, autocomplete, type) {
  const input = el("input", { id: name, name, type, autocomplete, required: true, autocapitalize: "none" });
  return [el("label", {}, t(`sign.${name}`), input), input];
}

export function signIn({ bar, page, title, then }) {
  fill(bar, el("h1", {}, `${t("app.name")} · ${title}`), el("button", { onclick: switchLanguage }, t("lang.other")));
  const said = el("div", { role: "alert" });
  const [nameField, name] = field("name", "username", "text");
  const [passwordField, password] = field("password", "current-password", "password");
  const button = el("button", { class: "main", id: "sign-in" }, t("sign.in"));
  const form = el("form", { class: "sign" }, said, nameField, passwordField, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await post("/session", { name: name.value.trim(), password: password.value });
    } catch (problem) {
      fill(said, el("div", { class: "notice bad" }, problem.message));
      button.disabled = false;
      return;
    }
    await then();
    button.disabled = false;
  });
  fill(page, form);
  name.focus();
}
