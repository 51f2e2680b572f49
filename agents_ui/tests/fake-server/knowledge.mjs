/** A knowledge base of a few made-up pages: enough to look at search, reading and citing. */
const highlight = (text, words) => words.flatMap((word) => {
  const at = text.indexOf(word);
  return at < 0 ? [] : [[at, at + word.length]];
}).sort((a, b) => a[0] - b[0]);

const ARTICLES = [
  ["劳动合同法", "2012-12-28", "第三章 劳动合同的履行和变更", 30, "第三十条", "用人单位应当按照劳动合同约定和国家规定，向劳动者及时足额支付劳动报酬。\n用人单位拖欠或者未足额支付劳动报酬的，劳动者可以依法向当地人民法院申请支付令，人民法院应当依法发出支付令。"],
  ["劳动合同法", "2012-12-28", "第七章 法律责任", 81, "第八十一条", "用人单位提供的劳动合同文本未载明必备条款，或者未将劳动合同文本交付劳动者的，由劳动行政部门责令改正；给劳动者造成损害的，应当承担赔偿责任。"],
  ["劳动合同法", "2012-12-28", "第七章 法律责任", 82, "第八十二条", "用人单位自用工之日起超过一个月不满一年未与劳动者订立书面劳动合同的，应当向劳动者每月支付二倍的工资。\n用人单位违反本法规定不与劳动者订立无固定期限劳动合同的，自应当订立无固定期限劳动合同之日起向劳动者每月支付二倍的工资。"],
  ["劳动合同法", "2012-12-28", "第七章 法律责任", 83, "第八十三条", "用人单位违反本法规定与劳动者约定试用期的，由劳动行政部门责令改正。"],
  ["婚姻法", "2001-04-28", "第四章 离婚", 31, "第三十一条", "男女双方自愿离婚的，准予离婚。双方必须到婚姻登记机关申请离婚。"],
];
const EXPIRED = { 婚姻法: "民法典" };

const sections = { 简短回答: "可以要。从上班那天起劳动关系就成立了，没签合同是单位的错，**不影响要工资**，还可以要二倍工资差额。\n\n在职期间追讨欠薪不受一年时效限制；离职的要在一年内申请仲裁。", 要问清: "- 哪天入职、哪天离职\n- 工资怎么约定、怎么发\n- 有没有考勤、聊天记录、工牌", 步骤: "1. 向劳动保障监察大队投诉\n2. 申请劳动仲裁，不收费\n3. 对裁决不服，十五日内起诉", 材料: "- 身份证\n- 工资流水、考勤、聊天记录", 去哪里: "- 劳动保障监察大队、12333\n- 劳动人事争议仲裁委员会", 依据: "- 《劳动合同法》第八十二条：未签书面合同的二倍工资" };
const ENTRIES = [
  { id: "labour/no-contract-unpaid-wages", title: "没签劳动合同，老板拖欠工资怎么办", topic: "labour", groups: ["migrant_worker"], valid: "current", valid_from: "2008-01-01", valid_until: null, citations: [{ law: "劳动合同法", article: 30 }, { law: "劳动合同法", article: 82 }] },
  { id: "marriage-family/old-divorce", title: "协议离婚怎么办（旧规定）", topic: "marriage-family", groups: [], valid: "expired", valid_from: "2001-04-28", valid_until: "2021-01-01", citations: [{ law: "婚姻法", article: 31 }] },
];
const TOPICS = [["labour", "劳动与工资", "Labour and wages", "civil.labour"], ["marriage-family", "婚姻家庭", "Marriage and family", "civil.marriage_family"], ["legal-aid", "法律援助", "Legal aid", "service.legal_aid"]];
const gaps = [];
export const uses = [];

const textOf = (entry) => sections["简短回答"].replaceAll("**", "").replace(/\s+/g, " ").slice(0, 60) + (entry.valid === "expired" ? "…" : "");
const articleId = ([law, version, , number]) => `${law}@${version}#${number}`;
const validOf = (law) => (EXPIRED[law] ? "expired" : "current");

function search({ q = "", topic = "", group = "", valid = "", limit = 10 }) {
  const pieces = [...new Set([...q.replace(/[^\p{L}\p{N}]/gu, "")].map((_, at, all) => all.slice(at, at + 2).join("")).filter((piece) => piece.length === 2))];
  const like = (text) => pieces.some((piece) => text.includes(piece));
  const wanted = topic && TOPICS.find(([id, , , code]) => id === topic || topic.startsWith(code))?.[0];
  const entries = ENTRIES.filter((entry) => like(entry.title + JSON.stringify(sections)) && (!wanted || entry.topic === wanted) && (!group || entry.groups.includes(group)) && (!valid || entry.valid === valid)).map((entry) => ({
    kind: "entry", id: entry.id, title: entry.title, valid: entry.valid, valid_from: entry.valid_from, valid_until: entry.valid_until, citations: entry.citations, snippet: textOf(entry), highlights: highlight(textOf(entry), pieces), topic: entry.topic, language: "zh", status: "starter",
  }));
  const articles = ARTICLES.filter(([law, , , , , text]) => like(law + text) && (!valid || validOf(law) === valid)).map((article) => {
    const [law, version, heading, number, name, text] = article;
    const snippet = text.replace("\n", " ").slice(0, 110);
    return { kind: "article", id: articleId(article), title: `${law} ${name}`, law, article: number, version, heading, valid: validOf(law), citations: [{ law, article: number }], snippet, highlights: highlight(snippet, pieces) };
  });
  return { query: q, understood: q.replaceAll("資", "资"), took_ms: 2.1, results: [...entries, ...articles].slice(0, Number(limit)) };
}

function entry(id) {
  const found = ENTRIES.find((one) => one.id === id);
  return found && { ...found, region: ["全国"], owner: "site-lawyers", reviewer: null, reviewed_on: null, review_due: "2027-05-31", versions: [{ language: "zh", title: found.title, status: "starter", questions: [], spoken: null, sections, stale: false }], attachments: [], used: { opened: 12, cited: 4 } };
}

function article({ law, article: number }) {
  const at = ARTICLES.findIndex((one) => one[0] === law && String(one[3]) === number);
  if (at < 0) return undefined;
  const [, version, heading, , name, text] = ARTICLES[at];
  const around = ARTICLES.slice(Math.max(0, at - 3), at + 4).filter((one) => one[0] === law);
  return { law, article: Number(number), title: `${law} ${name}`, heading, text, version, valid: validOf(law), valid_from: version, valid_until: EXPIRED[law] ? "2021-01-01" : null, newest_version: version, repealed_by: EXPIRED[law] ?? null, around: around.map((one) => ({ article: one[3], title: one[4], text: one[5] })) };
}

/** `undefined`: there is no such thing. */
export function knowledge(method, path, query, body) {
  if (path === "search") return search(query);
  if (path === "topics") return TOPICS.map(([id, zh, en]) => ({ id, name: { zh, en } }));
  if (path.startsWith("entries/")) return entry(decodeURIComponent(path.slice(8)));
  if (path === "articles") return article(query);
  if (path === "gaps" && method === "POST") gaps.unshift({ at: new Date().toISOString(), topic: null, call: null, ...body });
  if (path === "gaps") return gaps;
  if (path === "uses") uses.push(body);
  return path === "uses" ? {} : undefined;
}
