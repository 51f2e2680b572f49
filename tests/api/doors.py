"""Every door of the api, and who may come in: what test_rights.py knocks at."""

from typing import Any

ROLES = {"seat": "1001", "other_seat": "1002", "supervisor": "supervisor", "manager": "manager", "admin": "admin"}
ROLES |= {"auditor": "auditor"}
ALL = frozenset(ROLES)
READ_FLOWS = frozenset({"supervisor", "manager", "admin", "auditor"})
WRITE_FLOWS = READ_FLOWS - {"auditor"}
OVERSEE = frozenset({"supervisor", "manager", "admin"})
WRITE_ENTRIES = frozenset({"seat", "other_seat", "supervisor", "manager"})
READ_CALLS = frozenset({"seat", "supervisor", "manager", "auditor"})
READ_REPORTS = frozenset({"supervisor", "manager", "auditor"})
RUN_FLOOR = frozenset({"supervisor", "manager"})

WEEK = "from=2026-11-20T00:00:00Z&to=2026-11-23T00:00:00Z"
DOORS: dict[tuple[str, str], tuple[str, Any, frozenset[str]]] = {
    # (method, route): (address, body, who may)
    ("GET", "/api/me"): ("/api/me", None, ALL),
    ("GET", "/api/me/phone"): ("/api/me/phone", None, frozenset({"seat", "other_seat", "supervisor", "manager"})),
    ("GET", "/api/me/phone/mine"): (
        "/api/me/phone/mine",
        None,
        frozenset({"seat", "other_seat", "supervisor", "manager"}),
    ),
    ("POST", "/api/me/state"): ("/api/me/state", {"state": "ready"}, frozenset({"seat", "other_seat"})),
    ("POST", "/api/me/talk"): ("/api/me/talk", {"action": "back"}, frozenset({"seat", "other_seat"})),
    ("GET", "/api/me/parties"): ("/api/me/parties", None, frozenset({"seat", "other_seat"})),
    ("POST", "/api/seats/{seat}/state"): (
        "/api/seats/1001/state",
        {"state": "ready"},
        frozenset({"supervisor", "manager"}),
    ),
    ("POST", "/api/seats/{seat}/listen"): (
        "/api/seats/1001/listen",
        {"mode": "listen"},
        frozenset({"supervisor", "manager"}),
    ),
    ("POST", "/api/seats/{seat}/free"): ("/api/seats/1001/free", None, frozenset({"supervisor", "manager"})),
    ("GET", "/api/end-reasons"): ("/api/end-reasons", None, ALL),
    ("POST", "/api/me/ringing-phone"): (
        "/api/me/ringing-phone",
        {"phone": "webrtc"},
        frozenset({"seat", "other_seat"}),
    ),
    ("POST", "/api/me/microphone"): ("/api/me/microphone", {"tried": True}, frozenset({"seat", "other_seat"})),
    ("POST", "/api/me/wrap-up"): ("/api/me/wrap-up", {"action": "done"}, frozenset({"seat", "other_seat"})),
    ("GET", "/api/calls"): ("/api/calls", None, READ_CALLS | {"other_seat"}),
    ("GET", "/api/calls/{call:path}"): ("/api/calls/a-1.1", None, READ_CALLS),
    ("GET", "/api/calls/{call:path}/recording"): ("/api/calls/a-1.1/recording", None, READ_CALLS),
    ("GET", "/api/calls/{call:path}/way"): ("/api/calls/a-1.1/way", None, READ_CALLS),
    ("GET", "/api/calls/{call:path}/caller"): ("/api/calls/a-1.1/caller", None, frozenset({"supervisor", "manager"})),
    ("GET", "/api/consultations/{call}"): ("/api/consultations/a-1.1", None, READ_CALLS),
    ("PUT", "/api/consultations/{call}"): (
        "/api/consultations/a-1.1",
        {"version": 0},
        frozenset({"seat", "supervisor", "manager"}),
    ),
    **{
        (method, f"/api/{kinds}/{{call}}/{deed}"): (f"/api/{kinds}/a-1.1/{deed}", body, may)
        for kinds in ("callbacks", "voicemails")
        for method, deed, body, may in (
            ("POST", "take", None, WRITE_ENTRIES),
            ("POST", "give-back", None, WRITE_ENTRIES),
            ("POST", "done", {"result": "reached"}, WRITE_ENTRIES),
            ("POST", "dial", None, WRITE_ENTRIES),
            ("POST", "cancel", {"why": "asked for"}, frozenset({"supervisor", "manager"})),
        )
    },
    **{
        ("POST", f"/api/{kinds}/{{call}}/machine"): (
            f"/api/{kinds}/a-1.1/machine",
            None,
            frozenset({"seat", "other_seat"}),
        )
        for kinds in ("callbacks", "voicemails")
    },
    ("GET", "/api/callbacks/offer"): ("/api/callbacks/offer", None, frozenset({"seat", "other_seat"})),
    ("POST", "/api/callbacks/appointments"): (
        "/api/callbacks/appointments",
        {
            "call": "a-1.1",
            "begins_at": "2026-11-22T08:00:00Z",
            "ends_at": "2026-11-22T09:00:00Z",
            "language": "zh",
        },
        WRITE_ENTRIES,
    ),
    ("GET", "/api/callbacks"): ("/api/callbacks", None, READ_CALLS | {"other_seat"}),
    ("GET", "/api/voicemails"): ("/api/voicemails", None, READ_CALLS | {"other_seat"}),
    ("GET", "/api/voicemails/{call}/audio"): ("/api/voicemails/a-1.1/audio", None, WRITE_ENTRIES),
    ("GET", "/api/missed-calls"): ("/api/missed-calls", None, READ_CALLS | {"other_seat"}),
    ("POST", "/api/missed-calls/{call}/callback"): ("/api/missed-calls/a-1.1/callback", None, WRITE_ENTRIES),
    ("GET", "/api/do-not-call"): ("/api/do-not-call", None, frozenset({"supervisor", "manager"})),
    ("POST", "/api/do-not-call"): (
        "/api/do-not-call",
        {"number": "13900000009", "why": "asked for"},
        frozenset({"supervisor", "manager"}),
    ),
    ("DELETE", "/api/do-not-call/{id}"): ("/api/do-not-call/x", None, frozenset({"supervisor", "manager"})),
    ("GET", "/api/topics"): ("/api/topics", None, ALL),
    ("GET", "/api/places"): ("/api/places", None, ALL),
    ("GET", "/api/outcomes"): ("/api/outcomes", None, ALL),
    ("GET", "/api/groups"): ("/api/groups", None, ALL),
    ("GET", "/api/report/kpi"): (f"/api/report/kpi?{WEEK}", None, ALL),
    ("GET", "/api/report/quarters"): ("/api/report/quarters", None, ALL),
    ("GET", "/api/report/papers"): ("/api/report/papers", None, READ_REPORTS),
    ("POST", "/api/report/papers"): (
        "/api/report/papers",
        {"period": "day", "of": "2026-11-20"},
        frozenset({"supervisor", "manager"}),
    ),
    ("POST", "/api/report/papers/calls"): ("/api/report/papers/calls", {"live": True}, READ_REPORTS),
    ("POST", "/api/report/papers/{paper}/cancel"): ("/api/report/papers/none/cancel", {}, READ_REPORTS),
    ("GET", "/api/report/papers/{paper}/{form}"): ("/api/report/papers/none/xlsx", None, READ_REPORTS),
    ("GET", "/api/knowledge/search"): ("/api/knowledge/search", None, ALL),
    ("GET", "/api/knowledge/topics"): ("/api/knowledge/topics", None, ALL),
    ("GET", "/api/knowledge/entries/{entry}"): ("/api/knowledge/entries/none-of-this-name", None, ALL),
    ("GET", "/api/knowledge/entries"): ("/api/knowledge/entries", None, ALL),
    ("GET", "/api/knowledge/drafts/{language}/{entry:path}"): ("/api/knowledge/drafts/zh/none", None, ALL),
    ("PUT", "/api/knowledge/drafts/{language}/{entry:path}"): (
        "/api/knowledge/drafts/zh/made-here",
        {"version": 0, "form": {}},
        WRITE_ENTRIES,
    ),
    ("POST", "/api/knowledge/acts/{language}/{entry:path}"): (
        "/api/knowledge/acts/zh/none-of-this-name",
        {"act": "send"},
        WRITE_ENTRIES,
    ),
    ("GET", "/api/knowledge/versions/{language}/{entry:path}"): ("/api/knowledge/versions/zh/none", None, ALL),
    ("GET", "/api/knowledge/differences/{language}/{entry:path}"): ("/api/knowledge/differences/zh/none", None, ALL),
    ("GET", "/api/knowledge/comments/{entry:path}"): ("/api/knowledge/comments/none", None, ALL),
    ("POST", "/api/knowledge/comments/{entry:path}"): (
        "/api/knowledge/comments/none",
        {"words": "x"},
        WRITE_ENTRIES,
    ),
    ("GET", "/api/knowledge/hot"): ("/api/knowledge/hot", None, frozenset({"supervisor", "manager", "auditor"})),
    ("GET", "/api/knowledge/attached/{entry:path}"): ("/api/knowledge/attached/none", None, ALL),
    ("POST", "/api/knowledge/attached/{entry:path}"): ("/api/knowledge/attached/none", {}, ALL),  # content is looked at
    ("GET", "/api/knowledge/attachments/{id}"): ("/api/knowledge/attachments/0", None, ALL),
    ("DELETE", "/api/knowledge/attachments/{id}"): ("/api/knowledge/attachments/0", None, WRITE_ENTRIES),
    ("GET", "/api/knowledge/export"): ("/api/knowledge/export?topic=none", None, WRITE_ENTRIES),
    ("POST", "/api/knowledge/import"): ("/api/knowledge/import", {}, ALL),  # a JSON body is no file: 400 for everybody
    ("GET", "/api/knowledge/articles"): ("/api/knowledge/articles?law=无&article=1", None, ALL),
    ("POST", "/api/knowledge/gaps"): ("/api/knowledge/gaps", {"words": "欠薪"}, ALL),
    ("GET", "/api/knowledge/gaps"): ("/api/knowledge/gaps", None, ALL),
    ("POST", "/api/knowledge/uses"): (
        "/api/knowledge/uses",
        {"act": "opened", "kind": "entry", "target": "none"},
        ALL,
    ),
    ("GET", "/api/prompts"): ("/api/prompts?lang=zh", None, READ_FLOWS),
    ("GET", "/api/prompts/{lang}/{prompt}/history"): ("/api/prompts/zh/welcome/history", None, READ_FLOWS),
    ("GET", "/api/prompts/{lang}/{prompt}/sound"): ("/api/prompts/zh/welcome/sound", None, READ_FLOWS),
    ("POST", "/api/prompts/{lang}/{prompt}/recording"): ("/api/prompts/zh/welcome/recording", {}, WRITE_FLOWS),
    ("POST", "/api/prompts/{lang}/{prompt}/approve"): ("/api/prompts/zh/welcome/approve", {}, WRITE_FLOWS),
    ("POST", "/api/prompts/{lang}/{prompt}/reject"): ("/api/prompts/zh/welcome/reject", {"why": "x"}, WRITE_FLOWS),
    ("GET", "/api/flows"): ("/api/flows", None, READ_FLOWS),
    ("GET", "/api/flows/schema"): ("/api/flows/schema", None, READ_FLOWS),
    ("POST", "/api/flows"): ("/api/flows", {"id": "extra"}, WRITE_FLOWS),
    ("GET", "/api/flows/{flow}"): ("/api/flows/main", None, READ_FLOWS),
    ("PUT", "/api/flows/{flow}/draft"): ("/api/flows/main/draft", {"yaml": "id: main"}, WRITE_FLOWS),
    ("DELETE", "/api/flows/{flow}/draft"): ("/api/flows/none/draft", None, WRITE_FLOWS),
    ("GET", "/api/flows/{flow}/draft/diff"): ("/api/flows/main/draft/diff", None, READ_FLOWS),
    ("PUT", "/api/flows/{flow}/draft/nodes/{node}"): (
        "/api/flows/main/draft/nodes/notice",
        {"node": {"play": "notice", "next": "person"}, "revision": 1},
        WRITE_FLOWS,
    ),
    ("DELETE", "/api/flows/{flow}/draft/nodes/{node}"): ("/api/flows/main/draft/nodes/none", None, WRITE_FLOWS),
    ("POST", "/api/flows/{flow}/walk"): ("/api/flows/main/walk", {"of": "published"}, READ_FLOWS),
    ("POST", "/api/flows/{flow}/publish"): ("/api/flows/none/publish", {"revision": 1, "why": "so"}, WRITE_FLOWS),
    ("POST", "/api/flows/{flow}/rollback"): ("/api/flows/main/rollback", {"version": 9, "why": "so"}, WRITE_FLOWS),
    ("GET", "/api/flows/{flow}/versions"): ("/api/flows/main/versions", None, READ_FLOWS),
    ("GET", "/api/flows/{flow}/versions/{version}"): ("/api/flows/main/versions/1", None, READ_FLOWS),
    ("GET", "/api/flows/{flow}/live"): ("/api/flows/main/live", None, READ_FLOWS),
    ("GET", "/api/alarms"): ("/api/alarms", None, OVERSEE | {"auditor"}),
    ("POST", "/api/alarms/{alarm}/acknowledge"): ("/api/alarms/1/acknowledge", {"note": ""}, OVERSEE),
    ("GET", "/api/alarms/rules"): ("/api/alarms/rules", None, OVERSEE | {"auditor"}),
    ("PUT", "/api/alarms/rules/{rule}"): ("/api/alarms/rules/long-wait", {}, frozenset({"manager", "admin"})),
    ("GET", "/api/reconciliation"): ("/api/reconciliation", None, frozenset({"supervisor", "manager", "auditor"})),
    ("GET", "/api/reconciliation/{day}"): (
        "/api/reconciliation/2026-11-21",
        None,
        frozenset({"supervisor", "manager", "auditor"}),
    ),
    ("POST", "/api/me/password"): ("/api/me/password", {"old": "x", "new": "y"}, ALL),
    ("POST", "/api/me/second-factor"): ("/api/me/second-factor", None, ALL),
    ("POST", "/api/me/second-factor/confirm"): ("/api/me/second-factor/confirm", {"code": "0"}, ALL),
    ("POST", "/api/me/second-factor/remove"): ("/api/me/second-factor/remove", {"password": "x"}, ALL),
    ("GET", "/api/people"): ("/api/people", None, READ_FLOWS),
    ("POST", "/api/people"): ("/api/people", {"id": "new", "name": "新", "role": "auditor"}, frozenset({"admin"})),
    ("PUT", "/api/people/{id}"): ("/api/people/none", {"name": "x", "role": "auditor"}, frozenset({"admin"})),
    **{
        ("POST", f"/api/people/{{id}}/{act}"): (f"/api/people/none/{act}", None, frozenset({"admin"}))
        for act in ("close", "open", "reset", "unlock")
    },
    ("GET", "/api/people/{id}/skills"): ("/api/people/1001/skills", None, READ_FLOWS),
    ("POST", "/api/people/{id}/skills"): (
        "/api/people/1001/skills",
        {"languages": {"zh": 3}},
        frozenset({"seat", "supervisor", "manager", "admin"}),
    ),
    ("GET", "/api/me/skills"): ("/api/me/skills", None, frozenset({"seat", "other_seat"})),
    ("GET", "/api/skill-proposals"): ("/api/skill-proposals", None, READ_FLOWS),
    ("POST", "/api/skill-proposals/{number}"): (
        "/api/skill-proposals/0",
        {"approve": True},
        frozenset({"manager"}),
    ),
    ("GET", "/api/me/roster"): ("/api/me/roster", None, frozenset({"seat", "other_seat"})),
    ("GET", "/api/roster"): ("/api/roster", None, READ_CALLS | {"other_seat"}),
    ("GET", "/api/roster/coverage"): ("/api/roster/coverage?days=1", None, READ_CALLS | {"other_seat"}),
    ("POST", "/api/roster/shifts"): (
        "/api/roster/shifts",
        {"person": "none", "day": "2026-11-23", "start": "08:00", "end": "16:00"},
        frozenset({"supervisor", "manager"}),
    ),
    ("DELETE", "/api/roster/shifts/{shift}"): ("/api/roster/shifts/0", None, frozenset({"supervisor", "manager"})),
    ("POST", "/api/roster/import"): ("/api/roster/import", {}, frozenset({"supervisor", "manager"})),
    ("GET", "/api/roster/template"): ("/api/roster/template", None, frozenset({"supervisor", "manager"})),
    ("GET", "/api/roster/export"): ("/api/roster/export?days=1", None, frozenset({"supervisor", "manager"})),
    ("GET", "/api/roster/swaps"): ("/api/roster/swaps", None, frozenset({"supervisor", "manager"})),
    ("POST", "/api/roster/swaps"): (
        "/api/roster/swaps",
        {"shift": 0, "to": "1002"},
        frozenset({"seat", "other_seat"}),
    ),
    ("POST", "/api/roster/swaps/{swap}/answer"): (
        "/api/roster/swaps/0/answer",
        {"answer": "accepted"},
        frozenset({"seat", "other_seat"}),
    ),
    ("POST", "/api/roster/swaps/{swap}/decision"): (
        "/api/roster/swaps/0/decision",
        {"approve": True},
        frozenset({"supervisor", "manager"}),
    ),
    ("GET", "/api/visits"): ("/api/visits", None, READ_CALLS | {"other_seat"}),
    ("POST", "/api/complaints"): ("/api/complaints", {"call": "a-1.1", "words": "was refused"}, WRITE_ENTRIES),
    ("GET", "/api/visits/draws"): ("/api/visits/draws", None, READ_REPORTS),
    ("POST", "/api/visits/draws"): (
        "/api/visits/draws",
        {"period": "week", "of": "2026-W46", "share": 0.1},
        RUN_FLOOR,
    ),
    ("GET", "/api/visits/draws/{id}/again"): ("/api/visits/draws/none/again", None, READ_REPORTS),
    **{
        (method, f"/api/visits/{{kind}}/{{call}}{deed}"): (f"/api/visits/dissatisfied/a-1.1{deed}", body, roles)
        for method, deed, body, roles in (
            ("GET", "", None, READ_CALLS | {"other_seat"}),
            ("GET", "/comment", None, WRITE_ENTRIES),
            ("GET", "/visitors", None, RUN_FLOOR),
            ("POST", "/assign", {"person": "1002"}, RUN_FLOOR),
            ("POST", "/attempts", {"how": "message", "reached": False}, WRITE_ENTRIES),
            ("POST", "/dial", None, WRITE_ENTRIES),
            ("POST", "/close", {"result": "settled", "cause": "advice"}, WRITE_ENTRIES),
        )
    },
    ("POST", "/api/visits/{call}/machine"): ("/api/visits/a-1.1/machine", None, WRITE_ENTRIES),
    ("GET", "/api/jobs"): ("/api/jobs", None, READ_REPORTS | {"admin"}),
    ("GET", "/api/messages"): ("/api/messages", None, READ_REPORTS),
    ("GET", "/api/messages/templates"): ("/api/messages/templates", None, READ_REPORTS | {"admin"}),
    ("POST", "/api/messages/templates"): (
        "/api/messages/templates",
        {"purpose": "survey", "language": "zh", "text": "{link}"},
        RUN_FLOOR,
    ),
    ("POST", "/api/messages/templates/{id}/approve"): ("/api/messages/templates/0/approve", None, RUN_FLOOR),
    ("GET", "/api/messages/opt-outs"): ("/api/messages/opt-outs", None, READ_REPORTS),
    ("POST", "/api/messages/opt-outs"): ("/api/messages/opt-outs", {"number": "13900000009"}, RUN_FLOOR),
    ("DELETE", "/api/messages/opt-outs/{id}"): ("/api/messages/opt-outs/x", None, RUN_FLOOR),
    ("GET", "/api/messages/gateway"): ("/api/messages/gateway", None, READ_REPORTS | {"admin"}),
    ("POST", "/api/messages/test"): ("/api/messages/test", {"number": "13900000009"}, frozenset({"admin"})),
    ("POST", "/api/messages/{id}/settle"): ("/api/messages/none/settle", {"arrived": True}, RUN_FLOOR),
    ("GET", "/api/surveys/{call}/audio"): ("/api/surveys/a-1.1/audio", None, RUN_FLOOR),
    ("GET", "/api/surveys/{call}"): ("/api/surveys/a-1.1", None, READ_REPORTS),
    ("GET", "/api/audit"): ("/api/audit", None, frozenset({"auditor"})),
    ("GET", "/api/audit/actions"): ("/api/audit/actions", None, frozenset({"auditor"})),
    ("POST", "/api/sign-out"): ("/api/sign-out", None, ALL),  # the last one: it takes the key away
}
SIGNED = {
    ("POST", "/api/cloud/voice"),
    ("POST", "/api/cloud/voice/step"),
    ("POST", "/api/cloud/recording"),
    ("GET", "/api/cloud/prompts/{language}/{file}"),
    ("POST", "/api/message-gateway/twilio/status"),
    ("POST", "/api/message-gateway/twilio/reply"),
    ("POST", "/api/message-gateway/http/status"),
    ("POST", "/api/message-gateway/http/reply"),
}
"""Of the number in the cloud and of the gateways of messages: by the provider's signature (tests/cloud, tests/message);
prompts are what every caller hears."""
OPEN = {("GET", "/api/health"), ("POST", "/api/sign-in")} | SIGNED
