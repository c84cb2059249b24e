/** How much of the network contents may take, and when. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Checkbox } from "../../kit/Choice";
import { TextField } from "../../kit/Field";
import type { Bandwidth } from "../../protocol/protocol";
import { useCall, useRun } from "../data/calls";
import screen from "../shell/screen.module.css";
import { clockOf, minutesOf, rateOf, SLOWEST } from "./bandwidth";
import styles from "./settings.module.css";

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const OFFICE = { days: [1, 2, 3, 4, 5], from: 8 * 60, to: 19 * 60 };

export function BandwidthSection() {
  const { m } = useWords();
  const bandwidth = useCall("get_settings", {}).data?.bandwidth;
  return (
    <section className={screen.section}>
      <h2 className={screen.sectionTitle}>{m.settings.sections.bandwidth}</h2>
      <p className={screen.hint}>{m.settings.bandwidth.hint}</p>
      {bandwidth && <Form key={JSON.stringify(bandwidth)} bandwidth={bandwidth} />}
    </section>
  );
}

function Form({ bandwidth }: { bandwidth: Bandwidth }) {
  const { m, f } = useWords();
  const words = m.settings.bandwidth;
  const run = useRun();
  const hours = bandwidth.hours ?? OFFICE;
  const [up, setUp] = useState(bandwidth.up === null ? "" : String(bandwidth.up));
  const [down, setDown] = useState(bandwidth.down === null ? "" : String(bandwidth.down));
  const [atHours, setAtHours] = useState(bandwidth.hours !== null);
  const [days, setDays] = useState<readonly number[]>(hours.days);
  const [from, setFrom] = useState(clockOf(hours.from));
  const [to, setTo] = useState(clockOf(hours.to));
  const [asked, setAsked] = useState(false);
  const [rateUp, rateDown, begins, ends] = [rateOf(up), rateOf(down), minutesOf(from), minutesOf(to)];
  const rateError = (rate: number | null | "wrong") => (asked && rate === "wrong" ? words.rateWrong(f.number(SLOWEST)) : null);
  const timeError = (minutes: number | null) => (asked && minutes === null ? words.timeWrong : null);

  const save = async () => {
    setAsked(true);
    if (rateUp === "wrong" || rateDown === "wrong" || (atHours && (begins === null || ends === null))) return;
    const next = atHours && begins !== null && ends !== null ? { days: [...days], from: begins, to: ends } : null;
    const request = { mirror_root: null, language: null, bandwidth: { up: rateUp, down: rateDown, hours: next } };
    await run("change_settings", request, { said: words.saved });
  };

  return (
    <form
      className={screen.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className={screen.formRow}>
        <TextField label={words.up} value={up} onChange={setUp} error={rateError(rateUp)} placeholder={words.noLimit} />
        <TextField label={words.down} value={down} onChange={setDown} error={rateError(rateDown)} placeholder={words.noLimit} />
      </div>
      <Checkbox label={words.atHours} hint={words.atHoursHint} isSelected={atHours} onChange={setAtHours} />
      {atHours && (
        <>
          <div className={styles.days} role="group" aria-label={words.days}>
            {DAYS.map((day) => (
              <Checkbox
                key={day}
                label={f.weekday(day)}
                isSelected={days.includes(day)}
                onChange={(wanted) => setDays(DAYS.filter((each) => (each === day ? wanted : days.includes(each))))}
              />
            ))}
          </div>
          <div className={screen.formRow}>
            <TextField label={words.from} value={from} onChange={setFrom} error={timeError(begins)} />
            <TextField label={words.to} value={to} onChange={setTo} error={timeError(ends)} />
          </div>
        </>
      )}
      <div className={screen.actions}>
        <Button type="submit">{m.common.save}</Button>
      </div>
    </form>
  );
}
