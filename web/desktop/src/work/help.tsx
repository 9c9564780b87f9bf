import { settings } from "../store/settings.ts";
import { close } from "../store/view.ts";
import { t } from "../texts/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { KEYS, type Shortcut } from "./shortcuts.ts";

/** How keys are written on the screen. */
const WRITTEN: Readonly<Record<string, string>> = { ArrowDown: "↓", ArrowUp: "↑" };

export function Help() {
  const { help } = t();
  return (
    <Dialog title={help.title} onClose={close}>
      {!settings.value.shortcuts && <p class="hint">{help.off}</p>}
      <dl class="keys">
        {(Object.keys(KEYS) as Shortcut[]).map((name) => (
          <div key={name}>
            <dt>
              <kbd>{WRITTEN[KEYS[name]] ?? KEYS[name].toUpperCase()}</kbd>
            </dt>
            <dd>{help.keys[name]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
