"""Time of an import of statutes with its index, and of searches in a warm process: `python -m bench.knowledge [DIR]`.

The queries are the questions of the tests, what lawyers type, and pastes; each several times, in random order with a
fixed seed. Times are wall clock and processor time of the searching thread: on a machine that does other work as well,
the second says what the search itself costs. CALLCENTER_DATABASE_URL chooses the database; default: SQLite in a
temporary folder.
"""

import argparse
import random
import resource
import tempfile
import time
from pathlib import Path

from ruamel.yaml import YAML

from callcenter.config import Settings
from callcenter.knowledge.search.model import Wanted
from callcenter.knowledge.service import Knowledge, ensure_index
from callcenter.knowledge.statutes.service import import_laws
from callcenter.storage.database import Database, migrate
from tests.knowledge.given import LAWS_DIR, NO_LAWS

CHECKOUT = Path(__file__).resolve().parent.parent
QUESTIONS = CHECKOUT / "tests" / "knowledge" / "questions.yaml"
TYPED = (
    "欠薪",
    "离婚",
    "工伤认定",
    "第四十七条 经济补偿",
    "劳动合同法47条",
    "jjbc",
    "lihun",
    "經濟補償",
    "经济补尝金",
    "工资",
    "民法典",
    "的",
    "用人单位 劳动者 合同 工资 赔偿 责任",
    "合同",
    "第一条",
    "刑法120条之一",
    "交通事故 赔偿 保险 逃逸",
)
ROUNDS = 10
GOAL_P99_MS = 30.0
GOAL_BUILD_S = 60.0


def queries(seed: int = 12348) -> list[str]:
    asked = [item["ask"] for item in YAML(typ="safe").load(QUESTIONS.read_text(encoding="utf-8"))["questions"]]
    pasted = ["".join(asked)[:5_000], "工资" * 5_000]
    every = (asked + list(TYPED) + pasted) * ROUNDS
    random.Random(seed).shuffle(every)
    return every


def at(sorted_times: list[float], share: float) -> float:
    return sorted_times[min(len(sorted_times) - 1, int(len(sorted_times) * share))]


def imported(database: Database, settings: Settings, folder: Path) -> float:
    started = time.perf_counter()
    result = import_laws(database, folder, lambda *_: None)
    read = time.perf_counter() - started
    ensure_index(database, settings, lambda _done: None)
    whole = time.perf_counter() - started
    print(f"import: {result.files} files, {result.versions} versions, {result.articles} articles")
    print(f"  read and stored {read:6.1f} s\n  indexed         {whole - read:6.1f} s")
    print(f"  together        {whole:6.1f} s of {GOAL_BUILD_S:.0f}")
    started = time.perf_counter()
    import_laws(database, folder, lambda *_: None)
    print(f"  second run      {time.perf_counter() - started:6.1f} s")
    return whole


def searched(database: Database, settings: Settings) -> float:
    started = time.perf_counter()
    knowledge = Knowledge(database, settings)
    knowledge.snapshot()
    print(f"first snapshot {time.perf_counter() - started:.1f} s")
    wall, cpu = [], []
    for query in queries():
        begun, begun_cpu = time.perf_counter(), time.thread_time()
        knowledge.find(query, Wanted(limit=5))
        wall.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.thread_time() - begun_cpu) * 1000)
    wall.sort()
    cpu.sort()
    print(f"search: {len(wall)} queries")
    for name, times in (("wall", wall), ("processor", cpu)):
        shares = "  ".join(f"p{100 * share:g} {at(times, share):6.2f}" for share in (0.5, 0.95, 0.99, 0.999))
        print(f"  {name:10}{shares}  max {times[-1]:6.2f} ms")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")
    return at(wall, 0.99)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("laws", type=Path, nargs="?", default=LAWS_DIR, help="folder of Markdown statutes")
    wanted = parser.parse_args()
    if not wanted.laws.is_dir():
        print(NO_LAWS)
        return
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        database = Database(settings)
        migrate(database)
        whole = imported(database, settings, wanted.laws)
        p99 = searched(database, settings)
        database.close()
    raise SystemExit(0 if whole <= GOAL_BUILD_S and p99 <= GOAL_P99_MS else 1)


if __name__ == "__main__":
    main()
