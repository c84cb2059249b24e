/** The whole interface, or one piece of it, over a firm in memory, for component tests. */
import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { App, Surroundings } from "../../desktop/app/App";
import { makeRouter } from "../../desktop/app/router";
import { makeQueryClient } from "../../desktop/data/calls";
import { FakePlatform } from "./platform";

/** The interface at an address. */
export function renderApp(path: string, platform = new FakePlatform()) {
  const queryClient = makeQueryClient();
  const router = makeRouter({ platform, queryClient }, createMemoryHistory({ initialEntries: [path] }));
  return { platform, router, ...render(<App platform={platform} queryClient={queryClient} router={router} />) };
}

/** One piece, with all that surrounds it but the router. */
export function renderPiece(children: ReactNode, platform = new FakePlatform()) {
  const queryClient = makeQueryClient();
  const result = render(
    <Surroundings platform={platform} queryClient={queryClient}>
      {children}
    </Surroundings>,
  );
  return { platform, queryClient, ...result };
}
