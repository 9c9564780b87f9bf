import { KEYS, type Shortcut, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Dialog, keyName } from "@cordboard/ui";

export function Help() {
  const { help } = t();
  const { settings, view } = useDesk();
  return (
    <Dialog title={help.title} onClose={view.close}>
      {!settings.current.value.shortcuts && <p class="hint">{help.off}</p>}
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
