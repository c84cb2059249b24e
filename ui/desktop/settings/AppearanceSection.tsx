/** Language and theme. */
import { useWords } from "../../i18n/i18n";
import { Segments } from "../../kit/Choice";
import { useTheme } from "../app/theme";
import { useRun } from "../data/calls";
import screen from "../shell/screen.module.css";

export function AppearanceSection() {
  const { m, language } = useWords();
  const run = useRun();
  const [theme, chooseTheme] = useTheme();
  const words = m.settings;
  return (
    <section className={screen.section}>
      <h2 className={screen.sectionTitle}>{words.sections.appearance}</h2>
      <div className={screen.card}>
        <div className={screen.row}>
          <span className={screen.rowMain}>{words.language}</span>
          <Segments
            label={words.language}
            value={language}
            onChange={(next) => void run("change_settings", { mirror_root: null, language: next, bandwidth: null }, { quiet: true })}
            options={[
              { id: "fr", label: words.languages.fr },
              { id: "en", label: words.languages.en },
            ]}
          />
        </div>
        <div className={screen.row}>
          <span className={screen.rowMain}>{words.theme}</span>
          <Segments
            label={words.theme}
            value={theme}
            onChange={chooseTheme}
            options={[
              { id: "system", label: words.themes.system },
              { id: "light", label: words.themes.light },
              { id: "dark", label: words.themes.dark },
            ]}
          />
        </div>
      </div>
    </section>
  );
}
