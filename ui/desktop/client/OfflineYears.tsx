/** Which fiscal years of a client file are kept on this disk: a button that says it, and the dialog that changes it. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Checkbox, RadioGroup } from "../../kit/Choice";
import { Dialog } from "../../kit/Dialog";
import type { ClientFileRow, FiscalYearId } from "../../protocol/protocol";
import { useCall } from "../data/calls";
import { useSetOffline } from "../data/offline";
import screen from "../shell/screen.module.css";
import styles from "./client.module.css";

/** Only where something is kept: the switch beside it begins. */
export function OfflineYears({ row }: { row: ClientFileRow }) {
  const { m } = useWords();
  const [open, setOpen] = useState(false);
  if (!row.offline) return null;
  const words = m.client.offlineYears;
  const said = row.offline_years === null ? words.everything : words.some(row.offline_years.length);
  return (
    <>
      <Button size="small" aria-label={words.open(row.name, said)} onPress={() => setOpen(true)}>
        {said}
      </Button>
      {open && <Choice row={row} onClose={() => setOpen(false)} />}
    </>
  );
}

type Keep = "everything" | "years" | "nothing";

function Choice({ row, onClose }: { row: ClientFileRow; onClose: () => void }) {
  const { m, f } = useWords();
  const words = m.client.offlineYears;
  const setOffline = useSetOffline();
  const years = useCall("get_client_file", { client_file: row.id }).data?.fiscal_years;
  const [keep, setKeep] = useState<Keep>(row.offline_years === null ? "everything" : "years");
  const [chosen, setChosen] = useState<ReadonlySet<FiscalYearId> | null>(row.offline_years && new Set(row.offline_years));
  if (!years) return null;
  // Until somebody chooses, the latest: what most work is done in.
  const selected = chosen ?? new Set(years.slice(0, 1).map((year) => year.id));

  const choose = (id: FiscalYearId, wanted: boolean) => {
    const next = new Set(selected);
    if (wanted) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  const save = async () => {
    onClose();
    const kept = years.filter((year) => selected.has(year.id)).map((year) => year.id);
    await setOffline(row, keep !== "nothing", keep === "years" ? kept : null);
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.title(row.name)}
      onSubmit={() => void save()}
      foot={
        <>
          <Button onPress={onClose}>{m.common.cancel}</Button>
          <Button type="submit" tone="primary">
            {m.common.save}
          </Button>
        </>
      }
    >
      <RadioGroup<Keep>
        label={words.label}
        value={keep}
        onChange={setKeep}
        options={[
          { id: "everything", label: words.everything, hint: words.everythingHint },
          { id: "years", label: words.years, hint: words.yearsHint },
          { id: "nothing", label: words.nothing, hint: words.nothingHint },
        ]}
      />
      {keep === "years" && (
        <div className={styles.keptYears} role="group" aria-label={words.years}>
          {years.map((year) => (
            <Checkbox
              key={year.id}
              label={m.client.yearTo(f.shortDate(year.end))}
              isSelected={selected.has(year.id)}
              onChange={(wanted) => choose(year.id, wanted)}
            />
          ))}
          {years.length === 0 && <p className={screen.hint}>{words.noYears}</p>}
        </div>
      )}
    </Dialog>
  );
}
