from tests.api.conftest import Site


def sign_in(site: Site, name: str, password: str) -> int:
    return int(site.client().post("/api/sign-in", json={"username": name, "password": password}).status_code)


def test_the_answer_names_the_person_and_the_csrf_header(site: Site) -> None:
    browser = site.browser("1002")
    assert browser.person == {
        "id": "1002",
        "name": "扎西卓玛",
        "role": "seat",
        "seat": "1002",
        "languages": ["zh", "bo"],
    }
    assert browser.get("/api/me").json()["csrf"] == browser.csrf["X-CSRF-Token"]
