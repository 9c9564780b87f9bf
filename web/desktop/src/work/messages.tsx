import { dismiss, messages } from "../store/messages.ts";
import { t } from "../texts/index.ts";
import { Button } from "../ui/button.tsx";

export function Messages() {
  return (
    <section class="messages" aria-label={t().notices.region} aria-live="polite">
      {messages.value.map(({ id, level, text }) => (
        <div key={id} class={`message ${level}`}>
          <p>{text}</p>
          <Button kind="quiet" icon="cancel" label={t().notices.dismiss} onPress={() => dismiss(id)} />
        </div>
      ))}
    </section>
  );
}
