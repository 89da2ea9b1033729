// Every word of the page, Chinese first; sentences of the device come in both languages by themselves.
var WORDS = {
  "title": ["巡环 · 车组", "Xunhuan · crew"], "language": ["English", "中文"],
  "ask": ["请输入设备上 xunhuan-edge crew 显示的 8 位号码", "Type the eight digits that `xunhuan-edge crew` shows on the device"],
  "enter": ["进入", "Enter"],
  "ready": ["● 可以出车", "● Ready to go"], "not_ready": ["■ 先别出车", "■ Not ready"], "care": ["▲ 可以出车，有事要看", "▲ Ready, see below"],
  "starting": ["○ 正在启动", "○ Starting"], "lost": ["■ 连不上设备，{n} 秒", "■ No word from the device for {n} s"],
  "tab.drive": ["行车", "Drive"], "tab.check": ["出车前", "Check"], "tab.route": ["路线单", "Route"], "tab.queue": ["待发", "Queue"],
  "start": ["开始巡查", "Start pass"], "end": ["结束巡查", "End pass"], "automatic": ["自动", "Auto"],
  "order.on": ["巡查中 · 停着也不结束，到 {at}", "On a pass, also while standing, until {at}"],
  "order.off": ["已停止巡查，{at} 后自动恢复", "No pass until {at}, then automatic"],
  "order.automatic.on": ["巡查中 · 自动", "On a pass · automatic"], "order.automatic.off": ["没有巡查 · 开动后自动开始", "No pass · begins when you drive"],
  "not_live": ["这台设备处理拷入的素材，不随车开始和结束", "This device works through footage that is copied in"],
  "check": ["出车前检查", "Check now"], "checking": ["正在检查…", "Checking…"],
  "shown": ["相机画面，人和车已打码", "What the cameras see; people and vehicles are unrecognisable"], "shown.old": ["；不是实时画面，是 {n} 秒前的", "; not live: {n} s old"], "not_shown": ["现在没有画面", "There is no picture now"],
  "sheet.none": ["还没有收到路线单；连上中心后自动取", "No route sheet yet; it comes once the centre is reached"],
  "sheet.empty": ["没有需要再看的地点 · {ago}取得", "No spot needs another look · fetched {ago}"],
  "sheet.old": ["▲ 路线单是 {ago}取得的，之后没有更新：{why}", "▲ The sheet was fetched {ago} and not renewed since: {why}"],
  "sheet.silent": ["中心没有回应，地点可能已处理或有新增", "the centre does not answer; spots may be done or new by now"],
  "sheet.shut_out": ["中心不让本机接入，地点可能已处理或有新增", "the centre shut this device out; spots may be done or new by now"],
  "sheet": ["{n} 处要再看，约 {km} 公里 · {ago}取得", "{n} spots need another look, about {km} km · fetched {ago}"],
  "sheet.left": ["，另有 {n} 处未列入", ", {n} more left out"],
  "hazard": ["危险", "hazard"],
  "queue.none": ["都已发出", "Everything is sent"], "queue.waiting": ["待发 {n} 条，最早 {age}", "{n} waiting, the oldest for {age}"],
  "queue.pictures": ["待发图片 {n} 张", "{n} pictures waiting"], "queue.held": ["扣留 {n} 条：定位自检未通过", "{n} held by the self-check"],
  "queue.refused": ["中心拒收 {n} 条", "{n} refused by the centre"],
  "queue.heard": ["最后联系中心：{ago}", "The centre last answered {ago}"], "queue.never": ["启动后还没有联系上中心", "The centre has not answered since the start"],
  "folder.working": ["正在处理 {name}", "Working on {name}"], "folder.waiting": ["排队：{names}", "Next: {names}"], "folder.copying": ["正在拷入：{names}", "Being copied: {names}"],
  "folder.done": ["已处理 {n} 份", "{n} done"], "folder.refused": ["{name} 不能用：{why}", "{name} cannot be used: {why}"],
  "lately": ["最近发现", "Latest finds"], "finds.none": ["还没有发现", "No finds yet"],
  "yes": ["对", "Right"], "no": ["不对", "Wrong"], "judged.true": ["已记：对", "Noted: right"], "judged.false": ["已记：不对", "Noted: wrong"],
  "now": ["刚刚", "just now"], "seconds": ["{n} 秒前", "{n} s ago"], "minutes": ["{n} 分钟前", "{n} min ago"], "hours": ["{n} 小时前", "{n} h ago"], "days": ["{n} 天前", "{n} d ago"],
  "age.s": ["{n} 秒", "{n} s"], "age.m": ["{n} 分钟", "{n} min"], "age.h": ["{n} 小时", "{n} h"]
};
var LABELS = {
  "road.pothole": ["坑槽", "Pothole"], "road.crack": ["裂缝", "Crack"], "sanitation.garbage_pile": ["暴露垃圾", "Rubbish"],
  "sanitation.bin_overflow": ["垃圾桶满溢", "Overflowing bin"], "sanitation.litter": ["道路不洁", "Dirty road"],
  "traffic.vehicle": ["停放的车辆", "Standing vehicle"], "traffic.two_wheeler": ["停放的两轮车", "Standing two-wheeler"]
};
