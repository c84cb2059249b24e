/** What every test of the interface stands on. */
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(() => cleanup());

// happy-dom lays nothing out: virtual lists would see a window of no height and show no row.
Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, get: () => 640 });
Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, get: () => 1000 });
