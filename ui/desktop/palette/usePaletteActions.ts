/** Actions of the palette: places, and what any screen can do. */
import { useNavigate } from "@tanstack/react-router";
import { useWords } from "../../i18n/i18n";
import { usePlatform } from "../../platform/PlatformContext";
import { useCall, useRun, useUndo } from "../data/calls";
import { useMe } from "../data/people";
import { useOpenings } from "../shell/openings";
import type { PaletteAction } from "./entries";

export function usePaletteActions(): PaletteAction[] {
  const { m } = useWords();
  const words = m.palette;
  const navigate = useNavigate();
  const platform = usePlatform();
  const openings = useOpenings();
  const run = useRun();
  const undo = useUndo();
  const me = useMe();
  const paused = useCall("get_sync_status", {}).data?.connection === "paused";
  const actions: (PaletteAction | false)[] = [
    { id: "clients", label: words.goClients, icon: "clients", run: () => void navigate({ to: "/clients" }) },
    { id: "to-check", label: words.goToCheck, icon: "toCheck", run: () => void navigate({ to: "/a-verifier" }) },
    { id: "trash", label: words.goTrash, icon: "trash", run: () => void navigate({ to: "/corbeille" }) },
    { id: "settings", label: words.goSettings, icon: "settings", run: () => void navigate({ to: "/parametres" }) },
    me !== undefined &&
      me.role !== "collaborator" && { id: "add-client", label: words.addClient, icon: "plus", run: openings.addClient },
    { id: "undo", label: words.undo, icon: "undo", shortcut: "mod+z", run: () => void undo("undo") },
    { id: "redo", label: words.redo, icon: "redo", shortcut: "mod+shift+z", run: () => void undo("redo") },
    { id: "sync", label: words.openSync, icon: "sync", run: openings.sync },
    {
      id: "pause",
      label: paused ? words.resume : words.pause,
      icon: paused ? "play" : "pause",
      run: () => void run("set_paused", { paused: !paused }),
    },
    { id: "retry", label: words.retry, icon: "sync", run: () => void run("retry_now", {}) },
    platform.capabilities.reveal && {
      id: "mirror",
      label: words.openMirror,
      icon: "folderOpen",
      run: () => void platform.shell.openMirrorFolder(),
    },
    { id: "sign-out", label: words.signOut, icon: "lock", run: () => void run("sign_out", {}) },
  ];
  return actions.filter((action) => action !== false);
}
