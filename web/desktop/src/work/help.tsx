import { settings } from "../store/settings.ts";
import { close } from "../store/view.ts";
import { t } from "../texts/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { keyName } from "./key-names.ts";
import { KEYS, type Shortcut } from "./keys.ts";

export function Help() {
  const { help } = t();
  return (
    <Dialog title={help.title} onClose={close}>
      {!settings.value.shortcuts && <p class="hint">{help.off}</p>}
      <p class="hint">{help.where}</p>
      <dl class="keys">
        {(Object.keys(KEYS) as Shortcut[]).map((name) => (
          <div key={name}>
            <dt>
              <kbd>{keyName(KEYS[name])}</kbd>
            </dt>
            <dd>{help.keys[name]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
