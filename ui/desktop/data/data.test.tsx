import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderPiece } from "../../e2e/fake/render";
import { Button } from "../../kit/Button";
import { useCall, useExecute, useUndo } from "./calls";
import { newId } from "./id";

test("ids are UUIDs of version 7 that sort by the moment they were made", () => {
  const id = newId(Date.UTC(2026, 10, 21));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(Date.UTC(2026, 10, 21));
  expect(newId(1_000) < newId(2_000)).toBe(true);
  expect(newId(1_000)).not.toBe(newId(1_000));
});

function FirstClient() {
  const { data } = useCall("list_client_files", { search: "", unread_only: false, offline_only: false, offset: 0, limit: 1 });
  const execute = useExecute();
  const undo = useUndo();
  const row = data?.rows[0];
  if (!row) return null;
  const rename = () =>
    void execute("update_client_file", [
      { kind: "update_client_file", client_file: row.id, name: { seen: row.name, value: "Alter Ego" }, siren: null },
    ]);
  return (
    <>
      <h1>{row.name}</h1>
      <Button onPress={rename}>Rename</Button>
      <Button onPress={() => void undo("undo")}>Undo</Button>
      <Button onPress={() => void undo("redo")}>Redo</Button>
    </>
  );
}

test("an action shows at once, says so, and its toast undoes it", async () => {
  const user = userEvent.setup();
  renderPiece(<FirstClient />);
  expect((await screen.findByRole("heading")).textContent).toBe("Alter Ce");
  await user.click(screen.getByText("Rename"));
  await waitFor(() => expect(screen.getByRole("heading").textContent).toBe("Alter Ego"));
  expect(screen.getByText("Client modifié")).toBeTruthy();
  await user.click(screen.getByText("Annuler"));
  await waitFor(() => expect(screen.getByRole("heading").textContent).toBe("Alter Ce"));
  expect(screen.getByText(/Annulé.*la modification du client/)).toBeTruthy();
  await user.click(screen.getByText("Rétablir"));
  await waitFor(() => expect(screen.getByRole("heading").textContent).toBe("Alter Ego"));
});

test("with nothing to undo or redo, that is what is said", async () => {
  const user = userEvent.setup();
  renderPiece(<FirstClient />);
  await user.click(await screen.findByText("Undo"));
  expect(await screen.findByText("Il n’y a rien à annuler.")).toBeTruthy();
  await user.click(screen.getByText("Redo"));
  expect(await screen.findByText("Il n’y a rien à rétablir.")).toBeTruthy();
});

test("a failure is said in words, and stays", async () => {
  const user = userEvent.setup();
  const { platform } = renderPiece(<FirstClient />);
  platform.fail("execute", "denied");
  await user.click(await screen.findByText("Rename"));
  expect(await screen.findByText(/Vous n’avez pas le droit de faire cela/)).toBeTruthy();
  expect(screen.getByRole("heading").textContent).toBe("Alter Ce");
});

test("a screen reads again only what an event's tags concern", async () => {
  const { platform } = renderPiece(<FirstClient />);
  await screen.findByText("Alter Ce");
  const asked = () => platform.asked.filter(({ name }) => name === "list_client_files").length;
  expect(asked()).toBe(1);
  const [client] = platform.firm.clients;
  if (client) client.name = "Alter Nova";
  act(() => platform.changed("people"));
  expect(asked()).toBe(1);
  act(() => platform.changed("client_files"));
  expect(await screen.findByText("Alter Nova")).toBeTruthy();
  expect(asked()).toBe(2);
});
