"""A small collection of statutes and entries, and where the large one lies."""

import os
from pathlib import Path
from textwrap import dedent

CHECKOUT = Path(__file__).resolve().parents[2]
LAWS_DIR = Path(os.environ.get("TEST_LAWS_DIR") or CHECKOUT.parent / "shared" / "data" / "laws")
"""1,510 national statutes; they are no part of the product."""
NO_LAWS = f"the collection of statutes is not at {LAWS_DIR}; set TEST_LAWS_DIR"

LABOUR_CONTRACT = """\
    # 中华人民共和国劳动合同法

    2007年6月29日 第十届全国人民代表大会常务委员会第二十八次会议通过

    2012年12月28日 第十一届全国人民代表大会常务委员会第三十次会议修正

    <!-- INFO END -->

    ## 第一章 总 则

    第一条 为了完善劳动合同制度，制定本法。

    ## 第三章 劳动合同的履行和变更

    第三十条 用人单位应当按照劳动合同约定和国家规定，向劳动者及时足额支付劳动报酬。

    用人单位拖欠或者未足额支付劳动报酬的，劳动者可以依法向当地人民法院申请支付令。

    ## 第四章 劳动合同的解除和终止

    第四十七条 经济补偿按劳动者在本单位工作的年限，每满一年支付一个月工资的标准向劳动者支付。
    """
CRIMINAL = """\
    # 中华人民共和国刑法

    2023年12月29日 修正

    <!-- INFO END -->

    第一百二十条 组织、领导恐怖活动组织的，处十年以上有期徒刑。

    第一百二十条之一 资助恐怖活动组织的，处五年以下有期徒刑。

    第二百七十六条之一 以转移财产、逃匿等方法逃避支付劳动者的劳动报酬，数额较大的，处三年以下有期徒刑。
    """
CIVIL = """\
    # 中华人民共和国民法典

    # {part}

    2020年5月28日 第十三届全国人民代表大会第三次会议通过

    2021年1月1日 施行

    <!-- INFO END -->

    ## 第一章  一般规定

    {articles}
    """
MARRIAGE = "第一千零七十七条 自婚姻登记机关收到离婚登记申请之日起三十日内，任何一方可以撤回离婚登记申请。"
CLOSING = "第一千二百六十条 本法自2021年1月1日起施行。《中华人民共和国婚姻法》同时废止。"
OLD_MARRIAGE = """\
    # 中华人民共和国婚姻法

    <!-- INFO END -->

    第三十二条 男女一方要求离婚的，可由有关部门进行调解。
    """


def write_laws(folder: Path) -> Path:
    """Four statutes in five files."""
    texts = {
        "社会法/劳动合同法(2012-12-28).md": LABOUR_CONTRACT,
        "刑法/刑法.md": CRIMINAL,
        "民法典/婚姻家庭编.md": dedent(CIVIL).format(part="婚姻家庭编", articles=MARRIAGE),
        "民法典/附则.md": dedent(CIVIL).format(part="附则", articles=CLOSING),
        "民法商法/婚姻法(2001-04-28).md": OLD_MARRIAGE,
    }
    for name, text in texts.items():
        put(folder / name, text)
    return folder


ENTRY = """\
    ---
    id: {id}
    title: {title}
    questions: [老板跑了工资没给, 公司拖欠工资, 欠薪找谁]
    keywords: [讨薪]
    topic: labour
    groups: [migrant_worker]
    region: [全国]
    valid_from: 2013-07-01
    valid_until: {until}
    status: starter
    owner: site-lawyers
    review_due: 2030-01-01
    laws:
      - {{law: 劳动合同法, article: {article}}}
      - {{law: 刑法, article: 276-1}}
    spoken: 老板不发工资，可以投诉，也可以申请劳动仲裁。
    ---

    ## 简短回答

    单位必须按时足额发工资，拖欠的可以投诉、仲裁、申请支付令。

    ## 要问清

    - 欠多少，欠多久

    ## 步骤

    1. 投诉
    2. 仲裁

    ## 材料

    - 身份证

    ## 去哪里

    - 劳动监察

    ## 依据

    - 《劳动合同法》第三十条：按时足额支付。
    """
TRANSLATION = """\
    ---
    id: unpaid-wages
    language: bo
    title: གླ་ཕོགས་མ་སྤྲད་ན་ཇི་ལྟར་བྱ།
    questions: [གླ་ཕོགས་མ་སྤྲད་པ]
    translates: {hash}
    status: draft
    translator: tester
    ---

    ## 简短回答

    གླ་ཕོགས་དུས་ལྟར་སྤྲོད་དགོས།

    ## 要问清

    - གླ་ཕོགས།

    ## 步骤

    1. ཞུ་གཏུག

    ## 材料

    - ཐོབ་ཐང་ལག་ཁྱེར།

    ## 去哪里

    - ངལ་རྩོལ་ལྟ་སྐུལ།

    ## 依据

    - 《劳动合同法》第三十条。
    """
TOPICS = """\
    topics:
      - {id: labour, name: {zh: 劳动与工资}, consultation: [civil.labour_pay], laws: [劳动合同法]}
      - {id: marriage-family, name: {zh: 婚姻家庭}, consultation: [civil.marriage_family], laws: [民法典]}
    """
GENERAL_WORDS = """\
    classes:
      boss: [老板, 公司]
    words:
      老公: [配偶]
    ignore: [的, 怎么办, 了]
    """
LABOUR_WORDS = """\
    topic: labour
    matters:
      - say: [<boss> 跑路, 拖欠 工资]
        law: [拖欠或者未足额支付劳动报酬]
        in: [劳动合同法]
      - say: [离婚冷静期]
        law: [撤回离婚登记申请]
        in: [民法典]
      - say: [经济补偿, 补偿金]
        law: [经济补偿按劳动者在本单位工作的年限]
        in: [劳动合同法]
    """
ALIASES = """\
    aliases: {劳动法典: 劳动合同法}
    """


def entry_text(
    id: str = "unpaid-wages", title: str = "拖欠工资怎么办", article: str = "30", until: str = "null"
) -> str:
    return dedent(ENTRY).format(id=id, title=title, article=article, until=until)


def translation_text(hash: str) -> str:
    return dedent(TRANSLATION).format(hash=hash)


def write_knowledge(folder: Path) -> Path:
    put(folder / "topics.yaml", TOPICS)
    put(folder / "words" / "general.yaml", GENERAL_WORDS)
    put(folder / "words" / "labour.yaml", LABOUR_WORDS)
    put(folder / "words" / "laws.yaml", ALIASES)
    put(folder / "labour" / "unpaid-wages.md", entry_text())
    return folder


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")
    return path
