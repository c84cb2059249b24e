/** Sign-in, or the frame with the current place. */
import { Outlet } from "@tanstack/react-router";
import { useCall } from "../data/calls";
import { SignIn } from "../signin/SignIn";
import { Frame } from "./Frame";

export function Root() {
  const settings = useCall("get_settings", {}).data;
  const status = useCall("get_sync_status", {}).data;
  if (!settings) return null;
  if (settings.email === null || status?.connection === "signed_out") return <SignIn />;
  return (
    <Frame>
      <Outlet />
    </Frame>
  );
}
