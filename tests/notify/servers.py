#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An SMTP server and an HTTP gateway for tests, on free ports of this machine. Prints both ports, then serves until
it is killed; what arrives is kept as numbered files in FOLDER (mail-1, sms-1, ...), complete once they are there.

    servers.py FOLDER [--login USER PASSWORD] [--tls]

Mail to an address that begins with refuse- is refused for good, with later- for now. Texts to a number that ends in 0
are answered 500, in 1 by a redirect. --tls makes cert.pem in FOLDER and offers STARTTLS.
"""
import base64
import http.server
import os
import pathlib
import socketserver
import ssl
import subprocess
import sys
import threading
import urllib.parse

folder = pathlib.Path(sys.argv[1])
login = sys.argv[sys.argv.index("--login") + 1:][:2] if "--login" in sys.argv else None
lock, counts = threading.Lock(), {}
context = None
if "--tls" in sys.argv:
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)


def keep(kind, data):
    with lock:
        counts[kind] = counts.get(kind, 0) + 1
        draft = folder / f".{kind}"
        draft.write_bytes(data)
        os.rename(draft, folder / f"{kind}-{counts[kind]}")


class Mail(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def data(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        keep("mail", f"to {self.to}\r\n".encode() + b"".join(lines))
        self.say("250 kept")

    def handle(self):
        self.say("220 ready")
        known, safe = login is None, context is None
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("EHLO"):
                offers = ["250-here"] + (["250-STARTTLS"] if not safe else ["250-AUTH PLAIN"] if login else [])
                for offer in offers:
                    self.say(offer)
                self.say("250 8BITMIME")
            elif word == "STARTTLS":
                self.say("220 begin")
                self.connection = context.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
                safe = True
            elif word.startswith("AUTH PLAIN"):
                if not line[10:].strip():
                    self.say("334 ")
                    line += " " + self.rfile.readline().decode().strip()
                known = base64.b64decode(line.split()[-1]).decode().split("\0")[1:] == login
                self.say("235 known" if known else "535 unknown")
            elif word.startswith("MAIL"):
                self.say("250 yes" if known and safe else "530 sign in first")
            elif word.startswith("RCPT"):
                self.to = line[8:].strip()
                self.say("550 no such box" if "<refuse-" in line else "451 later" if "<later-" in line else "250 yes")
            elif word == "DATA":
                self.data()
            elif word == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 yes")


class Gateway(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        keep("sms", f"{self.command} {self.path}\n{self.headers}\n".encode() + body)
        number = urllib.parse.unquote(self.path).split("to=")[-1].split("&")[0]
        self.send_response(500 if number.endswith("0") else 302 if number.endswith("1") else 200)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b'{"code":0}')

    do_GET = do_POST


class Threads(socketserver.ThreadingTCPServer):
    def handle_error(self, *_):
        pass  # a client that is gone

    daemon_threads = True
    allow_reuse_address = True


mail, gateway = Threads(("127.0.0.1", 0), Mail), http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
threading.Thread(target=gateway.serve_forever, daemon=True).start()
print(mail.server_address[1], gateway.server_address[1], flush=True)
mail.serve_forever()
