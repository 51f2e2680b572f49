"""Flows with every kind of node, as a site would write them."""

import shutil
from pathlib import Path

from callcenter.config import CHECKOUT

MAIN = """
id: main
start: switch
deadline_s: 240
nodes:
  switch: {emergency: emergency, next: language}
  language:
    language: language-menu
    choices: {"1": zh, "2": bo}
    keys: {"0": person}
    timeout_s: 20
    next: way
    otherwise: person
  way:
    menu: topic-menu
    keys:
      {"1": number, "2": message, "3": back, "4": outside, "5": open, "6": topic, "7": law, "8": order, "*": word,
       "0": person}
    timeout_s: 20
    otherwise: person
  law: {knowledge: legal-aid/who-can-apply, languages: [zh], next: bye, otherwise: person}
  order: {progress: progress-ask, keys: {"0": person}, timeout_s: 20, next: bye, otherwise: person}
  word:
    speech: language-menu
    by_key: topic-menu
    words: {法律 援助: law, 人工: person}
    keys: {"4": law, "0": person}
    listen_s: 3
    timeout_s: 20
    otherwise: person
  number:
    collect: topic-menu
    into: order
    min_digits: 3
    max_digits: 4
    keys: {"0": person}
    timeout_s: 20
    next: told
    otherwise: person
  told: {say: order, form: digits, next: which}
  which:
    branch:
      - {fact: order, is: "123", go: bye}
      - {fact: order, at_least: 5000, go: outside}
    otherwise: person
  message:
    voicemail: voicemail
    max_s: 30
    silence_s: 3
    thanks: voicemail-kept
    next: bye
    otherwise: person
  back:
    callback: callback-offer
    confirm: callback-confirm
    thanks: callback-kept
    keys: {"0": person}
    timeout_s: 20
    next: bye
    otherwise: person
  outside: {transfer: duty-lawyer}
  open: {hours: by-language, open: person, closed: closed}
  closed: {play: closed, next: bye}
  topic: {subflow: topics, next: person}
  bye: {goodbye: goodbye}
  person: {queue: by-language}
"""
TOPICS = """
id: topics
purpose: part
start: labour
nodes:
  labour: {set: {topic: labour}, next: notice}
  notice: {play: notice, next: back}
  back: {return: done}
"""
HOURS = """
lines:
  zh: {workday: ["00:00-24:00"], weekend: ["00:00-24:00"], holiday: ["00:00-24:00"]}
  bo: {workday: []}
  mn: {workday: []}
"""


def written(folder: Path, gateway: int) -> Path:
    """Flows of the test; words and survey are the delivered ones."""
    shutil.copytree(CHECKOUT / "ivr_flows" / "prompts", folder / "prompts")
    shutil.copy(CHECKOUT / "ivr_flows" / "survey.yaml", folder)
    (folder / "main.yaml").write_text(MAIN)
    (folder / "topics.yaml").write_text(TOPICS)
    (folder / "site").mkdir()
    (folder / "site" / "hours.yaml").write_text(HOURS)
    to = f'destinations:\n  duty-lawyer: {{number: "09711234567", via: "127.0.0.1:{gateway}", ring_s: 10}}\n'
    (folder / "site" / "destinations.yaml").write_text(to)
    return folder
