/** Everything that surrounds the screens: host, language, data, toasts, live events. */
import { QueryClientProvider, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useEffectEvent, type ReactNode } from "react";
import { useWords, WordsProvider } from "../../i18n/i18n";
import { ToastProvider, useToasts } from "../../kit/Toast";
import type { Platform } from "../../platform/platform";
import { PlatformProvider, usePlatform } from "../../platform/PlatformContext";
import { invalidateTags, useCall } from "../data/calls";
import type { AppRouter } from "./router";
import { followSystemTheme } from "./theme";

export function App({ platform, queryClient, router }: { platform: Platform; queryClient: QueryClient; router: AppRouter }) {
  useEffect(followSystemTheme, []);
  return (
    <Surroundings platform={platform} queryClient={queryClient}>
      <RouterProvider router={router} />
    </Surroundings>
  );
}

/** What every screen stands in; tests put a single screen in it. */
export function Surroundings({ platform, queryClient, children }: { platform: Platform; queryClient: QueryClient; children: ReactNode }) {
  return (
    <QueryClientProvider client={queryClient}>
      <PlatformProvider platform={platform}>
        <Language>
          <ToastProvider>
            <LiveEvents />
            {children}
          </ToastProvider>
        </Language>
      </PlatformProvider>
    </QueryClientProvider>
  );
}

function Language({ children }: { children: ReactNode }) {
  const settings = useCall("get_settings", {});
  const language = settings.data?.language === "en" ? "en" : "fr";
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  // The first sentence shown is already in the right language: settings are on this machine.
  if (settings.isPending) return null;
  return <WordsProvider language={language}>{children}</WordsProvider>;
}

/** Reads again what changed, and tells what the engine has to tell. */
function LiveEvents() {
  const platform = usePlatform();
  const client = useQueryClient();
  const toasts = useToasts();
  const { m } = useWords();
  const notice = useEffectEvent((code: string, details: Record<string, string>) => {
    const sentence = m.shell.notices[code];
    if (sentence) toasts.show({ tone: "plain", text: sentence(details) });
    else console.warn(`unknown notice ${code}`);
  });
  useEffect(
    () =>
      platform.subscribe((event) => {
        if (event.event === "changed") void invalidateTags(client, event.tags);
        else notice(event.code, event.details);
      }),
    [platform, client],
  );
  return null;
}
