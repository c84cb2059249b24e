/** The interface over the firm in memory. `?signed-out`, `?empty`, `?large`, `?offline`, `?expired`, `?update`, `?quiet`. */
import { start } from "../../desktop/app/start";
import { FakePlatform } from "./platform";

const wanted = new URLSearchParams(window.location.search);
const platform = new FakePlatform({ signedIn: !wanted.has("signed-out"), empty: wanted.has("empty"), large: wanted.has("large") });
platform.upToDate = wanted.has("quiet");
if (wanted.has("offline")) platform.connection = "offline";
if (wanted.has("expired")) platform.connection = "session_expired";
if (wanted.has("update")) platform.connection = "update_needed";
if (wanted.has("collaborator")) platform.me = 2;

start(platform);
