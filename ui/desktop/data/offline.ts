/** Makes a client file available offline, or not; the first time, in the folder proposed for the mirror. */
import { useCallback } from "react";
import { useWords } from "../../i18n/i18n";
import type { ClientFileId } from "../../protocol/protocol";
import { useCall, useRun } from "./calls";

export function useSetOffline() {
  const run = useRun();
  const { m } = useWords();
  const settings = useCall("get_settings", {}).data;
  return useCallback(
    async (client: { id: ClientFileId; name: string }, offline: boolean): Promise<void> => {
      if (offline && settings?.mirror_root === null) {
        const chosen = await run("change_settings", { mirror_root: settings.proposed_mirror_root, language: null }, { quiet: true });
        if (!chosen.ok) return;
      }
      const said = offline ? m.clients.madeOffline(client.name) : m.clients.madeOnline(client.name);
      await run("set_offline", { client_files: [client.id], offline }, { said });
    },
    [run, m, settings],
  );
}
