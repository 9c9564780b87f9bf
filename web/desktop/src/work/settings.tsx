import type { DeskStore } from "@cordboard/desk-store";
import { useDesk } from "@cordboard/desk-ui";
import { LANGUAGES, languageName, t } from "@cordboard/texts";
import { Choice, Dialog, Toggle } from "@cordboard/ui";
import { signal } from "@preact/signals";

/** The browser’s permission for notifications. */
const permission = signal("Notification" in globalThis ? Notification.permission : "denied");

export function SettingsDialog() {
  const { settings: texts } = t();
  const { settings, view } = useDesk();
  const { change } = settings;
  const { theme, language, sounds, notifications, shortcuts } = settings.current.value;
  const themes = (["system", "light", "dark"] as const).map((value) => ({ value, text: texts[value] }));
  const languages = [
    { value: "auto" as const, text: texts.browser },
    ...LANGUAGES.map((value) => ({ value, text: languageName(value) })),
  ];
  return (
    <Dialog title={texts.title} onClose={view.close}>
      <div class="settings">
        <Choice
          label={texts.theme}
          value={theme}
          options={themes}
          onChoose={(value) => change({ theme: value })}
        />
        <Choice
          label={texts.language}
          value={language}
          options={languages}
          onChoose={(value) => change({ language: value })}
        />
        <Toggle label={texts.sounds} on={sounds} onChange={(on) => change({ sounds: on })} />
        <Toggle
          label={texts.notifications}
          on={notifications && permission.value === "granted"}
          disabled={permission.value === "denied"}
          onChange={(on) => void setNotifications(on, change)}
        />
        {permission.value === "denied" && <small class="hint">{texts.notificationsBlocked}</small>}
        <Toggle label={texts.shortcuts} on={shortcuts} onChange={(on) => change({ shortcuts: on })} />
      </div>
    </Dialog>
  );
}

async function setNotifications(on: boolean, change: DeskStore["settings"]["change"]): Promise<void> {
  if (on) permission.value = await Notification.requestPermission();
  change({ notifications: on && permission.value === "granted" });
}
