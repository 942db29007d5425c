# SPDX-License-Identifier: Apache-2.0
"""talk.py PORT setup TOKEN: first administrator, a resident, a request of his.   talk.py PORT look: the request is there."""
import http.client
import json
import sys

port = int(sys.argv[1])
passwords = {"admin": "Ferry-lantern-58", "security": "Harbour-kettle-61", "resident": "Orchard-window-47"}


class Person:
    def __init__(self):
        self.headers = {"Content-Type": "application/json"}

    def send(self, method, path, body=None, expect=(200, 201)):
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        wire.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        answer = wire.getresponse()
        text = answer.read().decode()
        assert answer.status in expect, f"{method} {path}: {answer.status} {text}"
        cookie = answer.getheader("Set-Cookie")
        if cookie and "linli_session=" in cookie:
            self.headers["Cookie"] = cookie.split(";")[0]
        value = json.loads(text) if text.startswith("{") else text
        if isinstance(value, dict) and value.get("csrf"):
            self.headers["X-CSRF"] = value["csrf"]
        return value

    def sign_in(self, login):
        self.send("POST", "/api/session", {"login": login, "password": passwords[login]})
        return self

    def step_up(self, login):
        self.send("POST", "/api/session/step-up", {"password": passwords[login]})
        return self


def setup(token):
    admin = Person()
    admin.send("POST", "/api/setup",
               {"token": token, "login": "admin", "name": "管理员", "password": passwords["admin"]})
    admin.step_up("admin")
    ids = {}
    for login, name in (("security", "安全员"), ("resident", "王小明")):
        ids[login] = admin.send(
            "POST", "/api/accounts", {"login": login, "name": name, "password": passwords[login]})["id"]
    areas = {a["level"]: a["id"] for a in areas_of(admin)}
    admin.send("POST", f"/api/accounts/{ids['security']}/grants",
               {"role": "security_admin", "area": areas["province"], "head": False})
    security = Person().sign_in("security").step_up("security")
    security.send("POST", f"/api/accounts/{ids['resident']}/grants",
                  {"role": "resident", "area": areas["community"], "head": False})
    resident = Person().sign_in("resident")
    filed = resident.send("POST", "/api/records/request", {
        "area": areas["community"],
        "fields": {"category": "noise", "description": "楼下装修太吵", "phone": "13812345678"}})
    assert filed["number"]
    look()


def areas_of(person):
    found, waiting = [], [None]
    while waiting:
        under = waiting.pop()
        answer = person.send("GET", "/api/areas" + (f"?under={under}" if under else ""))
        for area in answer["areas"]:
            if area["id"] not in [a["id"] for a in found]:
                found.append(area)
                waiting.append(area["id"])
    return found


def look():
    resident = Person().sign_in("resident")
    records = resident.send("GET", "/api/records/request")["records"]
    assert len(records) == 1 and records[0]["fields"]["description"] == "楼下装修太吵", records
    page = Person().send("GET", "/")
    assert "<html" in page
    print("a request of", records[0]["number"])


setup(sys.argv[3]) if sys.argv[2] == "setup" else look()
