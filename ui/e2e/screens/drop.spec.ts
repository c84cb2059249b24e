/** A drop of files on the window, as a browser makes it. */
import { expect, test } from "@playwright/test";

test("files dropped on a client say where they will go, then how many went", async ({ page }) => {
  await page.goto("/#/clients");
  const row = page.getByRole("row", { name: "Garage Ferrand" });
  const box = await row.boundingBox();
  if (!box) throw new Error("the row is not on screen");
  const at = { clientX: box.x + 80, clientY: box.y + 10 };
  const dataTransfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["%PDF-1.4"], "Facture.pdf", { type: "application/pdf" }));
    data.items.add(new File(["x"], "Relevé de mars.csv", { type: "text/csv" }));
    return data;
  });
  await row.dispatchEvent("dragover", { dataTransfer, ...at, bubbles: true });
  await expect(page.getByText("Déposer dans À classer de Garage Ferrand")).toBeVisible();
  await expect(row).toHaveAttribute("data-drop-over", "");
  await row.dispatchEvent("drop", { dataTransfer, ...at, bubbles: true });
  await expect(page.getByText("2 fichiers ajoutés dans Garage Ferrand")).toBeVisible();
  await expect(row).not.toHaveAttribute("data-drop-over", "");
});
