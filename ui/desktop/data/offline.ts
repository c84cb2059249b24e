/** Makes a client file available offline, or some of its fiscal years, or not; the first time, in the folder proposed for the mirror. */
import { useCallback } from "react";
import { useWords } from "../../i18n/i18n";
import type { ClientFileId, FiscalYearId } from "../../protocol/protocol";
import { useCall, useRun } from "./calls";

export function useSetOffline() {
  const run = useRun();
  const { m } = useWords();
  const settings = useCall("get_settings", {}).data;
  return useCallback(
    async (client: { id: ClientFileId; name: string }, offline: boolean, years: FiscalYearId[] | null = null): Promise<void> => {
      if (offline && settings?.mirror_root === null) {
        const request = { mirror_root: settings.proposed_mirror_root, language: null, bandwidth: null };
        const chosen = await run("change_settings", request, { quiet: true });
        if (!chosen.ok) return;
      }
      const said = !offline
        ? m.clients.madeOnline(client.name)
        : years === null
          ? m.clients.madeOffline(client.name)
          : m.clients.madeYearsOffline(client.name, years.length);
      await run("set_offline", { client_files: [client.id], offline, years }, { said });
    },
    [run, m, settings],
  );
}
