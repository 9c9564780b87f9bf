import { signal } from "@preact/signals";
import { change, type Settings, settings } from "../store/settings.ts";
import { close } from "../store/view.ts";
import { LANGUAGES, t } from "../texts/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Choice } from "../ui/field.tsx";
import { Toggle } from "../ui/toggle.tsx";

/** What the browser says to notifications. */
const permission = signal("Notification" in globalThis ? Notification.permission : "denied");

export function SettingsDialog() {
  const { settings: texts } = t();
  const { theme, language, sounds, notifications, shortcuts } = settings.value;
  const themes = (["system", "light", "dark"] as const).map((value) => ({ value, text: texts[value] }));
  const languages = [
    { value: "auto", text: texts.system },
    ...Object.entries(LANGUAGES).map(([value, { language }]) => ({ value, text: language })),
  ];
  return (
    <Dialog title={texts.title} onClose={close}>
      <div class="settings">
        <Choice
          label={texts.theme}
          value={theme}
          options={themes}
          onChoose={(value) => change({ theme: value as Settings["theme"] })}
        />
        <Choice
          label={texts.language}
          value={language}
          options={languages}
          onChoose={(value) => change({ language: value as Settings["language"] })}
        />
        <Toggle label={texts.sounds} on={sounds} onChange={(on) => change({ sounds: on })} />
        <Toggle
          label={texts.notifications}
          on={notifications && permission.value === "granted"}
          disabled={permission.value === "denied"}
          onChange={(on) => void wantNotifications(on)}
        />
        {permission.value === "denied" && <small class="hint">{texts.notificationsBlocked}</small>}
        <Toggle label={texts.shortcuts} on={shortcuts} onChange={(on) => change({ shortcuts: on })} />
      </div>
    </Dialog>
  );
}

async function wantNotifications(on: boolean): Promise<void> {
  if (on) permission.value = await Notification.requestPermission();
  change({ notifications: on && permission.value === "granted" });
}
