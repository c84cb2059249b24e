"""A stand-in for a Nextcloud server: what `nextcloudcmd` needs to bring one user's files to a plain folder.

It keeps file ids, etags that change up to the root, bulk uploads and chunked uploads; it has no users, no rights and no
database, so it is far quicker than a real server and the measure is of the client's engine.
Called with the folder of the files, a folder for unfinished uploads, and a port; then, to keep what is overwritten or
deleted as a real server's versions and trash do, with a folder for that.
"""

import email.utils
import http.server
import itertools
import json
import os
import re
import shutil
import sys
import threading
import urllib.parse
from xml.sax.saxutils import escape

HUB, UPLOADS, PORT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
KEPT = sys.argv[4] if len(sys.argv) > 4 else None
PIECE = 1 << 20
FILES = re.compile(r"/remote\.php/(?:dav/files/[^/]+|webdav)(?:/(.*))?$")
CHUNKS = re.compile(r"/remote\.php/dav/uploads/[^/]+/(.+)$")
STATUS = {"installed": True, "maintenance": False, "needsDbUpgrade": False, "version": "25.0.0.0",
          "versionstring": "25.0.0", "edition": "", "productname": "Nextcloud", "extendedSupport": False}
CAPABILITIES = {"version": {"major": 25, "minor": 0, "micro": 0, "string": "25.0.0", "edition": ""},
                "capabilities": {"core": {"webdav-root": "remote.php/webdav", "pollinterval": 60},
                                 "files": {"bigfilechunking": True}, "checksums": {},
                                 "dav": {"chunking": "1.0", "bulkupload": "1.0"}}}
PERSON = {"id": "u", "display-name": "u", "displayname": "u", "email": ""}

etags, ids, counter, lock = {}, {}, itertools.count(1), threading.Lock()


def changed(path):
    """Gives a new etag to a path and to all that it is in."""
    with lock:
        number = next(counter)
        while True:
            etags[path] = f"e{number:x}"
            if not path:
                return
            path = os.path.dirname(path)


def identity(path):
    """The id that a file or folder keeps for its life."""
    with lock:
        return ids.setdefault(path, next(counter))


def forgotten(path):
    """A path is nothing any more, and what comes there is something else."""
    with lock:
        for known in [known for known in ids if known == path or known.startswith(path + "/")]:
            ids.pop(known)


def keep(full):
    """Keeps what is about to be overwritten or deleted."""
    if KEPT and os.path.exists(full):
        copy = shutil.copytree if os.path.isdir(full) else shutil.copyfile
        copy(full, os.path.join(KEPT, str(next(counter))))


def described(path):
    """A file or folder as WebDAV tells it."""
    full = os.path.join(HUB, path)
    state, folder = os.stat(full), os.path.isdir(full)
    href = "/remote.php/dav/files/u/" + urllib.parse.quote(path) + ("/" if folder and path else "")
    size = "" if folder else f"<d:getcontentlength>{state.st_size}</d:getcontentlength>"
    return (f"<d:response><d:href>{escape(href)}</d:href><d:propstat><d:prop>"
            f"<d:resourcetype>{'<d:collection/>' if folder else ''}</d:resourcetype>{size}"
            f"<d:getlastmodified>{email.utils.formatdate(state.st_mtime, usegmt=True)}</d:getlastmodified>"
            f'<d:getetag>"{etags.get(path, "e0")}"</d:getetag><oc:id>{identity(path):08d}oc</oc:id>'
            f"<oc:fileid>{identity(path)}</oc:fileid><oc:size>{state.st_size}</oc:size>"
            f"<oc:permissions>{'RGDNVCK' if folder else 'RGDNVW'}</oc:permissions>"
            "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def log_message(self, *_):
        pass

    def answer(self, code, body=b"", kind="text/plain", headers=()):
        self.send_response(code)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def json(self, value):
        self.answer(200, json.dumps(value).encode(), "application/json")

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def save(self, full):
        """Writes the request's body to a file, whole or not at all."""
        left = int(self.headers.get("Content-Length") or 0)
        with open(full + ".half", "wb") as half:
            while left > 0:
                piece = self.rfile.read(min(left, PIECE))
                half.write(piece)
                left -= len(piece)
        keep(full)
        os.replace(full + ".half", full)

    def stored(self, path, dated):
        """What the client keeps of a file that arrived."""
        full = os.path.join(HUB, path)
        if dated:
            os.utime(full, (int(dated), int(dated)))
        changed(path)
        return {"etag": etags[path], "OC-ETag": etags[path], "OC-FileID": f"{identity(path):08d}oc",
                "X-OC-MTime": "accepted"}

    def place(self, pattern=FILES, url=None):
        path = urllib.parse.unquote(urllib.parse.urlparse(url or self.path).path)
        found = pattern.match(re.sub("/+", "/", path))
        return found and (found.group(1) or "").rstrip("/")

    def do_GET(self):
        self.body()
        path = self.place()
        if "/status.php" in self.path:
            return self.json(STATUS)
        for word, data in (("capabilities", CAPABILITIES), ("cloud/user", PERSON)):
            if word in self.path:
                return self.json({"ocs": {"meta": {"status": "ok", "statuscode": 100, "message": "OK"}, "data": data}})
        full = path and os.path.join(HUB, path)
        if not full or not os.path.isfile(full):
            return self.answer(404)
        etag = f'"{etags.get(path, "e0")}"'
        self.send_response(200)
        for name, value in (("Content-Length", os.path.getsize(full)), ("ETag", etag), ("OC-ETag", etag)):
            self.send_header(name, str(value))
        self.end_headers()
        with open(full, "rb") as file:
            shutil.copyfileobj(file, self.wfile, PIECE)
        self.wfile.flush()

    def do_HEAD(self):
        self.answer(200)

    def do_PROPFIND(self):
        self.body()
        path = self.place()
        if path is None or not os.path.exists(os.path.join(HUB, path)):
            return self.answer(404)
        found = [described(path)]
        if self.headers.get("Depth") != "0" and os.path.isdir(os.path.join(HUB, path)):
            found += [described(os.path.join(path, name)) for name in sorted(os.listdir(os.path.join(HUB, path)))]
        text = ('<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns">'
                + "".join(found) + "</d:multistatus>")
        self.answer(207, text.encode(), "application/xml; charset=utf-8")

    def do_MKCOL(self):
        self.body()
        path, chunks = self.place(), self.place(CHUNKS)
        try:
            os.mkdir(os.path.join(UPLOADS, chunks) if chunks else os.path.join(HUB, path))
        except FileExistsError:
            return self.answer(405)
        except FileNotFoundError:
            return self.answer(409)
        if chunks:
            return self.answer(201)
        changed(path)
        self.answer(201, headers=[("OC-FileId", f"{identity(path):08d}oc")])

    def do_PUT(self):
        path, chunks = self.place(), self.place(CHUNKS)
        expected = (self.headers.get("If-Match") or "").strip('"')
        if not chunks and expected and expected != etags.get(path):
            self.body()
            return self.answer(412)
        self.save(os.path.join(UPLOADS, chunks) if chunks else os.path.join(HUB, path))
        self.answer(201, headers=() if chunks else self.stored(path, self.headers.get("X-OC-Mtime")).items())

    def do_POST(self):
        body = self.body()
        if "dav/bulk" not in self.path:
            return self.answer(404)
        boundary = re.search(r'boundary="?([^";]+)', self.headers["Content-Type"]).group(1).encode()
        outcome, at = {}, 0
        while (start := body.find(b"--" + boundary + b"\r\n", at)) >= 0:
            ends = body.index(b"\r\n\r\n", start)
            lines = body[start:ends].decode().split("\r\n")[1:]
            headers = {name.strip().lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
            at = ends + 4 + int(headers["content-length"])
            path = urllib.parse.unquote(headers["x-file-path"]).lstrip("/")
            keep(os.path.join(HUB, path))
            with open(os.path.join(HUB, path), "wb") as file:
                file.write(body[ends + 4:at])
            dated = headers.get("x-file-mtime") or headers.get("x-oc-mtime")
            outcome["/" + path] = {"error": False, **self.stored(path, dated)}
        self.json(outcome)

    def do_MOVE(self):
        self.body()
        target, chunks = self.place(url=self.headers["Destination"]), self.place(CHUNKS)
        full = os.path.join(HUB, target)
        if chunks is None:
            source = self.place()
            keep(full)
            os.rename(os.path.join(HUB, source), full)
            with lock:
                # What is in a folder that moves did not change.
                for path in [path for path in etags if path.startswith(source + "/")]:
                    etags[target + path[len(source):]] = etags.pop(path)
                ids.pop(target, None)
                for path in [path for path in ids if path == source or path.startswith(source + "/")]:
                    ids[target + path[len(source):]] = ids.pop(path)
            changed(os.path.dirname(source))
        else:
            folder = os.path.dirname(os.path.join(UPLOADS, chunks))
            with open(full + ".half", "wb") as whole:
                for name in sorted(os.listdir(folder)):
                    with open(os.path.join(folder, name), "rb") as chunk:
                        shutil.copyfileobj(chunk, whole, PIECE)
            keep(full)
            os.replace(full + ".half", full)
            shutil.rmtree(folder)
        self.answer(201, headers=self.stored(target, chunks and self.headers.get("X-OC-Mtime")).items())

    def do_DELETE(self):
        self.body()
        path, chunks = self.place(), self.place(CHUNKS)
        full = os.path.join(UPLOADS, chunks) if chunks else os.path.join(HUB, path)
        if not chunks:
            keep(full)
            forgotten(path)
        if os.path.isdir(full):
            shutil.rmtree(full)
        elif os.path.exists(full):
            os.unlink(full)
        if not chunks:
            changed(os.path.dirname(path))
        self.answer(204)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


Server(("127.0.0.1", PORT), Handler).serve_forever()
