/** Sign-in, or the frame with the current place. */
import { useIsFetching } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { asFailure } from "../../platform/platform";
import { usePlatform } from "../../platform/PlatformContext";
import { useCall } from "../data/calls";
import { SignIn } from "../signin/SignIn";
import { BrokenScreen } from "./BrokenScreen";
import { Frame } from "./Frame";

export function Root() {
  const { data: settings, error, refetch } = useCall("get_settings", {});
  const status = useCall("get_sync_status", {}).data;
  if (error) return <BrokenScreen error={error} onRetry={() => void refetch()} />;
  if (!settings) return null;
  if (settings.email === null || status?.connection === "signed_out") {
    return (
      <>
        <Ready />
        <SignIn />
      </>
    );
  }
  return (
    <>
      <Ready />
      <Frame>
        <Outlet />
      </Frame>
    </>
  );
}

/** Tells the host, once, that the first screen shows its data: nothing is being read and it has been painted. */
function Ready() {
  const platform = usePlatform();
  const told = useRef(false);
  const idle = useIsFetching() === 0;
  useEffect(() => {
    if (!idle || told.current) return;
    let frame = requestAnimationFrame(() => {
      // A frame asked for in a frame comes after the first one was painted.
      frame = requestAnimationFrame(() => {
        told.current = true;
        platform.shell.ready().catch((cause: unknown) => console.error(asFailure(cause).message));
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [idle, platform]);
  return null;
}
