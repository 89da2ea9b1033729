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
  "photo.missing": ["图片还没有传到中心", "The picture has not reached the centre yet"],
  "time.left": ["剩 {span}", "{span} left"],
  "time.over": ["超时 {span}", "{span} overdue"],
  "time.ago": ["{span}前", "{span} ago"],
  "time.minutes": ["{n} 分钟", "{n} min"],
  "time.hours": ["{n} 小时", "{n} h"],
  "time.days": ["{n} 天", "{n} d"],
  "tasks.today": ["今天 {n} 件", "{n} tasks"],
  "tasks.soon": ["{n} 件快到期", "{n} due soon"],
  "tasks.late": ["{n} 件超时", "{n} overdue"],
  "tasks.none": ["现在没有任务", "No tasks now"],
  "tasks.none.more": ["有新任务会出现在这里", "New ones appear here"],
  "task.go": ["去现场", "Go there"],
  "task.accept": ["接单", "Take it"],
  "task.done": ["已处理，拍照", "Done, take a photo"],
  "task.trouble": ["有困难", "Trouble"],
  "task.true": ["属实", "It is there"],
  "task.false": ["不属实", "Nothing there"],
  "task.close": ["已修复，结案", "Repaired, close"],
  "task.rework": ["没修好，返工", "Not repaired, rework"],
  "task.repaired": ["已修复", "Repaired"],
  "task.still": ["还在", "Still there"],
  "task.unclear": ["看不清", "Cannot tell"],
  "task.back": ["返回", "Back"],
  "task.reason": ["写明原因", "Say why"],
  "task.reason.hint": ["点一条，也可以自己写", "Tap one, or write your own"],
  "task.send": ["提交", "Send"],
  "task.photo": ["拍处理后的照片", "Photo of the finished work"],
  "task.shoot": ["拍照", "Take the photo"],
  "task.again": ["重拍", "Take it again"],
  "task.photo.hint": ["和下面这张站同一个位置，对准路缘石和灯杆", "Stand where this one was taken: line up kerb and lamp post"],
  "task.photo.safe": ["没网也能交，有网会自动发", "Works without network; it is sent later by itself"],
  "task.sent": ["已提交：{what}", "Sent: {what}"],
  "task.kept": ["已存在手机里：{what}，有网会自动发", "Kept on the phone: {what}; it is sent when there is network"],
  "task.waiting": ["待发送 {n}", "{n} to send"],
  "task.refused": ["没有被接受：{what}。{why}", "Not accepted: {what}. {why}"],
  "task.seen": ["知道了", "I see"],
  "task.suggestion": ["系统建议", "The machine suggests"],
  "task.yes": ["同意", "Agree"],
  "task.no": ["不同意", "Do not agree"],
  "task.reply": ["回复督办", "Reply"],
  "task.desk": ["到运行中心办理", "Decide at the desk"],
  "trouble.time": ["要延期：{why}", "More time: {why}"],
  "turn.down.early": ["还没到要延期的时候", "It is too early to ask"],
  "turn.down.able": ["现在就能处理", "It can be handled now"],
  "reply.today": ["今天处理完", "It is done today"],
  "reply.waits": ["在等材料或配合，到了就处理", "Waiting for material or others, then at once"],
  "trouble.other": ["不归我们管", "Not our department's"],
  "trouble.place": ["找不到位置", "Cannot find the place"],
  "trouble.material": ["材料或人手不够", "Not enough material or people"],
  "trouble.blocked": ["现场被占住，进不去", "The place is blocked"],
  "refute.nothing": ["现场没有", "Nothing is there"],
  "refute.mistaken": ["看错了，是影子或水渍", "It is a shadow or a stain"],
  "refute.gone": ["已经有人处理了", "Somebody dealt with it"],
  "rework.there": ["还在，没有处理", "Still there, not handled"],
  "rework.half": ["没有处理干净", "Only half done"],
  "rework.wrong": ["照片不是这个地方", "The photo is of another place"],
  "size.of": ["{value} ± {sigma} {unit}", "{value} ± {sigma} {unit}"],
  "place.error": ["位置误差 {m} 米以内（九成把握）", "placed within {m} m (90 %)"],
  "place.class": ["精度 {name} 级", "accuracy class {name}"],
  "size.said": ["{words}：{why}", "{words}: {why}"],
  "size.area_m2": ["面积", "area"],
  "size.length_m": ["长度", "length"],
  "size.width_m": ["宽度", "width"],
  "place.grid": ["网格 {grid}", "grid {grid}"],
  "queue.title": ["案卷", "Cases"],
  "queue.empty": ["现在没有“{name}”的案卷", "No case is “{name}” now"],
  "queue.oldest": ["最早 {at}", "oldest {at}"],
  "queue.late": ["{n} 超时", "{n} overdue"],
  "queue.all": ["全部案卷", "All cases"],
  "list.more": ["更多", "More"],
  "help.keys": ["键盘：j 下一件，k 上一件，Enter 打开，a 主要操作，r 写原因，m 地图，? 帮助", "Keyboard: j next, k previous, Enter open, a main action, r reason, m map, ? help"],
  "map.title": ["地图", "Map"],
  "map.inspected": ["已巡检地面，越深越新", "Inspected ground, darker is newer"],
  "map.grid": ["单元网格", "Unit grids"],
  "map.legend": ["案卷", "Cases"],
  "case.seen": ["看到了什么", "What was seen"],
  "case.where": ["在哪里", "Where"],
  "case.who": ["谁负责，到几时", "Who has it until when"],
  "case.done": ["做了什么", "What was done"],
  "case.checked": ["怎样核查的", "How it was checked"],
  "case.history": ["全部经过", "Full history"],
  "case.before": ["处理前", "Before"],
  "case.after": ["处理后", "After"],
  "case.slide": ["左右拖动，对比处理前后", "Slide to compare before and after"],
  "case.why": ["为什么", "Why"],
  "case.grounds": ["全部依据", "All grounds"],
  "case.intact": ["✓ 经过完整，未被改动", "✓ History intact"],
  "case.broken": ["✗ 经过被改动过，请报告管理员", "✗ History was altered: tell the administrator"],
  "case.score": ["{offered} 帧中 {seen} 帧看到，得分 {score}（门槛 {threshold}），属实可能性 {p}", "seen in {seen} of {offered} frames, score {score} (threshold {threshold}), {p} likely true"],
  "case.model": ["模型 {name} {version}", "model {name} {version}"],
  "case.more.sights": ["另外 {n} 次看到", "seen {n} more times"],
  "case.photo.wait": ["照片正在脱敏，稍后可见", "The photo is being redacted, it is seen soon"],
  "case.photo.refused": ["照片不能用：{why}", "The photo cannot be used: {why}"],
  "case.photo.none": ["还没有处理后的照片", "No photo of the finished work yet"],
  "case.photo.by": ["{by} 拍于 {at}", "by {by}, {at}"],
  "case.photo.same": ["与处理前是同一地点的可能性 {p}", "the same place as before: {p}"],
  "case.none": ["还没有人负责", "Nobody has it yet"],
  "case.step": ["时间", "When"],
  "case.act": ["操作", "What"],
  "case.by": ["谁", "Who"],
  "case.note": ["说明与依据", "Note and why"],
  "clock.stage": ["时限", "Limit"],
  "clock.limit": ["规定", "Allowed"],
  "clock.due": ["到期", "Due"],
  "clock.state": ["状态", "State"],
  "clock.dispatch": ["派遣", "Dispatch"],
  "clock.handling": ["处置", "Handling"],
  "clock.check": ["核查", "Check"],
  "clock.whole": ["全程", "Whole case"],
  "clock.reply": ["督办回复", "Reply to supervision"],
  "clock.stopped": ["已停", "stopped"],
  "platform.vehicle": ["巡检车", "Patrol vehicle"],
  "platform.drone": ["无人机", "Drone"],
  "platform.phone": ["手机", "Phone"],
  "look.seen": ["看到", "seen"],
  "look.not_seen": ["没看到", "not seen"],
  "look.not_inspected": ["没看清", "not inspected"],
  "look.pass": ["复巡", "Pass"],
  "look.result": ["结果", "Result"],
  "look.chance": ["看清的把握", "Looked at it"],
  "look.present": ["还在的可能性", "Still there"],
  "look.curve": ["还在的可能性，逐次复巡", "Chance that it is still there, pass by pass"],
  "look.none": ["还没有复巡经过", "No later pass yet"],
  "sight.crew.true": ["车组判定：对", "The crew says: right"],
  "sight.crew.false": ["车组判定：不对", "The crew says: wrong"],
  "sheet.title": ["巡查路线单：看不清的和久未巡查的地点", "Route sheet: spots that need another look"],
  "sheet.gpx": ["下载 GPX", "Download GPX"],
  "sheet.kml": ["下载 KML", "Download KML"],
  "devices.title": ["设备", "Devices"],
  "devices.alarm": ["{n} 台设备异常", "{n} devices in trouble"],
  "devices.none": ["还没有登记设备", "No device is registered yet"],
  "devices.name": ["设备名称", "Device"],
  "devices.standing": ["状态", "State"],
  "devices.heard": ["最后消息", "Last heard"],
  "devices.never": ["从未", "never"],
  "devices.said": ["情况和处理办法", "What is wrong, and what to do"],
  "devices.waiting": ["待发 {n}", "{n} waiting"],
  "devices.disk": ["磁盘余 {n} GiB", "{n} GiB free"],
  "devices.fix": ["{n} 秒前定位", "position {n} s old"],
  "devices.frames": ["每秒看 {fps} 帧，丢 {lost} 帧", "looks at {fps} frames/s, loses {lost}"],
  "devices.veil": ["脏污遮挡 {n}%", "{n} % hidden by dirt"],
  "devices.id": ["设备编号", "Device id"],
  "devices.kind": ["用途", "Kind"],
  "devices.vehicle": ["巡查车", "Patrol vehicle"],
  "devices.drone": ["无人机", "Drone"],
  "devices.vision": ["视觉处理机", "Vision worker"],
  "devices.invite": ["生成登记码", "Make a one-time code"],
  "devices.until": ["只能用一次，{at} 前有效", "good once, until {at}"],
  "devices.revoke": ["停用", "Shut out"],
  "devices.renew": ["换密钥", "New key"],
  "figures.title": ["指标", "Indicators"],
  "figures.name": ["指标", "Indicator"],
  "figures.by": ["分组", "Told apart by"],
  "figures.by.city": ["全部合计", "all together"],
  "figures.by.district": ["按区", "by district"],
  "figures.by.street": ["按街道", "by street"],
  "figures.by.community": ["按社区", "by community"],
  "figures.by.grid": ["按网格", "by grid"],
  "figures.by.department": ["按部门", "by department"],
  "figures.by.post": ["按岗位", "by post"],
  "figures.by.person": ["按人员", "by person"],
  "figures.by.class": ["按类别", "by class"],
  "figures.by.source": ["按来源", "by source"],
  "figures.by.model": ["按模型", "by model"],
  "figures.by.platform": ["按车和无人机", "by vehicles and drones"],
  "figures.by.device": ["按设备", "by device"],
  "figures.section.rates": ["比率", "Rates"],
  "figures.section.patrols": ["巡查", "Patrols"],
  "figures.section.counts": ["本期发生", "What happened"],
  "figures.section.duties": ["应办与办结", "What should be done, and was"],
  "figures.unit.km": ["{n} 公里", "{n} km"],
  "figures.unit.h": ["{n} 小时", "{n} h"],
  "figures.unit.d": ["{n} 天", "{n} days"],
  "figures.unit.mean": ["{n}", "{n}"],
  "figures.unit.km_per_day": ["{n} 公里/台日", "{n} km a device-day"],
  "figures.unit.h_per_day": ["{n} 小时/台日", "{n} h a device-day"],
  "figures.among": ["共 {n}", "of {n}"],
  "figures.passes": ["{n} 趟", "{n} passes"],
  "figures.pass": ["{km} 公里，{h} 小时", "{km} km, {h} h"],
  "figures.unseen": ["没有看清任何类别", "saw ground well enough for no class"],
  "figures.group": ["分组", "Group"],
  "figures.grade": ["等级 · 示例分", "Grade · example mark"],
  "figures.value": ["数值", "Value"],
  "figures.of": ["分子 / 分母", "Of"],
  "figures.interval": ["95% 区间", "95 % interval"],
  "figures.formula": ["公式", "Formula"],
  "figures.none": ["无数据", "no data"],
  "figures.month": ["月份", "Month"],
  "figures.report": ["下载报表", "Download the report"],
  "figures.counted": ["计入分子", "counted"],
  "figures.uncounted": ["只在分母", "in the denominator only"],
  "choice.note": ["原因或备注", "Reason or remark"],
  "choice.need.note": ["请先写明原因", "Say why first"],
  "choice.need.more": ["请先选择", "Choose first"],
  "choice.department": ["选择部门", "Department"],
  "choice.until": ["挂账至", "Suspended until"],
  "choice.code": ["选择原因", "Reason"],
  "choice.result": ["选择结果", "Result"],
  "choice.photo": ["处理后的照片", "Photo of the work"],
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

export function dueWords(dueAt, now) {
  const left = new Date(dueAt) - now;
  return t(left >= 0 ? "time.left" : "time.over", { span: span(left) });
}

export function ago(iso, now) { return t("time.ago", { span: span(now - new Date(iso)) }); }

// The last hundredth is told in tenths: 99.6 % is not certainty.
export function percent(share, digits = share > 0.99 && share < 1 ? 1 : 0) { return `${(100 * share).toFixed(digits)}%`; }

export function placed(place) {
  const within = t("place.error", { m: place.ce90_m.toFixed(1) });
  return place.accuracy ? `${within} · ${t("place.class", { name: place.accuracy })}` : within;
}

export function where(place, grid) {
  if (place.address) return place.address;
  return grid ? t("place.grid", { grid }) : `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
}

export function size(measure) {
  if (!measure) return "";
  const unit = measure.quantity === "area_m2" ? "m²" : "m";
  const name = t(`size.${measure.quantity}`);
  return `${name} ` + t("size.of", { value: measure.value.toFixed(2), sigma: measure.sigma.toFixed(2), unit });
}
