/** What every test of the interface stands on. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(() => cleanup());

// A wait ends as soon as what it waits for is there; the limit only has to hold on a busy machine.
configure({ asyncUtilTimeout: 8_000 });

// happy-dom lays nothing out: virtual lists would see a window of no height and show no row.
for (const [side, size] of [
  ["Height", 640],
  ["Width", 1000],
] as const) {
  for (const box of ["client", "offset"]) {
    Object.defineProperty(HTMLElement.prototype, `${box}${side}`, { configurable: true, get: () => size });
  }
}

// happy-dom tells of a selection within the call that changes it, where browsers do later: a date field that tidies the
// selection when it changes would never end.
Selection.prototype.collapse = () => undefined;
