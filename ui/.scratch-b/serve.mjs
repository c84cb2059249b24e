import http from "node:http"; import fs from "node:fs"; import path from "node:path";
const csp = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self' ipc: http://ipc.localhost; worker-src 'self' blob:; object-src 'none'; frame-src 'none'; base-uri 'none'";
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css" };
http.createServer((q, r) => { let p = path.join("/tmp/b-dist", decodeURIComponent(new URL(q.url, "http://x").pathname)); if (p.endsWith("/")) p += "index.html";
 fs.readFile(p, (e, d) => { if (e) { r.writeHead(404); r.end(); } else { r.writeHead(200, { "content-type": types[path.extname(p)] ?? "application/octet-stream", "content-security-policy": csp }); r.end(d); } }); }).listen(14931);
