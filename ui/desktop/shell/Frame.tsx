/** The frame around every place: rail, banners, palette, sync panel, imports, and the shortcuts of the whole window. */
import { useMemo, useState, type ReactNode } from "react";
import { useShortcut } from "../../kit/keys";
import { AddClient } from "../clients/AddClient";
import { useUndo } from "../data/calls";
import { ImportsProvider } from "../imports/Imports";
import { Palette } from "../palette/Palette";
import { OpeningProvider } from "../preview/Opening";
import { SyncPanel } from "../sync/SyncPanel";
import { Banners } from "./Banners";
import styles from "./Frame.module.css";
import { OpenContext, type Openings } from "./openings";
import { Rail } from "./Rail";

export function Frame({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<"palette" | "sync" | "add-client" | null>(null);
  const undo = useUndo();
  const openings = useMemo<Openings>(
    () => ({
      palette: () => setOpen("palette"),
      sync: () => setOpen("sync"),
      addClient: () => setOpen("add-client"),
    }),
    [],
  );
  const close = () => setOpen(null);
  useShortcut("mod+k", openings.palette, { inFields: true });
  useShortcut("mod+z", () => void undo("undo"));
  useShortcut("mod+shift+z", () => void undo("redo"));
  useShortcut("mod+y", () => void undo("redo"));
  return (
    <OpenContext value={openings}>
      <ImportsProvider>
        <OpeningProvider>
          <div className={styles.frame}>
            <Banners />
            <div className={styles.row}>
              <Rail />
              {children}
            </div>
          </div>
          <Palette isOpen={open === "palette"} onClose={close} />
          <SyncPanel isOpen={open === "sync"} onClose={close} />
          {open === "add-client" && <AddClient onClose={close} />}
        </OpeningProvider>
      </ImportsProvider>
    </OpenContext>
  );
}
