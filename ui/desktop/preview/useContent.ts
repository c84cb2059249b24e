/** The bytes of a version, read once: a version never changes. Asks again by itself when the server is back. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { usePlatform } from "../../platform/PlatformContext";
import type { NodeId, VersionId } from "../../protocol/protocol";
import { useCall } from "../data/calls";

/** Bytes above which a document is left to the user's own program. */
export const PREVIEW_LIMIT = 150_000_000;
/** How long bytes stay in memory once off screen, in milliseconds: going back and forth in a list stays instant. */
const KEPT = 60_000;

export function useContent(document: NodeId, version: VersionId, enabled: boolean) {
  const platform = usePlatform();
  const query = useQuery({
    queryKey: ["content", document, version],
    queryFn: () => platform.fetchContent(document, version),
    gcTime: KEPT,
    enabled,
  });
  const connection = useCall("get_sync_status", {}).data?.connection;
  const { isError, refetch } = query;
  useEffect(() => {
    if (connection === "online" && isError) void refetch();
    // A failure does not ask again by itself: only the connection's return does.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [connection]);
  return query;
}
