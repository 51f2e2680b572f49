import re

from callcenter.consultation.catalogue import catalogue
from tests.site import Site


def test_every_choice_has_a_stable_code_and_its_chinese_and_english_name() -> None:
    known = catalogue()
    entries = [*known.topics, *(c for t in known.topics for c in t.children), *known.outcomes, *known.groups]
    assert all(re.fullmatch(r"[a-z_.]+", e.id) and e.name["zh"] and e.name["en"] for e in entries)
    for one_list in (known.topic_ids, known.outcomes, known.groups):
        assert len({getattr(e, "id", e) for e in one_list}) == len(one_list)
    assert all(child.id.startswith(f"{topic.id}.") for topic in known.topics for child in topic.children)


def test_topics_come_as_a_tree_of_two_levels(site: Site) -> None:
    topics = site.browser("1001").get("/api/topics").json()
    civil = next(topic for topic in topics if topic["id"] == "civil")
    assert {"id": "civil.labour_pay", "name": {"zh": "劳动报酬", "en": "Labour pay"}} in civil["children"]
    outcomes = [entry["id"] for entry in site.browser("1001").get("/api/outcomes").json()]
    assert outcomes[:4] == ["answered", "appointment", "legal_aid", "mediation"]
