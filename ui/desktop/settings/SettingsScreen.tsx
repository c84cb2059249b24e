/** Settings, in sections on one page. Each change acts at once: there is nothing to save. */
import { useWords } from "../../i18n/i18n";
import { useMe } from "../data/people";
import { Screen } from "../shell/Screen";
import screen from "../shell/screen.module.css";
import { AccountSection } from "./AccountSection";
import { AppearanceSection } from "./AppearanceSection";
import { BandwidthSection } from "./BandwidthSection";
import { MirrorSection } from "./MirrorSection";
import { OfflineSection } from "./OfflineSection";
import { PeopleSection } from "./PeopleSection";

export function SettingsScreen() {
  const { m } = useWords();
  const me = useMe();
  return (
    <Screen title={m.settings.title}>
      <div className={screen.page}>
        <div className={screen.column}>
          <AccountSection />
          <MirrorSection />
          <OfflineSection />
          <BandwidthSection />
          <AppearanceSection />
          {me?.role === "administrator" && <PeopleSection me={me} />}
        </div>
      </div>
    </Screen>
  );
}
