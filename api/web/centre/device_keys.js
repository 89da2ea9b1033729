// Letting devices in and shutting them out, by one click each; only administrators are shown it.
import { post } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { moment, say, t } from "/web/shared/words.js";

const KINDS = { vehicle: "devices.vehicle", drone: "devices.drone", vision: "devices.vision" };

export function mayInvite(me) {
  return me.roles.includes("administrator");
}

async function told(place, act) {
  try {
    await act();
  } catch (problem) {
    fill(place, el("p", { class: "mark late", role: "alert" }, problem.message));
  }
}

// A form that makes a one-time code; for a device that is known it makes way for a new key.
export function inviteForm() {
  const id = el("input", { name: "device", required: true, pattern: "[a-z0-9][a-z0-9\\-]{1,62}", placeholder: "car-08", "aria-label": t("devices.id") });
  const name = el("input", { name: "name", required: true, maxlength: 80, placeholder: t("devices.name"), "aria-label": t("devices.name") });
  const kind = el("select", { name: "kind", "aria-label": t("devices.kind") }, Object.entries(KINDS).map(([value, word]) => el("option", { value }, t(word))));
  const answer = el("div", { id: "device-code" });
  const invite = (event) => {
    event.preventDefault();
    return told(answer, async () => {
      const made = await post("/devices/invitations", { device: id.value, name: name.value, kind: kind.value });
      fill(answer, el("p", {}, `${made.device}: `, el("code", {}, made.code), ` ${t("devices.until", { at: moment(made.expires_at) })}`));
    });
  };
  const form = el("form", { id: "invite-device", class: "choices", onsubmit: invite }, id, name, kind, el("button", {}, t("devices.invite")), answer);
  form.take = (device) => {
    [id.value, name.value, kind.value] = [device.id, device.name, device.kind in KINDS ? device.kind : "vehicle"];
    form.scrollIntoView();
    name.focus();
  };
  return form;
}

// What an administrator may do about one device; `changed` shows how things stand then.
export function keyChoices(device, form, changed) {
  const place = el("div", {});
  const revoke = () => told(place, async () => { await post(`/devices/${device.id}/revoke`); await changed(); });
  return el("td", { class: "choices" },
    !device.revoked_at && el("button", { "data-revoke": device.id, onclick: revoke }, t("devices.revoke")),
    el("button", { "data-renew": device.id, onclick: () => form.take(device) }, t("devices.renew")), place);
}
