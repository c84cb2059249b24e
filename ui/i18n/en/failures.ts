/** A sentence for each failure: what happened, what it means, what to do. Values come by `d`. */
import type { FailureCode } from "../../protocol/protocol";
import { makeFormats } from "../formats";
import { enCount } from "../plural";

type Details = Record<string, string>;

const { bytes } = makeFormats("en");

const yearReasons: Record<string, string> = {
  order: "The closing day must come after the first day.",
  too_long: "A fiscal year lasts 24 months at most.",
  overlap: "They overlap another one: choose a first day after its closing.",
};

const linkReasons: Record<string, string> = {
  used: "This link was already used. Sign in with the password chosen then, or ask your administrator for another link.",
  expired: "This link is no longer valid: its time is over, or another one replaced it. Ask your administrator for another one.",
  unknown: "This link does not exist: part of it may be missing. Copy it whole, or ask your administrator for another one.",
};

/** Refusals that no access would lift. */
const deniedReasons: Record<string, string> = {
  other_client_file: "A document or a folder stays in its client file. Nothing changed. To have it with another client, drop a copy there.",
  oneself: "Nobody suspends their own access. Nothing changed. Ask another administrator.",
  joined: "This person has already joined the firm: the e-mail address is the one they sign in with. Nothing changed.",
  last_administrator: "This is the firm’s last administrator: there must be one. Name another one first.",
  suspended: "This access is suspended. Nothing changed. An administrator can restore it.",
};

const proposal = (d: Details) => (d.proposal ? ` A name that works: “${d.proposal}”.` : " Choose another one.");

function wait(seconds: string | undefined): string {
  const count = Number(seconds ?? 0);
  if (!count) return "Wait a few minutes";
  return `Wait ${count < 90 ? enCount(count, "second", "seconds") : enCount(Math.ceil(count / 60), "minute", "minutes")}`;
}

/** A limit as people count it: bytes unless it is of files. */
function tooLarge({ limit, unit }: Details): string {
  if (unit === "files") return `These are too many files at once: ${enCount(Number(limit), "file", "files")} at most`;
  return `This is too large${limit ? `: the limit is ${bytes(Number(limit))}` : ""}`;
}

export const failures = {
  bad_request: (_: Details) => "The request was not understood. Nothing changed. Check what you typed, then try again.",
  signed_out: (_: Details) => "Your session has ended. Nothing is lost: sign in again to go on.",
  wrong_password: (_: Details) => "The e-mail address or the password is not right. Check both, then try again.",
  too_many_tries: (d: Details) => `Too many tries. ${wait(d.seconds)}, then try again.`,
  link_invalid: (d: Details) => linkReasons[d.reason ?? ""] ?? "This link cannot be used. Ask your administrator for another one.",
  weak_password: (_: Details) => "This password is too short or too common. Choose at least 12 characters.",
  denied: (d: Details) => deniedReasons[d.reason ?? ""] ?? "You may not do this. Nothing changed. An administrator can give you access.",
  not_found: (_: Details) => "This item no longer exists, or you no longer have access to it. Go back to the list.",
  invalid_name: (d: Details) => `This name cannot be written on every disk.${proposal(d)}`,
  name_taken: (d: Details) => `This name is already taken here.${proposal(d)}`,
  path_too_long: (_: Details) => "The path would be too long for Excel to open the file. Shorten the name, or a folder’s.",
  would_cycle: (_: Details) => "A folder cannot be moved into itself. Choose another place.",
  fixed_folder: (_: Details) => "This folder belongs to the firm’s tree: it cannot be renamed or moved.",
  no_documents_here: (_: Details) => "This folder takes no documents. Choose one of its subfolders.",
  changed_since: (_: Details) => "Somebody changed this item in the meantime: nothing was done. Look at it as it is now, then try again.",
  invalid_email: (_: Details) => "This e-mail address is not valid, or is already used. Check it.",
  invalid_company_number: (_: Details) => "This SIREN is not valid, or another client already has it. Check the nine digits.",
  invalid_fiscal_year: (d: Details) => `These dates are not a fiscal year. ${yearReasons[d.reason ?? ""] ?? "Check the first day and the closing day."}`,
  fiscal_year_gap: (_: Details) => "There is a gap between this fiscal year and its neighbour. Confirm if it is intended.",
  content_missing: (_: Details) => "The file has not reached the server yet. It will open once the workstation that added it has sent it.",
  content_damaged: (_: Details) => "The bytes read are not the ones expected. Nothing was replaced; the file will be read again from the server.",
  too_large: (d: Details) => `${tooLarge(d)}. Reduce it, then try again.`,
  disk_full: (_: Details) => "There is no room left on the disk. Nothing is lost: free some room, the rest follows by itself.",
  offline: (_: Details) => "The server does not answer. Your work is kept here and will leave when the connection is back.",
  update_needed: (_: Details) => "This version of Gédéon is too old for the server. Update it; your files stay readable.",
  local_file: (d: Details) => `The file${d.path ? ` “${d.path}”` : ""} cannot be read or written on this workstation. Check that it exists and that no program holds it.`,
  mirror_place: (d: Details) => d.program ? `This folder ${d.reason?.startsWith("in_") ? "lies in" : "holds"} a folder of ${d.program}, and two programs would undo each other’s work in it. ${d.proposal ? `Take “${d.proposal}” instead.` : "Choose another."}` : "This folder cannot hold your files: it contains something else, or cannot be written. Choose an empty folder.",
  internal: (_: Details) => "A fault of Gédéon prevented this action. Nothing is lost. Try again; if it lasts, tell support.",
} satisfies Record<FailureCode, (details: Details) => string>;
