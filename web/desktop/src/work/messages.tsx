import { useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button } from "@cordboard/ui";

export function Messages() {
  const { list, dismiss } = useDesk().messages;
  return (
    <section class="messages" aria-label={t().notices.region} aria-live="polite">
      {list.value.map(({ id, level, text }) => (
        <div key={id} class={`message ${level}`}>
          <p>{text}</p>
          <Button kind="quiet" icon="cancel" label={t().notices.dismiss} onPress={() => dismiss(id)} />
        </div>
      ))}
    </section>
  );
}
