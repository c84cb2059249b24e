/** The client file of the current address. */
import { useParams } from "@tanstack/react-router";
import type { ClientFileView } from "../../protocol/protocol";
import { useCall } from "../data/calls";

export function useClient(): ClientFileView | undefined {
  const { client } = useParams({ from: "/clients/$client" });
  return useCall("get_client_file", { client_file: client }).data;
}
