/** The French catalogue: the reference, and the type that every other language fills. */
import { actions, undo } from "./fr/actions";
import { client, clients } from "./fr/clients";
import { common } from "./fr/common";
import { documents } from "./fr/documents";
import { failures } from "./fr/failures";
import { imports } from "./fr/imports";
import { palette } from "./fr/palette";
import { reasons } from "./fr/reasons";
import { settings } from "./fr/settings";
import { shell } from "./fr/shell";
import { signIn } from "./fr/signin";
import { sync } from "./fr/sync";
import { toCheck, trash } from "./fr/tocheck";
import { spacedCatalogue } from "./typography";

export const fr = spacedCatalogue({
  actions,
  client,
  clients,
  common,
  documents,
  failures,
  imports,
  palette,
  reasons,
  settings,
  shell,
  signIn,
  sync,
  toCheck,
  trash,
  undo,
});

export type Messages = typeof fr;
