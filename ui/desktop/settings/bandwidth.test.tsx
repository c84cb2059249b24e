import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { renderApp } from "../../e2e/fake/render";
import { FakePlatform } from "../../e2e/fake/platform";

beforeEach(() => localStorage.clear());

test("limits are set with their hours, and what makes no sense is said beside its field", async () => {
  const user = userEvent.setup();
  const platform = new FakePlatform();
  renderApp("/parametres", platform);
  const up = await screen.findByLabelText("Envoi (Ko/s)");
  await user.type(up, "3");
  await user.click(screen.getByRole("checkbox", { name: /Seulement aux heures de bureau/ }));
  const from = screen.getByLabelText<HTMLInputElement>("De");
  expect([from.value, screen.getByLabelText<HTMLInputElement>("À").value]).toEqual(["08:00", "19:00"]);
  await user.clear(from);
  await user.type(from, "midi");
  const save = () => user.click(up.closest("form")!.querySelector("button[type=submit]")!);
  await save();
  expect(screen.getByText(/au moins 16/)).toBeTruthy();
  expect(screen.getByText("Une heure, comme 8:00.")).toBeTruthy();
  const changes = () => platform.asked.filter((call) => call.name === "change_settings").map((call) => call.payload);
  expect(changes(), "nothing was asked").toEqual([]);
  await user.clear(up);
  await user.type(up, "500");
  await user.clear(from);
  await user.type(from, "8h30");
  await user.click(screen.getByRole("checkbox", { name: "samedi" }));
  await save();
  const hours = { days: [1, 2, 3, 4, 5, 6], from: 510, to: 1140 };
  expect(changes()).toEqual([{ mirror_root: null, language: null, bandwidth: { up: 500, down: null, hours } }]);
  expect(await screen.findByText("Débit enregistré")).toBeTruthy();
});

test("the sync panel says how long it takes, and nothing where nobody knows", async () => {
  const user = userEvent.setup();
  const platform = new FakePlatform();
  renderApp("/clients", platform);
  await user.click(await screen.findByRole("button", { name: /^Synchronisation/ }));
  expect((await screen.findByText(/^Temps restant/)).textContent?.replace(/\s/g, " ")).toBe("Temps restant : environ 4 min");
  platform.upToDate = true;
  platform.changed("sync");
  await screen.findByText("Tout est des deux côtés : ici et sur le serveur.");
  expect(screen.queryByText(/^Temps restant/)).toBeNull();
});
