export default async (open) => {
  let p = await open("client=0&year");
  const item = (t) => p.locator('[role="treeitem"]', { hasText: t }).first();
  await item("2026").dblclick(); await item("Achats").dblclick();
  await item("avril 2026").click(); await p.waitForTimeout(300);
  // drag a document to another month
  const r = p.locator('[role="row"][aria-rowindex="3"]'); const name = await r.textContent();
  const b = await r.boundingBox(); const t = await item("juin 2026").boundingBox();
  await p.mouse.move(b.x + 80, b.y + 10); await p.mouse.down(); await p.mouse.move(b.x + 60, b.y + 20); await p.mouse.move(t.x + 60, t.y + 10, { steps: 8 }); await p.waitForTimeout(200);
  await p.screenshot({ path: "/tmp/b1.png" });
  await p.mouse.up(); await p.waitForTimeout(300); await p.screenshot({ path: "/tmp/b2.png" });
  console.log("undo", await p.evaluate(() => platform.asked.filter(a => a.name === "execute").at(-1).payload));
  // cross-theme
  await p.locator('[role="row"][aria-rowindex="2"]').click({ position: { x: 80, y: 10 } });
  await p.keyboard.press("Control+Shift+m"); await p.waitForTimeout(300); await p.keyboard.type("plaq"); await p.waitForTimeout(200); await p.screenshot({ path: "/tmp/b3.png" });
  await p.keyboard.press("Enter"); await p.waitForTimeout(300); await p.screenshot({ path: "/tmp/b4.png" });
  await p.keyboard.press("Escape"); await p.waitForTimeout(200);
  // external file drag
  await p.evaluate(() => { const dt = new DataTransfer(); dt.items.add(new File(["x"], "a.pdf")); const el = [...document.querySelectorAll('[role="treeitem"]')].find(e => e.textContent.includes("Ventes")); const q = el.getBoundingClientRect(); el.dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, clientX: q.x + 30, clientY: q.y + 10, dataTransfer: dt })); });
  await p.waitForTimeout(900); await p.screenshot({ path: "/tmp/b5.png" });
  // drag out of window
  p = await open("client=0&year");
  await p.locator('[role="treeitem"]', { hasText: "05 À classer" }).first().click(); await p.waitForTimeout(300);
  await p.evaluate(() => { platform.shell.startDragOut = async (d) => { window.out = d; }; });
  const r2 = await p.locator('[role="row"][aria-rowindex="2"]').boundingBox();
  await p.mouse.move(r2.x + 80, r2.y + 10); await p.mouse.down(); await p.mouse.move(r2.x + 200, r2.y + 50, { steps: 3 }); await p.mouse.move(1300, 400, { steps: 4 }); await p.waitForTimeout(100);
  console.log("out", await p.evaluate(() => window.out)); await p.mouse.up();
  // zip + offline + versions
  await p.screenshot({ path: "/tmp/b6.png" });
};
