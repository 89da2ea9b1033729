import { TERMS } from "/web/shared/terms.js";

// Every word of the pages, Chinese first. A page asks t(key, {values}).
// A [term] is told in the city's own words, see docs/reference/profile.md.
const WORDS = {
  "app.name": ["巡环", "Xunhuan"],
  "app.worker": ["我的[任务]", "My [tasks]"],
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
  "tasks.today": ["今天 {n} 件", "{n} [tasks]"],
  "tasks.soon": ["{n} 件快到期", "{n} due soon"],
  "tasks.late": ["{n} 件超时", "{n} overdue"],
  "tasks.rest": ["还有更多[任务]，做完这些就会出现", "More [tasks] follow as these are done"],
  "tasks.none": ["现在没有[任务]", "No [tasks] now"],
  "tasks.none.more": ["有新[任务]会出现在这里", "New ones appear here"],
  "task.go": ["去现场", "Go there"],
  "task.accept": ["[接单]", "Take it"],
  "task.done": ["已处理，拍照", "Done, take a photo"],
  "task.trouble": ["有困难", "Trouble"],
  "task.true": ["属实", "It is there"],
  "task.false": ["不属实", "Nothing there"],
  "task.close": ["已修复，[结案]", "Repaired, [close]"],
  "task.rework": ["没修好，[返工]", "Not repaired, [rework]"],
  "task.file": ["没办妥，[立案]", "Not done, [file] it"],
  "task.repaired": ["已修复", "Repaired"],
  "task.still": ["还在", "Still there"],
  "task.unclear": ["看不清", "Cannot tell"],
  "task.back": ["返回", "Back"],
  "task.reason": ["写明原因", "Say why"],
  "task.reason.hint": ["点一条，也可以自己写", "Tap one, or write your own"],
  "task.send": ["提交", "Send"],
  "task.photo": ["拍处理后的照片", "Photo of the finished work"],
  "task.before": ["先拍处理前照片", "First, a photo from before"],
  "task.photo.before": ["拍处理前的照片", "Photo from before the work"],
  "task.photo.before.hint": ["这类[案卷]需要处理前的照片，请先拍下现状，再开始处理", "This class needs a photo from before: take it as it is now, then begin"],
  "task.shoot": ["拍照", "Take the photo"],
  "task.again": ["重拍", "Take it again"],
  "task.photo.hint": ["和下面这张站同一个位置，对准路缘石和灯杆", "Stand where this one was taken: line up kerb and lamp post"],
  "finder.hint": ["移动手机，让现场和淡影对齐：先对路缘石、灯杆、墙角", "Move until the street and the shadow match: kerb, lamp post, corner first"],
  "finder.hint.none": ["把[问题]放在中间，周围留一些看得出地点的东西", "Put the [problem] in the middle, with something around it that tells the place"],
  "finder.over": ["叠加", "Over it"],
  "finder.beside": ["并排", "Beside it"],
  "finder.live": ["只看现场", "Live only"],
  "finder.strength": ["淡影浓淡", "How strong the shadow is"],
  "finder.near": ["近照", "From near"],
  "finder.context": ["远照", "From afar"],
  "finder.turn": ["处理前是横着拍的，请把手机横过来", "The picture of before is wide: turn the phone"],
  "finder.take": ["拍下", "Take it"],
  "finder.otherwise": ["用手机自带相机拍", "Use the phone's own camera"],
  "finder.denied": ["没有允许用相机。可以用手机自带相机拍", "The camera is not allowed here. Use the phone's own camera"],
  "finder.failed": ["取景打不开。可以用手机自带相机拍", "The view does not open. Use the phone's own camera"],
  "task.photo.safe": ["没网也能交，有网会自动发", "Works without network; it is sent later by itself"],
  "task.sent": ["已提交：{what}", "Sent: {what}"],
  "task.kept": ["已存在手机里：{what}，有网会自动发", "Kept on the phone: {what}; it is sent when there is network"],
  "task.offline": ["没有网络，照常做：提交的先存在手机里，有网自动发。[任务]截至 {at}", "No network. Go on as usual: what you send is kept on the phone and goes by itself. [Tasks] as of {at}"],
  "task.held": ["{act}：{what}，几秒后提交", "{act}: {what}, sent in a few seconds"],
  "task.undo": ["撤销", "Undo"],
  "task.aloud": ["念给我听", "Read it to me"],
  "task.no.shell": ["这个浏览器没网时打不开本页。请用手机自带的浏览器打开，并添加到桌面", "This browser cannot open the page without a network: use the phone's own browser and add the page to the home screen"],
  "queue.old": ["有 {n} 件存了两天还没发出。请连上网络打开本页；长期不打开，手机可能清掉", "{n} kept for two days and not sent. Open this page with a network: a phone may clear what is kept for long"],
  "queue.title": ["待发送", "Waiting to be sent"],
  "queue.hint": ["都存在手机里，一件不会丢。有网自动发，也可以现在发", "All of it is safe on the phone. It goes by itself when there is a network, or now"],
  "queue.none": ["都已发出，没有待发送的", "Everything was sent"],
  "queue.since": ["{at} 存下", "Kept at {at}"],
  "queue.back": ["撤回，改一改", "Take it back"],
  "queue.now": ["现在发送", "Send now"],
  "task.waiting": ["待发送 {n}", "{n} to send"],
  "task.refused": ["没有被接受：{what}。{why}", "Not accepted: {what}. {why}"],
  "task.seen": ["知道了", "I see"],
  "task.suggestion": ["[系统]建议", "The machine suggests"],
  "task.yes": ["同意", "Agree"],
  "task.no": ["不同意", "Do not agree"],
  "task.reply": ["回复[督办]", "Reply"],
  "task.desk": ["到运行中心办理", "Decide at the desk"],
  "report.by.collector": ["[采集员][上报]", "[Reported] by a [collector]"],
  "report.by.public": ["[市民][上报]", "[Reported] by a citizen"],
  "report.placed.phone": ["手机定位", "placed by the phone"],
  "report.placed.pin": ["图上指定", "placed on the map"],
  "report.placed.area": ["按区域", "placed by area"],
  "mine.title": ["我的[上报]", "My reports"],
  "mine.none": ["还没有[上报]过", "Nothing [reported] yet"],
  "mine.reopen": ["没有修好，[重新启动]", "Not repaired, take it up again"],
  "mine.why": ["还是没有修好", "Still not repaired"],
  "mine.back": ["修好后又坏了", "Broke again after the repair"],
  "mine.photo": ["拍一张现在的照片", "Take a photo of it now"],
  "report.new": ["＋ [上报]", "＋ [Report]"],
  "report.title": ["[上报][问题]", "[Report] a [problem]"],
  "report.near": ["拍近照", "Take a near photo"],
  "report.near.hint": ["先拍一张近照，看得清[问题]", "First a near photo that shows the [problem] clearly"],
  "report.far": ["加拍远照", "Add a far photo"],
  "report.far.again": ["重拍远照", "Far photo again"],
  "report.far.hint": ["可以再拍一张远照，看得出在哪里", "A far photo helps to find the place"],
  "report.after": ["拍[处置]后的照片", "Take a photo of the finished work"],
  "report.next": ["下一步", "Next"],
  "report.safe": ["没网也能报，有网自动发；人脸车牌先打码，别人才看得到", "Works without network. Faces and plates are masked before anybody sees it"],
  "report.full": ["手机存储满了，没有存下。请清理后再提交", "The phone has no room left, nothing was kept. Make room and send again"],
  "report.what": ["是什么[问题]", "What is it"],
  "report.what.hint": ["点一个；没有就在下面查", "Tap one, or search below"],
  "report.search": ["查其他类别", "Search all classes"],
  "report.no.class": ["没有这样的类别，换个词", "No such class: try another word"],
  "report.where": ["在哪里", "Where is it"],
  "report.note": ["一句话说明，可不填，可用键盘语音", "One sentence, optional; dictate with the keyboard"],
  "report.pin": ["[问题]位置，可拖动", "Where it is; drag it"],
  "report.place.phone": ["手机定位，误差约 ±{m} 米。不准就拖动图钉", "By the phone, ±{m} m. Drag the pin if it is wrong"],
  "report.place.pin": ["位置由你在图上指定", "Placed by you on the map"],
  "report.place.wait": ["正在定位", "Finding the position"],
  "report.place.none": ["手机没有定位，请选网格，再写明路名门牌", "No position: choose the grid and name street and number"],
  "report.area": ["选择网格", "Choose the grid"],
  "report.area.hint": ["只有网格时不会自动并入已有[案卷]", "By a grid alone it never joins a known [case] by itself"],
  "report.handled": ["已[自行处置]", "[Put right on the spot]"],
  "report.handled.hint": ["小[问题]当场处理好了：拍一张处理后的照片", "A small thing is done at once: take a photo of it"],
  "report.handled.send": ["提交：已[自行处置]", "Send as [put right]"],
  "report.told": ["已[上报]：{what}，[案卷] {number}，{state}", "[Reported]: {what}, [case] {number}, {state}"],
  "report.told.joined": ["已有[案卷] {number}（{what}，{state}），你的照片已附上", "[Case] {number} is of it already ({what}, {state}); your photo joins it"],
  "report.told.handled": ["已记为[自行处置]：{what}，[案卷] {number}，等别人[核查]", "[Put right]: {what}, [case] {number}; somebody else checks"],
  "trouble.time": ["要[延期]：{why}", "More time: {why}"],
  "turn.down.early": ["还没到要[延期]的时候", "It is too early to ask"],
  "turn.down.able": ["现在就能处理", "It can be handled now"],
  "reply.today": ["今天处理完", "It is done today"],
  "reply.waits": ["在等材料或配合，到了就处理", "Waiting for material or others, then at once"],
  "trouble.other": ["不归我们管", "Not our [department]'s"],
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
  "way.north": ["北", "north"],
  "way.northeast": ["东北", "north-east"],
  "way.east": ["东", "east"],
  "way.southeast": ["东南", "south-east"],
  "way.south": ["南", "south"],
  "way.southwest": ["西南", "south-west"],
  "way.west": ["西", "west"],
  "way.northwest": ["西北", "north-west"],
  "way.m": ["{n} 米", "{n} m"],
  "way.km": ["{n} 公里", "{n} km"],
  "way.to": ["往{way}约 {far}", "about {far} {way}"],
  "way.near": ["就在附近（手机定位误差 ±{m} 米）", "close by (phone ±{m} m)"],
  "way.beside": ["{name}旁", "beside {name}"],
  "way.landmark": ["{name} {way} {far}", "{far} {way} of {name}"],
  "way.ask": ["看离我多远、往哪走", "How far, and which way"],
  "way.private": ["位置只在手机上用，不会发出", "Your position stays on the phone"],
  "way.finding": ["正在定位", "Finding the position"],
  "way.picture": ["位置示意图：{where}", "Picture of the place: {where}"],
  "way.me": ["我", "me"],
  "way.up": ["北", "N"],
  "call.centre": ["打给中心", "Call the centre"],
  "call.dispatcher": ["打给[派遣员]", "Call the [dispatcher]"],
  "leave.some": ["还有 {n} 件没有发到中心", "{n} not at the centre yet"],
  "leave.unsent": ["待发送 {n} 件", "{n} waiting to be sent"],
  "leave.refused": ["没有被接受、还没看过的 {n} 件", "{n} not accepted, and not looked at"],
  "leave.drafts": ["拍了照、还没提交的 {n} 件", "{n} with a photo, not handed in"],
  "leave.kept": ["退出也不会丢：都留在这部手机里，你在这部手机上再登录才会发出", "Nothing is lost by signing out: it stays on this phone, and goes when you sign in here again"],
  "leave.tried": ["没有全部发出，多半是没有网络。可以等有网再试", "Not all of it went, most likely for want of a network. Try again when there is one"],
  "leave.send": ["先发送，再退出", "Send first, then sign out"],
  "leave.anyway": ["留在手机里，退出", "Leave it on the phone and sign out"],
  "leave.stay": ["回去办完", "Go back and finish"],
  "leave.behind": ["这部手机里还存着没有发出的：{who} 件。本人登录就会发出", "This phone still holds what was not sent: {who}. It goes when they sign in"],
  "place.grid": ["网格 {grid}", "grid {grid}"],
  "case.before": ["处理前", "Before"],
  "case.after": ["处理后", "After"],
  "case.into": ["已并入 {number}", "Merged into {number}"],
  "mine.goes.on": ["那件[案卷]现在：{state}", "That [case] now: {state}"],
  "case.merged": ["并入的[案卷] {number}", "[Case] {number}, merged into this one"],
  "case.slide": ["左右拖动，对比处理前后", "Slide to compare before and after"],
  "correct.wrong": ["类别或位置不对", "Wrong class or place"],
  "correct.class": ["正确的类别", "The right class"],
  "correct.why": ["[更正]原因", "Why it is [corrected]"],
  "correct.where": ["位置也不对，用我现在的位置", "The place is wrong too: take mine"],
  "correct.is": ["实为：{name}", "It is: {name}"],
  "correct.here": ["位置改到[核实]人所在处", "Moved to where the confirmer stands"],
  "case.lookalike": ["易混：{name}", "Easily taken for: {name}"],
  "sheet.title": ["巡查路线单：看不清的和久未巡查的地点", "Route sheet: spots that need another look"],
  "sheet.gpx": ["下载 GPX", "Download GPX"],
  "sheet.kml": ["下载 KML", "Download KML"],
  "choice.severity": ["选择严重程度", "How grave"],
};

let column = localStorage.getItem("xunhuan.lang") === "en" ? 1 : 0;

export function lang() { return column === 1 ? "en" : "zh"; }

// Words that one page alone needs come with it.
export function know(words) { Object.assign(WORDS, words); }

function inTheCitysWords(words) {
  const own = TERMS[lang()];
  const apt = words.replace(/\b([Aa])n? \[([^\]]+)\]/g, (_, a, term) => `${a}${/^[aeiou]/i.test(own[term]) ? "n" : ""} [${term}]`);
  return apt.replace(/\[([^\]]+)\]/g, (_, term) => own[term]);
}

export function t(key, values = {}) {
  const words = WORDS[key];
  if (!words) throw new Error(`no words for ${key}`);
  return inTheCitysWords(words[column]).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// The page's own language of a sentence that the centre gave in both.
export function say(words) { return words ? words[lang()] : ""; }

// How a case stands; of one that was merged, where it goes on.
export function stands(line) { return line.merged_into ? t("case.into", line.merged_into) : say(line.status_words); }

export function switchLanguage() {
  localStorage.setItem("xunhuan.lang", column === 1 ? "zh" : "en");
  location.reload();
}

document.documentElement.lang = column === 1 ? "en" : "zh-CN";

// Moments are told by the city's clock, whatever the reader's device says; the last one is kept for when there is no network.
let zone, clock;
export function keepTimeOf(city) {
  if (city) localStorage.setItem("xunhuan.zone", city);
  zone = city ?? undefined;
  clock = new Intl.DateTimeFormat(column === 1 ? "en-GB" : "zh-CN", { timeZone: zone, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
keepTimeOf(localStorage.getItem("xunhuan.zone"));

// Nine o'clock of a day in the city.
export function morningOf(day) {
  const told = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(new Date(`${day}T09:00:00Z`));
  return `${day}T09:00:00${told.find((part) => part.type === "timeZoneName").value.slice(3) || "Z"}`;
}

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

export function where({ place, grid, grid_words: said }) {
  if (place.address) return place.address;
  if (said) return say(said);
  return grid ? t("place.grid", { grid }) : `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
}

export function size(measure) {
  if (!measure) return "";
  const unit = measure.quantity === "area_m2" ? "m²" : "m";
  const name = t(`size.${measure.quantity}`);
  return `${name} ` + t("size.of", { value: measure.value.toFixed(2), sigma: measure.sigma.toFixed(2), unit });
}
