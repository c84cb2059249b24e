/** Puts the interface in the page, over a host. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../../kit/fonts.css";
import "../../kit/tokens.css";
import type { Platform } from "../../platform/platform";
import { makeQueryClient } from "../data/calls";
import { App } from "./App";
import { makeRouter } from "./router";
import { applyTheme, storedTheme } from "./theme";

/**
 * React Aria writes a style element for what can be pressed, unless an element of this id is there. The content security
 * policy refuses style elements; `tokens.css` holds the same rule.
 */
function takePlaceOfPressableStyle(): void {
  const place = document.createElement("meta");
  place.id = "react-aria-pressable-style";
  document.head.append(place);
}

export function start(platform: Platform): void {
  const root = document.querySelector("#root");
  if (!root) throw new Error("BUG: the page has no root");
  takePlaceOfPressableStyle();
  applyTheme(storedTheme());
  const queryClient = makeQueryClient();
  const router = makeRouter({ platform, queryClient });
  createRoot(root).render(
    <StrictMode>
      <App platform={platform} queryClient={queryClient} router={router} />
    </StrictMode>,
  );
}
