// Every word of the pages, Chinese first. A page asks t(key, {values}).
const WORDS = {
  "app.name": ["巡环", "Xunhuan"],
  "app.worker": ["我的任务", "My tasks"],
  "app.centre": ["运行中心", "Operations centre"],
  "lang.other": ["English", "中文"],
  "elder.on": ["长辈版", "Large text"],
  "elder.off": ["标准版", "Standard text"],
  "sign.in": ["登录", "Sign in"],
  "sign.out": ["退出", "Sign out"],
  "sign.name": ["账号", "Account"],
  "sign.password": ["密码", "Password"],
  "problem.unknown": ["中心没有给出说明，请稍后再试", "The centre gave no reason; try again later"],
  "problem.offline": ["连不上中心。数据没有丢，连上后再试", "The centre is out of reach. Nothing is lost; try again when connected"],
  "problem.code": ["代码 {code}", "Code {code}"],
  "stale": ["数据截至 {at}，连接中断", "Data as of {at}, connection lost"],
  "as_of": ["数据截至 {at}", "As of {at}"],
  "rendered": ["渲染画面（演示）", "Rendered (demo)"],
  "time.left": ["剩 {span}", "{span} left"],
  "time.over": ["超时 {span}", "{span} overdue"],
  "time.minutes": ["{n} 分钟", "{n} min"],
  "time.hours": ["{n} 小时", "{n} h"],
  "time.days": ["{n} 天", "{n} d"],
  "alarm.green": ["按时", "On time"],
  "alarm.yellow": ["快到期", "Due soon"],
  "alarm.red": ["超时", "Overdue"],
  "tasks.today": ["今天 {n} 件", "{n} today"],
  "tasks.soon": ["{n} 件快到期", "{n} due soon"],
  "tasks.none": ["现在没有任务。有新任务会出现在这里", "No tasks now. New ones appear here"],
  "task.go": ["去现场", "Go there"],
  "task.accept": ["接单", "Take it"],
  "task.done": ["已处理，拍照", "Done, take a photo"],
  "task.trouble": ["有困难", "Trouble"],
  "task.true": ["属实", "It is there"],
  "task.false": ["不属实", "Nothing there"],
  "task.repaired": ["已修复，结案", "Repaired, close"],
  "task.still": ["没修好，返工", "Not repaired, rework"],
  "task.back": ["返回", "Back"],
  "task.reason": ["写明原因", "Say why"],
  "task.send": ["提交", "Send"],
  "task.photo": ["拍一张处理后的照片", "Take a photo of the finished work"],
  "task.photo.hint": ["对准路缘石和灯杆，与处理前同一角度", "Same viewpoint as before: line up kerb and lamp post"],
  "task.sent": ["已提交", "Sent"],
  "task.waiting": ["待发送 {n}", "{n} to send"],
  "task.suggestion": ["系统建议", "The machine suggests"],
  "kind.confirm": ["核实：是否属实", "Confirm: is it there"],
  "kind.handle": ["处置", "Handle"],
  "kind.check": ["核查：是否修好", "Check: is it repaired"],
  "size.of": ["{value} ± {sigma} {unit}", "{value} ± {sigma} {unit}"],
  "place.error": ["±{m} m（九成把握）", "±{m} m (90 %)"],
  "queue.empty": ["没有{name}的案卷", "No case is “{name}”"],
  "queue.oldest": ["最早 {at}", "oldest {at}"],
  "queue.all": ["全部案卷", "All cases"],
  "list.more": ["更多", "More"],
  "list.keys": ["j k 移动 · Enter 打开 · m 地图 · ? 帮助", "j k move · Enter open · m map · ? help"],
  "map.title": ["地图", "Map"],
  "map.inspected": ["已巡检地面（按天数）", "Inspected ground (age in days)"],
  "map.grid": ["单元网格", "Unit grids"],
  "case.seen": ["看到了什么", "What was seen"],
  "case.where": ["在哪里", "Where"],
  "case.who": ["谁负责，到几时", "Who has it until when"],
  "case.done": ["做了什么", "What was done"],
  "case.checked": ["怎样核查的", "How it was checked"],
  "case.history": ["全部经过", "Full history"],
  "case.before": ["处理前", "Before"],
  "case.after": ["处理后", "After"],
  "case.why": ["为什么", "Why"],
  "case.intact": ["经过完整，未被改动", "History intact"],
  "case.broken": ["经过被改动过", "History was altered"],
  "case.score": ["{seen}/{offered} 帧看到，得分 {score}（门槛 {threshold}），属实可能性 {p}", "seen in {seen} of {offered} frames, score {score} (threshold {threshold}), {p} likely true"],
  "case.model": ["模型 {name} {version}", "model {name} {version}"],
  "case.photo.wait": ["照片等待脱敏，稍后可见", "The photo waits for redaction"],
  "look.seen": ["看到", "seen"],
  "look.not_seen": ["没看到", "not seen"],
  "look.not_inspected": ["没看清", "not inspected"],
  "look.curve": ["仍然存在的可能性，逐次复巡", "Chance that it is still there, pass by pass"],
  "look.none": ["还没有复巡经过", "No later pass yet"],
  "figures.title": ["指标", "Indicators"],
  "figures.name": ["指标", "Indicator"],
  "figures.value": ["数值", "Value"],
  "figures.of": ["分子 / 分母", "Of"],
  "figures.interval": ["95% 区间", "95 % interval"],
  "figures.formula": ["公式", "Formula"],
  "figures.none": ["无数据", "no data"],
  "choice.department": ["部门", "Department"],
  "choice.until": ["挂账至", "Suspended until"],
  "devices.title": ["设备", "Devices"],
  "unplaced.title": ["没有位置的发现", "Finds without a place"],
  "quarantine.title": ["隔离的消息", "Quarantined messages"],
};

let column = localStorage.getItem("xunhuan.lang") === "en" ? 1 : 0;

export function lang() { return column === 1 ? "en" : "zh"; }

export function t(key, values = {}) {
  const words = WORDS[key];
  if (!words) throw new Error(`no words for ${key}`);
  return words[column].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// The page's own language of a sentence that the centre gave in both.
export function say(words) { return words ? words[lang()] : ""; }

export function switchLanguage() {
  localStorage.setItem("xunhuan.lang", column === 1 ? "zh" : "en");
  location.reload();
}

document.documentElement.lang = column === 1 ? "en" : "zh-CN";

const clock = new Intl.DateTimeFormat(column === 1 ? "en-GB" : "zh-CN", { timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export function moment(iso) { return iso ? clock.format(new Date(iso)) : ""; }

export function span(milliseconds) {
  const minutes = Math.max(1, Math.round(Math.abs(milliseconds) / 60_000));
  if (minutes < 90) return t("time.minutes", { n: minutes });
  if (minutes < 48 * 60) return t("time.hours", { n: Math.round(minutes / 60) });
  return t("time.days", { n: Math.round(minutes / 1440) });
}

export function dueWords(dueAt, now = Date.now()) {
  const left = new Date(dueAt) - now;
  return t(left >= 0 ? "time.left" : "time.over", { span: span(left) });
}

export function percent(share, digits = 0) { return `${(100 * share).toFixed(digits)}%`; }

export function size(measure) {
  if (!measure) return "";
  const unit = measure.quantity === "area_m2" ? "m²" : "m";
  return t("size.of", { value: measure.value.toFixed(2), sigma: measure.sigma.toFixed(2), unit });
}
