import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { renderApp } from "../../e2e/fake/render";
import { FakePlatform } from "../../e2e/fake/platform";

beforeEach(() => localStorage.clear());

/** The button that says what of a client file is kept; typography puts narrow spaces before the colon. */
const kept = (name: string, said: string) => new RegExp(`^Ce qui est gardé de ${name}\\s:\\s${said}$`);
const asked = (platform: FakePlatform) => platform.asked.filter((call) => call.name === "set_offline").map((call) => call.payload);

test("a client file kept offline says what of it, and its fiscal years are chosen one by one", async () => {
  const user = userEvent.setup();
  const platform = new FakePlatform();
  const client = platform.firm.clients.find((each) => each.offline && each.fiscalYears.length === 2)!;
  const [latest, before] = client.fiscalYears;
  renderApp(`/clients/${client.id}/documents`, platform);
  await user.click(await screen.findByRole("button", { name: kept(client.name, "Tout") }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.queryAllByRole("checkbox"), "all of it needs no choice").toHaveLength(0);
  await user.click(dialog.getByRole("radio", { name: /^Exercices choisis/ }));
  const boxes = dialog.getAllByRole<HTMLInputElement>("checkbox");
  expect(boxes.map((box) => box.checked), "the latest to begin with").toEqual([true, false]);
  await user.click(boxes[1]!);
  await user.click(boxes[0]!);
  await user.click(dialog.getByRole("button", { name: "Enregistrer" }));
  expect(asked(platform)).toEqual([{ client_files: [client.id], offline: true, years: [before!.id] }]);
  const said = await screen.findByRole("button", { name: kept(client.name, "1\\sexercice") });

  await user.click(said);
  const again = within(await screen.findByRole("dialog"));
  expect(again.getAllByRole<HTMLInputElement>("checkbox").map((box) => box.checked), "as it was chosen").toEqual([false, true]);
  await user.click(again.getByRole("radio", { name: /^Rien/ }));
  await user.click(again.getByRole("button", { name: "Enregistrer" }));
  expect(asked(platform).at(-1)).toEqual({ client_files: [client.id], offline: false, years: null });
  await waitFor(() => expect(screen.queryByRole("button", { name: /^Ce qui est gardé/ })).toBeNull());
  expect(latest).toBeDefined();
});

test("the switch keeps all of a client file", async () => {
  const user = userEvent.setup();
  const platform = new FakePlatform();
  const client = platform.firm.clients.find((each) => !each.offline)!;
  renderApp(`/clients/${client.id}/documents`, platform);
  await user.click(await screen.findByRole("switch", { name: "Disponible hors ligne" }));
  expect(asked(platform)).toEqual([{ client_files: [client.id], offline: true, years: null }]);
  expect(await screen.findByRole("button", { name: kept(client.name, "Tout") })).toBeTruthy();
});

test("settings lead to the same choice", async () => {
  const user = userEvent.setup();
  const platform = new FakePlatform();
  const client = platform.firm.clients.find((each) => each.offline)!;
  renderApp("/parametres", platform);
  await user.type(await screen.findByLabelText("Rechercher un client"), client.name);
  await user.click(await screen.findByRole("button", { name: kept(client.name, "Tout") }));
  expect(await screen.findByRole("dialog", { name: `${client.name} sur ce poste` })).toBeTruthy();
});
