/**
 * The places of the product. Addresses live in the fragment, so that a page needs nothing of whoever serves it. A
 * place's first data is read before it shows: it appears complete.
 */
import type { QueryClient } from "@tanstack/react-query";
import {
  createHashHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  redirect,
  type ErrorComponentProps,
  type RouterHistory,
} from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect } from "react";
import type { Platform } from "../../platform/platform";
import { ClientFrame } from "../client/ClientFrame";
import { FiscalYears } from "../client/FiscalYears";
import { Informations } from "../client/Informations";
import { Team } from "../client/Team";
import { ClientsScreen } from "../clients/ClientsScreen";
import { callOptions, useCall } from "../data/calls";
import { SettingsScreen } from "../settings/SettingsScreen";
import { BrokenScreen, UnknownPlace } from "../shell/BrokenScreen";
import { Root } from "../shell/Root";
import { ToCheckScreen } from "../tocheck/ToCheckScreen";
import { TrashScreen } from "../trash/TrashScreen";

interface Context {
  platform: Platform;
  queryClient: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Root,
  errorComponent: ({ error, reset }: ErrorComponentProps) => <BrokenScreen error={error} onRetry={reset} />,
  notFoundComponent: UnknownPlace,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/clients" });
  },
});

const clients = createRoute({ getParentRoute: () => root, path: "/clients", component: ClientsScreen });

const client = createRoute({
  getParentRoute: () => root,
  path: "/clients/$client",
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(callOptions(context.platform, "get_client_file", { client_file: params.client })),
  component: ClientFrame,
});

const clientHome = createRoute({
  getParentRoute: () => client,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/clients/$client/documents", params });
  },
});

const Workspace = lazy(() =>
  import("../documents/DocumentsWorkspace").then((module) => ({ default: module.DocumentsWorkspace })),
);

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

const documents = createRoute({
  getParentRoute: () => client,
  path: "/documents",
  /** The folder and the document shown, and the fiscal year the tree is narrowed to. */
  validateSearch: (search: Record<string, unknown>): { folder?: string; document?: string; year?: string } => ({
    folder: text(search.folder),
    document: text(search.document),
    year: text(search.year),
  }),
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(callOptions(context.platform, "get_tree", { client_file: params.client })),
  component: Documents,
});

function Documents() {
  const { client: clientFile } = documents.useParams();
  const { folder, document, year } = documents.useSearch();
  const navigate = documents.useNavigate();
  // A folder asked for is a request, not a place: once answered it may be asked again.
  const onArrived = useCallback(
    () => void navigate({ search: (now) => ({ year: now.year }), replace: true }),
    [navigate],
  );
  // A document asked for without its folder is asked where it is; one that has gone leaves the reader where they were.
  const sought = useCall("get_document", { document: document ?? "" }, { enabled: document !== undefined && folder === undefined });
  const parent = sought.data?.row.id === document ? sought.data?.row.parent : undefined;
  const place = folder ?? parent;
  const gone = sought.error !== null;
  useEffect(() => {
    if (gone) onArrived();
  }, [gone, onArrived]);
  return (
    <Suspense>
      <Workspace
        key={clientFile}
        clientFile={clientFile}
        folder={document === undefined ? folder : place}
        document={place === undefined ? undefined : document}
        fiscalYear={year ?? null}
        onArrived={onArrived}
      />
    </Suspense>
  );
}

const informations = createRoute({ getParentRoute: () => client, path: "/informations", component: Informations });
const years = createRoute({ getParentRoute: () => client, path: "/exercices", component: FiscalYears });
const team = createRoute({ getParentRoute: () => client, path: "/equipe", component: Team });
const toCheck = createRoute({ getParentRoute: () => root, path: "/a-verifier", component: ToCheckScreen });
const trash = createRoute({ getParentRoute: () => root, path: "/corbeille", component: TrashScreen });
const settings = createRoute({ getParentRoute: () => root, path: "/parametres", component: SettingsScreen });

const tree = root.addChildren([
  home,
  clients,
  client.addChildren([clientHome, documents, informations, years, team]),
  toCheck,
  trash,
  settings,
]);

export function makeRouter(context: Context, history: RouterHistory = createHashHistory()) {
  return createRouter({
    routeTree: tree,
    history,
    context,
    defaultPreload: "intent",
    // The query cache decides what is fresh.
    defaultPreloadStaleTime: 0,
    // Data is on this machine: a place waits for its data rather than flash an empty frame.
    defaultPendingMs: 2_000,
    defaultErrorComponent: ({ error, reset }: ErrorComponentProps) => <BrokenScreen error={error} onRetry={reset} />,
    defaultNotFoundComponent: UnknownPlace,
  });
}

export type AppRouter = ReturnType<typeof makeRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}
