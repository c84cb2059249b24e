/** Gives the host to the screens, so that a test hands them another one. */
import { createContext, useContext, type ReactNode } from "react";
import type { Platform } from "./platform";

const Context = createContext<Platform | null>(null);

export function PlatformProvider({ platform, children }: { platform: Platform; children: ReactNode }) {
  return <Context value={platform}>{children}</Context>;
}

/** The host of this page. */
export function usePlatform(): Platform {
  const platform = useContext(Context);
  if (!platform) throw new Error("BUG: no platform around this screen");
  return platform;
}
