/** The English catalogue. */
import { actions, undo } from "./en/actions";
import { client, clients } from "./en/clients";
import { common } from "./en/common";
import { documents } from "./en/documents";
import { failures } from "./en/failures";
import { imports } from "./en/imports";
import { palette } from "./en/palette";
import { reasons } from "./en/reasons";
import { settings } from "./en/settings";
import { shell } from "./en/shell";
import { signIn } from "./en/signin";
import { sync } from "./en/sync";
import { toCheck, trash } from "./en/tocheck";
import type { Messages } from "./fr";

export const en = {
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
} satisfies Messages;
