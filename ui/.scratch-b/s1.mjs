export default async (open) => {
  const p = await open("year");
  await p.waitForTimeout(500); await p.screenshot({ path: "/tmp/b1.png" });
  const row = p.locator('[role="row"][aria-rowindex="3"]'); await row.click(); await p.waitForTimeout(1500);
  await p.screenshot({ path: "/tmp/b2.png" });
};
