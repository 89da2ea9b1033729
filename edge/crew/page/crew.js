// The crew's page: plain script without a build, for the browser of an old tablet too.
(function () {
  "use strict";
  var CARD_MS = 4000, EVERY_MS = 1000, LOST_MS = 5000, SHEET_EVERY_MS = 60000, OLD_SHEET_S = 3600, LIVE_S = 2;
  var TABS = ["drive", "check", "route", "queue"];
  var MARK = { ok: "●", warn: "▲", fail: "■", unknown: "○" };
  var english = recall("language") === "en";
  var acts = 0, acting = 0;
  var state = null, sheet = null, seenAt = 0, cardUntil = 0, shown = null, tab = "drive", checks = null;

  function id(name) { return document.getElementById(name); }
  function recall(key) { try { return window.localStorage.getItem("crew." + key); } catch (error) { return null; } }
  function keep(key, value) { try { window.localStorage.setItem("crew." + key, value); } catch (error) { return; } }
  function t(key, values) {
    var text = WORDS[key][english ? 1 : 0];
    Object.keys(values || {}).forEach(function (name) { text = text.replace("{" + name + "}", values[name]); });
    return text;
  }
  function say(both) { return english ? both.en : both.zh; }
  function label(name) { return LABELS[name] ? LABELS[name][english ? 1 : 0] : name; }
  function el(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function fill(into, parts) {
    while (into.firstChild) into.removeChild(into.firstChild);
    parts.forEach(function (part) { into.appendChild(part); });
  }
  function ago(at) {
    var s = Math.max(0, (new Date(state.now) - new Date(at)) / 1000);
    if (s < 10) return t("now");
    if (s < 60) return t("seconds", { n: Math.round(s) });
    if (s < 3600) return t("minutes", { n: Math.round(s / 60) });
    if (s < 86400) return t("hours", { n: Math.round(s / 3600) });
    return t("days", { n: Math.round(s / 86400) });
  }
  function age(s) {
    if (s < 60) return t("age.s", { n: s });
    return s < 3600 ? t("age.m", { n: Math.round(s / 60) }) : t("age.h", { n: Math.round(s / 3600) });
  }
  function clock(at) {
    var moment = new Date(at);
    return ("0" + moment.getHours()).slice(-2) + ":" + ("0" + moment.getMinutes()).slice(-2);
  }

  function ask(method, path, body) {
    var how = { method: method, credentials: "same-origin", headers: { "X-Xunhuan": "crew" } };
    if (body !== undefined) { how.headers["Content-Type"] = "application/json"; how.body = JSON.stringify(body); }
    return fetch(path, how).then(function (answer) {
      if (answer.status === 401) lock();
      if (answer.status === 204) return null;
      return answer.json().then(function (told) { if (!answer.ok) throw told; return told; });
    });
  }
  function lock() { state = null; id("lock").hidden = false; id("page").hidden = true; id("tabs").hidden = true; words(); }
  function take(told) {
    state = told; seenAt = Date.now();
    id("lock").hidden = true; id("page").hidden = false; id("tabs").hidden = false;
    show();
  }
  // What was asked for before an act was answered is older than its answer, and is not shown.
  function post(path, body) {
    acts += 1; acting += 1;
    return ask("POST", path, body).then(take, function (fault) { complain(fault); }).then(function () { acting -= 1; });
  }
  function complain(fault) {
    var ready = id("ready");
    ready.className = "ready fail";
    ready.textContent = fault && fault.zh ? say(fault) : t("lost", { n: lostFor() });
  }
  function lostFor() { return Math.round((Date.now() - seenAt) / 1000); }

  function poll() {
    var before = acting ? -1 : acts;
    ask("GET", "/api/state").then(function (told) { if (acts === before) take(told); }, function () {
      if (state && Date.now() - seenAt > LOST_MS) complain(null);
    }).then(function () { window.setTimeout(poll, EVERY_MS); });
  }
  function fetchSheet() {
    if (!state) return;
    ask("GET", "/api/sheet").then(function (told) { sheet = told; showRoute(); }, function () { return; });
  }

  function words() {
    document.documentElement.lang = english ? "en" : "zh-CN";
    document.title = t("title");
    id("language").textContent = t("language");
    id("ask").textContent = t("ask"); id("enter").textContent = t("enter");
    id("automatic").textContent = t("automatic"); id("lately").textContent = t("lately");
    id("again").textContent = t("check");
    if (!state) { id("ready").className = "ready unknown"; id("ready").textContent = t("title"); }
    fill(id("tabs"), TABS.map(function (name) {
      var button = el("button", "", t("tab." + name));
      button.type = "button";
      button.setAttribute("data-tab", name);
      button.setAttribute("aria-current", String(name === tab));
      button.onclick = function () { open(name); };
      return button;
    }));
  }
  function open(name) {
    tab = name;
    TABS.forEach(function (each) { id(each).hidden = each !== name; });
    // The camera costs the device something while it is watched, so only while it is looked at.
    if (name === "check" && state && state.preview) id("preview").src = "/preview";
    else id("preview").removeAttribute("src");
    if (name === "route") fetchSheet();
    words(); show();
  }

  function show() {
    if (!state) return;
    showReady(); showLights(); showOrders(); showRoute(); showQueue(); showFinds(); showChecks(); showCard();
  }
  function showReady() {
    var tones = state.lights.map(function (light) { return light.tone; });
    var key = tones.indexOf("fail") >= 0 ? "not_ready" : !state.ready ? "starting" : tones.indexOf("warn") >= 0 ? "care" : "ready";
    id("ready").className = "ready " + { not_ready: "fail", starting: "unknown", care: "warn", ready: "ok" }[key];
    id("ready").textContent = t(key);
  }
  function showLights() {
    fill(id("lights"), state.lights.map(function (light) {
      var tile = el("div", "light " + light.tone, MARK[light.tone] + " " + (english ? light.name_en : light.name_zh));
      tile.setAttribute("data-light", light.name);
      if (light.tone !== "fail" && light.tone !== "warn") tile.appendChild(el("small", "", say(light)));
      return tile;
    }));
    fill(id("advice"), state.lights.filter(function (light) { return light.tone === "fail" || light.tone === "warn"; })
      .map(function (light) { return el("li", light.tone, say(light)); }));
  }
  function showOrders() {
    var on = state.pass !== null || state.order === "on";
    var key = state.order === "automatic" ? "order.automatic." + (on ? "on" : "off") : "order." + state.order;
    id("orders").hidden = !state.live;
    id("switch").className = on ? "main end" : "main";
    id("switch").textContent = t(on ? "end" : "start");
    id("automatic").disabled = state.order === "automatic";
    id("pass").textContent = state.live ? t(key, state.order_ends_at ? { at: clock(state.order_ends_at) } : {}) : t("not_live");
  }
  function showSheetAge() {
    var queue = state.queue, shut = queue && queue.shut_out, known = sheet && sheet.sheet;
    var old = known && (new Date(state.now) - new Date(sheet.fetched_at)) / 1000 > OLD_SHEET_S;
    id("sheet-age").hidden = !(known && (shut || old));
    if (id("sheet-age").hidden) return;
    id("sheet-age").textContent = t("sheet.old", { ago: ago(sheet.fetched_at), why: t(shut ? "sheet.shut_out" : "sheet.silent") });
  }
  function showRoute() {
    if (!state) return;
    var known = sheet && sheet.sheet;
    id("files").hidden = !known || known.spots.length === 0;
    showSheetAge();
    if (!known) { id("sheet").textContent = t("sheet.none"); fill(id("spots"), []); return; }
    var left = known.left_out ? t("sheet.left", { n: known.left_out }) : "";
    id("sheet").textContent = known.spots.length === 0 ? t("sheet.empty", { ago: ago(sheet.fetched_at) }) + left
      : t("sheet", { n: known.spots.length, km: (known.length_m / 1000).toFixed(1), ago: ago(sheet.fetched_at) }) + left;
    if (id("spots").getAttribute("data-made") === known.made_at + english) return;
    id("spots").setAttribute("data-made", known.made_at + english);
    fill(id("spots"), known.spots.map(function (spot, index) {
      var row = el("li", spot.hazard ? "hazard" : "");
      row.appendChild(el("b", "", (index + 1) + " " + (spot.hazard ? "! " + t("hazard") + " · " : "") + (english ? spot.name_en : spot.name_zh)));
      row.appendChild(el("span", "", english ? spot.why_en : spot.why_zh));
      return row;
    }));
  }
  function lines(into, texts) { fill(into, texts.filter(Boolean).map(function (text) { return el("li", "", text); })); }
  function showQueue() {
    var queue = state.queue, folder = state.folder;
    lines(id("waiting"), !queue ? [] : [
      queue.shut_out && say(queue.shut_out),
      queue.waiting ? t("queue.waiting", { n: queue.waiting, age: age(queue.oldest_s) }) : t("queue.none"),
      queue.pictures && t("queue.pictures", { n: queue.pictures }), queue.held && t("queue.held", { n: queue.held }),
      queue.refused && t("queue.refused", { n: queue.refused }),
      queue.heard_at ? t("queue.heard", { ago: ago(queue.heard_at) }) : t("queue.never")
    ]);
    lines(id("folder"), !folder ? [] : [
      folder.working && t("folder.working", { name: folder.working }),
      folder.copying.length && t("folder.copying", { names: folder.copying.join(", ") }),
      folder.waiting.length && t("folder.waiting", { names: folder.waiting.join(", ") }), t("folder.done", { n: folder.done })
    ].concat(folder.refused.map(function (each) { return t("folder.refused", { name: each.name, why: say(each) }); })));
  }
  function judge(find, yes) {
    var button = el("button", "judge " + (yes ? "yes" : "no") + (find.verdict === yes ? " said" : ""), yes ? "✓" : "✗");
    button.type = "button";
    button.setAttribute("aria-label", t(yes ? "yes" : "no"));
    button.onclick = function () { cardUntil = 0; post("/api/verdict", { finding: find.id, "true": yes }); };
    return button;
  }
  function tell(find) {
    var parts = [];
    if (find.picture) { var image = el("img"); image.src = "/api/picture/" + find.id; image.alt = ""; parts.push(image); }
    var what = el("div", "what");
    what.appendChild(el("b", "", label(find.label)));
    what.appendChild(el("div", "", ago(find.seen_at) + (find.verdict === null ? "" : " · " + t("judged." + find.verdict))));
    return parts.concat([what, judge(find, true), judge(find, false)]);
  }
  function showFinds() {
    var key = JSON.stringify([english, state.finds.map(function (find) { return [find.id, find.verdict, ago(find.seen_at)]; })]);
    if (id("finds").getAttribute("data-key") === key) return;
    id("finds").setAttribute("data-key", key);
    fill(id("finds"), state.finds.length === 0 ? [el("p", "", t("finds.none"))] : state.finds.map(function (find) {
      var row = el("div", "find");
      fill(row, tell(find));
      return row;
    }));
  }
  function showCard() {
    var newest = state.finds[0];
    if (shown === null) shown = newest ? newest.number : 0;
    if (newest && newest.number > shown && newest.verdict === null) {
      shown = newest.number; cardUntil = Date.now() + CARD_MS;
      fill(id("card"), tell(newest));
      window.setTimeout(showCard, CARD_MS + 50);
    }
    id("card").hidden = Date.now() > cardUntil || tab !== "drive";
  }
  function showChecks() {
    var old = state.preview ? state.preview_age_s : null;
    id("shown").textContent = t(state.preview ? "shown" : "not_shown")
      + (old === null || old < LIVE_S ? "" : t("shown.old", { n: Math.round(old) }));
    if (!checks) return;
    fill(id("checks"), checks.map(function (check) { return el("li", check.outcome, MARK[check.outcome] + " " + say(check)); }));
  }

  id("language").onclick = function () { english = !english; keep("language", english ? "en" : "zh"); words(); show(); };
  id("switch").onclick = function () { post("/api/order", { order: id("switch").className === "main" ? "on" : "off" }); };
  id("automatic").onclick = function () { post("/api/order", { order: "automatic" }); };
  id("again").onclick = function () {
    id("again").disabled = true; id("again").textContent = t("checking");
    ask("POST", "/api/check", {}).then(function (told) { checks = told.checks; }, complain).then(function () {
      id("again").disabled = false; words(); show();
    });
  };
  function enter(number) {
    ask("POST", "/api/enter", { number: number }).then(function () { id("refused").textContent = ""; return ask("GET", "/api/state").then(take); },
      function (fault) { id("refused").textContent = fault && fault.zh ? say(fault) : ""; });
  }
  id("lock").onsubmit = function (event) { event.preventDefault(); enter(id("number").value.replace(/\s/g, "")); };

  words();
  if (/^#\d{8}$/.test(window.location.hash)) {
    var number = window.location.hash.slice(1);
    window.history.replaceState(null, "", "/");
    enter(number);
  }
  poll();
  window.setInterval(fetchSheet, SHEET_EVERY_MS);
})();
