/** «Exercices»: the fiscal years of a client file, and adding one. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { DateField } from "../../kit/DateField";
import { Dialog } from "../../kit/Dialog";
import { EmptyState } from "../../kit/EmptyState";
import { Checkbox } from "../../kit/Choice";
import type { ClientFileView } from "../../protocol/protocol";
import { beside, checkDates, monthsOf, proposedYear } from "../clients/fiscalYear";
import { useYearDates } from "../clients/useYearDates";
import { useExecute } from "../data/calls";
import { useNow } from "../data/now";
import screen from "../shell/screen.module.css";
import styles from "./client.module.css";
import { useClient } from "./useClient";

export function FiscalYears() {
  const { m, f } = useWords();
  const words = m.client.years;
  const view = useClient();
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const [adding, setAdding] = useState(false);
  if (!view) return null;
  const add = view.may_add_fiscal_years && (
    <Button icon="plus" tone={view.fiscal_years.length === 0 ? "primary" : "secondary"} onPress={() => setAdding(true)}>
      {words.add}
    </Button>
  );
  return (
    <div className={screen.page}>
      {view.fiscal_years.length === 0 ? (
        <EmptyState icon="calendar" title={words.emptyTitle} text={words.emptyText} action={add} />
      ) : (
        <section className={screen.column}>
          <header className={screen.sectionHead}>
            <h2 className={screen.sectionTitle}>{words.title}</h2>
            {add}
          </header>
          <div className={screen.card}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{words.start}</th>
                  <th scope="col">{words.end}</th>
                  <th scope="col">{words.length}</th>
                </tr>
              </thead>
              <tbody>
                {view.fiscal_years.map((year) => (
                  <tr key={year.id}>
                    <td>{f.date(year.start)}</td>
                    <td>
                      {f.date(year.end)}
                      {year.start <= today && today <= year.end && <span className={styles.tag}>{words.current}</span>}
                    </td>
                    <td>{words.months(monthsOf(year))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
      {adding && <AddYear view={view} today={today} onClose={() => setAdding(false)} />}
    </div>
  );
}

function AddYear({ view, today, onClose }: { view: ClientFileView; today: string; onClose: () => void }) {
  const { m, f, failureText } = useWords();
  const words = m.client.years;
  const execute = useExecute();
  const year = useYearDates(proposedYear(view.fiscal_years, today));
  const [gapConfirmed, setGapConfirmed] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);

  const place = year.dates && beside(year.dates, view.fiscal_years);
  const wrong = year.dates && checkDates(year.dates);
  const overlap =
    year.dates && place?.kind === "overlap"
      ? place.year.start <= year.dates.start
        ? words.overlap(f.date(place.year.end))
        : words.overlapBefore(f.date(place.year.start))
      : null;
  const endError =
    wrong === "order" ? m.clients.form.order : wrong === "too_long" ? m.clients.form.tooLong : (overlap ?? refusal ?? null);
  const missing = asked ? m.clients.form.dateMissing : null;

  const submit = async () => {
    setAsked(true);
    if (!year.dates || wrong || overlap || (place?.kind === "gap" && !gapConfirmed)) return;
    const outcome = await execute(
      "add_fiscal_year",
      [{ kind: "add_fiscal_year", client_file: view.row.id, dates: year.dates, gap_confirmed: gapConfirmed }],
      { said: words.added(f.date(year.dates.end)), ownFailure: true },
    );
    if (outcome.ok) onClose();
    else setRefusal(failureText(outcome.failure));
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.addTitle}
      onSubmit={() => void submit()}
      foot={
        <>
          <Button onPress={onClose}>{m.common.cancel}</Button>
          <Button type="submit" tone="primary" isDisabled={place?.kind === "gap" && !gapConfirmed}>
            {m.common.add}
          </Button>
        </>
      }
    >
      <div className={screen.formRow}>
        <DateField
          label={words.start}
          value={year.start}
          error={year.start === null ? missing : null}
          onChange={(date) => {
            setRefusal(null);
            year.setStart(date);
          }}
          autoFocus
        />
        <DateField
          label={words.end}
          value={year.end}
          error={year.end === null ? missing : endError}
          onChange={(date) => {
            setRefusal(null);
            year.setEnd(date);
          }}
        />
      </div>
      {place?.kind === "gap" && !wrong && (
        <div className={styles.warning} role="status">
          <p>{words.gap(place.days)}</p>
          <Checkbox label={words.confirmGap} isSelected={gapConfirmed} onChange={setGapConfirmed} />
        </div>
      )}
      <p className={screen.hint}>{words.foldersHint}</p>
    </Dialog>
  );
}
