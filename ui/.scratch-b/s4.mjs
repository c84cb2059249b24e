export default async (open) => {
  let p = await open("client=4&year");
  await p.evaluate(() => { const cache = new Map(); const old = platform.call.bind(platform); platform.call = async (n, q) => { if (n !== "list_documents") return old(n, q); const k = q.folder + q.order + q.descending + q.search; if (!cache.has(k)) cache.set(k, await old(n, { ...q, offset: 0, limit: 1e6 })); const all = cache.get(k); return { total: all.total, rows: all.rows.slice(q.offset, q.offset + q.limit) }; }; });
  await p.locator('[role="treeitem"]', { hasText: "04 À classer" }).first().click();
  await p.waitForSelector('[role="row"][aria-rowindex="5"]');
  const s = await p.context().newCDPSession(p); await s.send("Profiler.enable"); await s.send("Profiler.start");
  for (const step of [120, 700]) console.log(step, await p.evaluate(async (step) => { const g = document.querySelector('[role="grid"]'); const ts = []; let n = 0; await new Promise(res => { const f = (t) => { ts.push(t); g.scrollTop += step; if (++n < 60) requestAnimationFrame(f); else res(); }; requestAnimationFrame(f); }); const d = ts.slice(1).map((t, i) => t - ts[i]); d.sort((a,b)=>a-b); return { max: d.at(-1), median: d[30], mean: d.reduce((a, b) => a + b) / d.length }; }, step));
  const { profile } = await s.send("Profiler.stop");
  const self = new Map(); const dt = profile.timeDeltas; const byId = new Map(profile.nodes.map(n => [n.id, n]));
  profile.samples.forEach((id, i) => { const n = byId.get(id); const k = n.callFrame.functionName + ":" + n.callFrame.lineNumber + ":" + n.callFrame.columnNumber; self.set(k, (self.get(k) ?? 0) + dt[i] / 1000); });
  console.log([...self].sort((a, b) => b[1] - a[1]).slice(0, 14));
};
