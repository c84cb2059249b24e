/** Names of client files by id, for lists that span several. Read once, in as few windows as it takes. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { usePlatform } from "../../platform/PlatformContext";
import type { ClientFileId } from "../../protocol/protocol";
import { callOptions } from "../data/calls";

const WINDOW = 500;

export function useClientNames(): (id: ClientFileId) => string {
  const platform = usePlatform();
  const client = useQueryClient();
  const { data } = useQuery({
    // Under the key of the windows it reads, so that what invalidates them invalidates it.
    queryKey: ["list_client_files", "names"],
    queryFn: async () => {
      const names = new Map<ClientFileId, string>();
      for (let offset = 0, total = 1; offset < total; offset += WINDOW) {
        const payload = { search: "", unread_only: false, offline_only: false, offset, limit: WINDOW };
        const page = await client.fetchQuery(callOptions(platform, "list_client_files", payload));
        for (const row of page.rows) names.set(row.id, row.name);
        total = page.total;
      }
      return names;
    },
  });
  return useCallback((id: ClientFileId) => data?.get(id) ?? "", [data]);
}
