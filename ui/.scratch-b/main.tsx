import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import "../kit/tokens.css";
import { DocumentsWorkspace } from "../desktop/documents/DocumentsWorkspace";
import { ImportsProvider } from "../desktop/imports/Imports";
import { makeQueryClient, invalidateTags } from "../desktop/data/calls";
import { FakePlatform } from "../e2e/fake/platform";
import { WordsProvider } from "../i18n/i18n";
import { ToastProvider } from "../kit/Toast";
import { PlatformProvider } from "../platform/PlatformContext";

const q = new URLSearchParams(location.search);
const platform = new FakePlatform({ large: q.has("large") });
if (q.has("offline")) platform.connection = "offline";
if (q.has("browser")) Object.assign(platform.capabilities, { openWithProgram: false, reveal: false, dragOut: false });
document.documentElement.dataset.theme = q.get("theme") ?? "light";
const client = makeQueryClient();
platform.subscribe((e) => { if (e.event === "changed") void invalidateTags(client, e.tags); });
Object.assign(window, { platform });
const c = platform.firm.clients[Number(q.get("client") ?? 0)]!;
function App() {
  const [year, setYear] = useState<string | null>(q.has("year") ? c.fiscalYears[0]!.id : null);
  useEffect(() => Object.assign(window, { setYear }), []);
  return (
    <div style={{ display: "flex", height: "100vh" }}>
      <div style={{ width: 200, background: "var(--bg-frame)", borderRight: "1px solid var(--line)" }} />
      <div style={{ flex: 1, minWidth: 0, display: "flex", flexDirection: "column" }}>
        <div style={{ height: 84, flex: "none", borderBottom: "1px solid var(--line)", padding: 16, fontSize: 17 }}>{c.name}</div>
        <div style={{ flex: 1, minHeight: 0 }}>
          <DocumentsWorkspace clientFile={c.id} fiscalYear={year} {...(q.get("folder") ? { folder: q.get("folder")! } : {})} {...(q.get("document") ? { document: q.get("document")! } : {})} />
        </div>
      </div>
    </div>
  );
}
createRoot(document.getElementById("root")!).render(
  <PlatformProvider platform={platform}>
    <WordsProvider language={q.get("lang") === "en" ? "en" : "fr"}>
      <QueryClientProvider client={client}>
        <ToastProvider>
          <ImportsProvider>
            <App />
          </ImportsProvider>
        </ToastProvider>
      </QueryClientProvider>
    </WordsProvider>
  </PlatformProvider>,
);
