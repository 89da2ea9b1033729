// The devices: which fell silent or complain, what to do about it, and how each of the others is.
import { get, now } from "/web/shared/api.js";
import { inviteForm, keyChoices, mayInvite } from "/web/centre/device_keys.js";
import { el, fill } from "/web/shared/dom.js";
import { table } from "/web/shared/table.js";
import { ago, say, t } from "/web/shared/words.js";

const WATCHERS = ["administrator", "evaluator", "supervisor"];
const MARK = { well: ["ok", "●"], care: ["warn", "▲"], failing: ["late", "■"], silent: ["late", "■"], new: ["wait", "○"], recordings: ["wait", "○"], revoked: ["held", "×"] };
const ORDER = ["silent", "failing", "care", "new", "recordings", "well", "revoked"];

export function alarming(devices) {
  return (devices ?? []).filter((device) => device.alarming);
}

export async function fetchDevices(me) {
  return me.roles.some((role) => WATCHERS.includes(role)) ? get("/devices") : null;
}

function standing(device) {
  const [tone, sign] = MARK[device.standing];
  return el("span", { class: `mark ${tone}` }, `${sign} ${say(device.standing_words)}`);
}

function camera(each) {
  const veil = each.veil_share === null ? "" : ` · ${t("devices.veil", { n: Math.round(100 * each.veil_share) })}`;
  return el("li", {}, `${each.name} ${t("devices.frames", { fps: each.process_fps.toFixed(1), lost: each.skipped_fps.toFixed(1) })}${veil}`);
}

function facts(device) {
  return [
    device.model && `${device.model}${device.running ? ` · ${device.running}` : ""}`,
    device.outbox_depth !== null && t("devices.waiting", { n: device.outbox_depth }),
    device.disk_free_bytes !== null && t("devices.disk", { n: (device.disk_free_bytes / 2 ** 30).toFixed(1) }),
    device.temperature_c !== null && `${Math.round(device.temperature_c)} °C`,
    device.fix_age_s !== null && t("devices.fix", { n: Math.round(device.fix_age_s) }),
  ].filter(Boolean).join(" · ");
}

function row(device, choices) {
  return el("tr", { "data-device": device.id, "data-standing": device.standing },
    el("td", {}, el("b", {}, device.name), el("small", { class: "soft" }, ` ${device.id} · ${say(device.kind_words)}`)),
    el("td", {}, standing(device)),
    el("td", {}, device.last_heard_at ? ago(device.last_heard_at, now()) : t("devices.never")),
    el("td", {}, device.complaints.length > 0 && el("ul", { class: "complaints" }, device.complaints.map((each) => el("li", { "data-code": each.code }, say(each.words)))),
      el("small", { class: "soft" }, facts(device)), device.cameras.length > 0 && el("ul", { class: "grounds" }, device.cameras.map(camera))), choices);
}

function routeSheet() {
  const files = ["gpx", "kml"].map((kind) => el("a", { href: `/api/v1/sheet.${kind}`, download: `xunhuan.${kind}` }, t(`sheet.${kind}`)));
  return el("p", { id: "route-sheet" }, t("sheet.title"), " ", files[0], " · ", files[1]);
}

export async function showDevices(side, me, late, draw) {
  const devices = (await fetchDevices(me)) ?? [];
  if (late()) return;
  devices.sort((one, other) => ORDER.indexOf(one.standing) - ORDER.indexOf(other.standing) || one.id.localeCompare(other.id));
  const heads = [t("devices.name"), t("devices.standing"), t("devices.heard"), t("devices.said")];
  const form = mayInvite(me) ? inviteForm() : null;
  const again = () => draw((later) => showDevices(side, me, later, draw));
  const choices = (device) => form && keyChoices(device, form, again);
  fill(side, el("div", { class: "figures" }, el("div", { class: "head" }, el("h2", {}, t("devices.title"))),
    routeSheet(), form,
    devices.length ? table(heads, devices.map((device) => row(device, choices(device))), { id: "devices" })
      : el("p", { class: "soft" }, t("devices.none"))));
}
