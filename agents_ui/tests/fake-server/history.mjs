/** Yesterday and the catalogue, made up. */
const iso = (ms) => new Date(ms + 8 * 3600e3).toISOString().replace("Z", "+08:00");
const entry = (id, zh, en, children) => ({ id, name: { zh, en }, ...(children ? { children } : {}) });

export const CATALOGUE = {
  topics: [
    entry("civil", "民事", "Civil", [
      entry("civil.marriage_family", "婚姻家庭", "Marriage and family"), entry("civil.labour_pay", "劳动报酬", "Labour pay"),
      entry("civil.lending", "民间借贷", "Lending"), entry("civil.housing", "房产、物业", "Property and housing"), entry("civil.traffic", "交通事故", "Traffic accident"),
    ]),
    entry("criminal", "刑事", "Criminal", [entry("criminal.substantive", "罪与罚", "Substantive law"), entry("criminal.procedure", "刑事程序", "Procedure")]),
    entry("service", "公共法律服务", "Public legal services", [entry("service.legal_aid", "法律援助", "Legal aid"), entry("service.notary", "公证", "Notary")]),
  ],
  places: [
    { id: "513200", name: { zh: "阿坝州本级", en: "Aba prefecture" } },
    { id: "513221", name: { zh: "汶川县", en: "Wenchuan" } },
  ],
  outcomes: [
    entry("answered", "当场答复", "Answered on the spot"), entry("appointment", "预约", "Appointment"), entry("legal_aid", "法律援助申请", "Legal aid application"),
    entry("mediation", "调解", "Mediation"), entry("referred", "转办", "Referral"), entry("work_order", "工单", "Work order"), entry("complaint", "投诉登记", "Complaint registered"),
    entry("out_of_scope", "非受理范围", "Out of scope, told where to go"),
  ],
  groups: [
    entry("elderly", "老年人", "Elderly"), entry("disabled", "残疾人", "Disabled"), entry("minor", "未成年人", "Minor"), entry("woman", "妇女", "Woman"),
    entry("violence_victim", "家暴、虐待、遗弃受害人", "Victim of violence"), entry("migrant_worker", "农民工", "Migrant worker"), entry("herder", "农牧民", "Farmer or herder"),
    entry("service_member", "军人军属", "Service member or family"), entry("veteran", "退役军人", "Veteran"), entry("low_income", "低收入、低保、特困", "Low income or relief"),
    entry("single_parent", "单亲、留守", "Single parent or left behind"), entry("enterprise", "企业", "Enterprise"),
  ],
};

const OUTCOMES = ["answered", "answered", "answered", "answered", "abandoned_queue", "answered", "abandoned_ivr", "answered"];

const HISTORY = Array.from({ length: 137 }, (_, n) => {
  const at = Date.now() - (n + 1) * 240_000;
  const outcome = OUTCOMES[n % OUTCOMES.length];
  const language = ["zh", "zh", "bo", "zh", "mn"][n % 5];
  const answered = outcome === "answered";
  const queued = outcome !== "abandoned_ivr";
  const seat = answered ? String(1001 + (n % 4)) : null;
  const id = `a-${Math.floor(at / 1000)}.${n}`;
  return {
    id, linkedid: id, caller: n % 11 === 3 ? "" : `13${n % 10}****${1000 + ((n * 37) % 9000)}`, line: queued ? language : null, language: queued ? language : null,
    started_at: iso(at), queued_at: queued ? iso(at + 6000) : null, first_ring_at: answered ? iso(at + 7000) : null, answered_at: answered ? iso(at + 11_000) : null,
    ended_at: iso(at + 200_000), outcome, seat, ended_by: n % 3 ? "caller" : "seat",
    rings: answered ? [{ seat: "1004", at: iso(at + 7000), result: "no_answer" }, { seat, at: iso(at + 9000), result: "answered" }] : [],
    wait_s: queued ? 5 + (n % 30) : null, talk_s: answered ? 60 + ((n * 53) % 700) : null, grade: answered && n % 2 ? (n % 9 === 0 ? 4 : 1 + (n % 3)) : null,
    source: n % 7 ? "direct" : "12345", topic: answered ? "civil.labour_pay" : null, survey_offered: answered && n % 5 !== 0,
    recording: answered ? { state: n === 0 ? "due" : "sealed", seconds: 120 } : null,
  };
});

export function calls({ outcome, seat, language, limit = 500, offset = 0 }) {
  const found = HISTORY.filter((call) => (!outcome || call.outcome === outcome) && (!seat || call.seat === seat) && (!language || call.language === language));
  return { items: found.slice(Number(offset), Number(offset) + Number(limit)), total: found.length };
}

export function wayThrough(id) {
  const call = HISTORY.find((one) => one.id === id);
  if (!call) return undefined;
  const at = (seconds) => iso(Date.parse(call.started_at) + 1000 * seconds);
  const node = (seconds, name) => ({ at: at(seconds), kind: "node", node: name, value: name });
  const key = (seconds, name, value) => ({ at: at(seconds), kind: "key", node: name, value });
  const steps = [node(0, "welcome"), node(3, "language"), key(6, "language", "7"), key(9, "language", "1"), node(9, "notice"), node(15, "person")];
  return { flow: "main@3", ivr_s: 15, way_out: call.queued_at ? "queue" : "hung_up", steps: call.queued_at ? steps : steps.slice(0, 3) };
}

export function kpi({ from, to, variant }) {
  const figure = (name, variant, numerator, denominator, formula, formula_zh, more = {}) => ({
    name, variant, value: denominator ? numerator / denominator : null, numerator, denominator, formula, formula_zh, ...more,
  });
  const further = [
    figure("occupancy", "of_working", 61_200e6, 97_400e6, "busy / (busy + available)", "(通话+保持+话后处理)时长 ÷ (该时长 + 就绪及振铃时长)"),
    figure("first_call_resolution", "no_repeat", 921, 1040, "no answered call in the 7 days before / answered", "接通且此前 7 天内同号码无接通电话 ÷ 有号码的接通量"),
  ];
  return {
    from, to, threshold_s: 15, short_s: 5, counts: { in: 1204, to_seat: 1131, answered: 1096 },
    figures: variant === "further" ? further : [
      figure("connection_rate", "queue", 1096, 1131, "answered / entered a queue", "接通 ÷ 进入排队"),
      figure("connection_rate", "inbound", 1096, 1204, "answered / all inbound", "接通 ÷ 全部呼入"),
      figure("connection_rate", "rolling24h_worst", 1011, 1071, "lowest of every continuous 24 h", "任意连续 24 小时中最低", { at: iso(Date.now() - 5e6) }),
      figure("within_threshold", "answered_from_queue", 1023, 1096, "answered with wait <= T / answered", "排队起 T 秒内接起 ÷ 接起"),
      figure("asa_s", "all", 7234, 1096, "sum of waits / answered", "等候时间之和 ÷ 接起"),
      figure("satisfaction", "grades_1_3", 616, 625, "grades 1-3 / rated", "评 1–3 级 ÷ 已评价"),
      figure("participation", "of_answered", 625, 1096, "rated / answered", "已评价 ÷ 接通"),
      figure("satisfaction", "grades_1_2", 0, 0, "grades 1-2 / rated", "评 1–2 级 ÷ 已评价"),
    ],
  };
}

export function quarters() {
  const quarter = 900_000;
  const now = Math.floor(Date.now() / quarter) * quarter;
  return Array.from({ length: 96 }, (_, n) => {
    const at = now - (95 - n) * quarter;
    const hour = (new Date(at).getUTCHours() + 8) % 24;
    const load = hour < 7 ? 1.5 : hour < 9 ? 9 : hour < 12 ? 26 : hour < 14 ? 12 : hour < 18 ? 24 : 7;
    const all = Math.round(load * (0.7 + ((n * 37) % 10) / 16));
    const to_seat = Math.round(all * 0.94);
    return { at: iso(at), in: all, to_seat, answered: to_seat - (n % 4 === 1 ? Math.ceil(to_seat * 0.1) : 0) };
  });
}
