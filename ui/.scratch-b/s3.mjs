export default async (open) => {
  let p = await open("client=4&year");
  await p.evaluate(() => { const cache = new Map(); const old = platform.call.bind(platform); platform.call = async (n, q) => { if (n !== "list_documents") return old(n, q); const k = q.folder + q.order + q.descending + q.search; if (!cache.has(k)) cache.set(k, await old(n, { ...q, offset: 0, limit: 1e6 })); const all = cache.get(k); return { total: all.total, rows: all.rows.slice(q.offset, q.offset + q.limit) }; }; });
  const t0 = Date.now();
  await p.locator('[role="treeitem"]', { hasText: "04 À classer" }).first().click();
  await p.waitForSelector('[role="row"][aria-rowindex="5"]'); console.log("10k shown", Date.now() - t0);
  await p.locator('[role="row"][aria-rowindex="4"]').click({ position: { x: 80, y: 10 } });
  const t1 = Date.now(); await p.keyboard.press("End"); await p.waitForSelector('[role="row"][aria-rowindex="10001"]'); await p.waitForTimeout(100); console.log("end", Date.now() - t1, await p.locator('[role="row"]').count());
  const t2 = Date.now(); await p.keyboard.press("Control+a"); await p.waitForFunction(() => document.body.textContent.includes("10 000 sélectionnés") || /10.000 s/.test(document.body.textContent)); console.log("select all", Date.now() - t2);
  await p.keyboard.press("Home"); await p.waitForTimeout(200);
  await p.keyboard.type("scan_05"); await p.waitForTimeout(400);
  await p.screenshot({ path: "/tmp/b1.png" });
  // scroll smoothness
  const fps = await p.evaluate(async () => { const g = document.querySelector('[role="grid"]'); const ts = []; let n = 0; await new Promise(res => { const f = (t) => { ts.push(t); g.scrollTop += 700; if (++n < 60) requestAnimationFrame(f); else res(); }; requestAnimationFrame(f); }); const d = ts.slice(1).map((t, i) => t - ts[i]); return { max: Math.max(...d), mean: d.reduce((a, b) => a + b) / d.length }; });
  console.log("frames", fps);
  await p.locator("[role=grid]").evaluate(g => g.scrollTop = 0); await p.waitForTimeout(300);
  for (const [i, ext] of [["eml", ".eml"], ["png", "Scan_00010.png"]].entries()) { if (i===1) await p.keyboard.type("Scan_00010"); await p.waitForTimeout(300); const r = p.locator('[role="row"]', { hasText: ext[1] }).first(); await r.click({ position: { x: 80, y: 10 } }); await p.waitForTimeout(700); await p.screenshot({ path: `/tmp/b${2 + i}.png` }); }
  await p.locator('[role="tab"]').nth(1).click(); await p.waitForTimeout(200);
  
  p = await open("client=0&year", { width: 900, height: 700 });
  await p.locator('[role="treeitem"]', { hasText: "2026" }).first().dblclick();
  await p.locator('[role="treeitem"]', { hasText: "Achats" }).first().dblclick();
  await p.locator('[role="treeitem"]', { hasText: "mai 2026" }).first().click(); await p.waitForTimeout(300);
  await p.screenshot({ path: "/tmp/b4.png" });
  await p.locator('[role="treeitem"]', { hasText: "avril 2026" }).first().click(); await p.waitForTimeout(300);
  await p.locator('[role="row"][aria-rowindex="3"]').click({ position: { x: 60, y: 10 } }); await p.waitForTimeout(300);
  await p.locator('[role="tab"]').nth(2).click(); await p.waitForTimeout(300); await p.screenshot({ path: "/tmp/b5.png" });
  await p.locator('[role="treeitem"]', { hasText: "2026" }).first().click(); await p.waitForTimeout(300); await p.screenshot({ path: "/tmp/b6.png" });
};
