/** The product's entry: the same interface in the desktop's window and in a page served by the engine. */
import { httpPlatform } from "../platform/http";
import { isTauri, tauriPlatform } from "../platform/tauri";
import { start } from "./app/start";

start(isTauri() ? tauriPlatform() : httpPlatform());
