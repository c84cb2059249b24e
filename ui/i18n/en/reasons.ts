/** Why a file waits or is blocked, and what to do. */
import type { Reason } from "../../protocol/protocol";

export const reasons = {
  queued: "In the queue: its turn comes.",
  offline: "The server does not answer: Gédéon goes on when the connection is back.",
  in_use: "Open in a program: close it and Gédéon goes on by itself.",
  changing: "Still being written: will leave once it is finished.",
  no_permission: "This workstation may not read or write it: check the file’s permissions.",
  invalid_name: "Its name cannot be written on every disk: rename it.",
  name_taken: "Another file of the folder has the same name: rename one of them.",
  path_too_long: "Its path is too long for Excel: shorten its name, or a folder’s.",
  not_a_file: "It is a link or a special file, which Gédéon does not follow. Copy the file itself.",
  too_large: "More than 64 GB: too large for the GED. Split it, or keep it outside of the clients’ folders.",
  disk_full: "No room left on this disk: free some and Gédéon goes on by itself.",
  disk_nearly_full: "Little room left on this disk: free some, receiving goes on by itself. Sending is not held up.",
  server_full: "No room left on the server: tell your administrator. The file is kept here.",
  refused: "The server refused this change. Your work is kept.",
  disk_error: "The disk answers with an error: tried again by itself. If it lasts, check the disk.",
  removal_held: "Deleted here with many others: nothing is deleted on the server before your answer.",
  edit_held: "Its contents look encrypted, as those of other files do: nothing is sent before your answer.",
  sight_lost: "The server no longer shows these folders: the copies stay here until its second answer, in a minute.",
  damaged: "The bytes are not the ones expected: Gédéon reads them again from the other side.",
  mirror_away: "The mirrored folder is not there: plug its disk in again, or choose another in Settings.",
  other_mirror: "This folder is the mirror of somebody else, or of another profile: choose another in Settings.",
  outside_client: "Outside of any client’s folder: move it into one.",
} satisfies Record<Reason, string>;
