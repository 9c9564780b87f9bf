import type { Problem } from "@cordboard/client";
import { t } from "@cordboard/texts";
import { Button, Field } from "@cordboard/ui";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useDesk } from "../context.tsx";

export interface SignInProps {
  /** What the form is for: stands above its fields. */
  readonly children: ComponentChildren;
  readonly label?: string;
  /** Brings the agent to work at a phone, which may be named; otherwise work begins when the agent says so. */
  readonly work?: boolean;
}

/** Lets somebody in. */
export function SignIn({ children, label, work = false }: SignInProps) {
  const { session } = useDesk();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [phone, setPhone] = useState("");
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { signIn: texts } = t();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (asked) return;
    setAsked(true);
    const who = name.trim();
    setProblem(await (work ? session.signIn(who, password, phone.trim()) : session.enter(who, password)));
    setAsked(false);
  }

  return (
    <main class="sign-in" aria-label={label}>
      <form onSubmit={submit}>
        {children}
        <Field
          label={texts.agent}
          value={name}
          onInput={setName}
          autocomplete="username"
          required
          focus={work}
        />
        <Field
          label={texts.password}
          value={password}
          onInput={setPassword}
          type="password"
          autocomplete="current-password"
          required
        />
        {work && <Field label={texts.phone} value={phone} onInput={setPhone} hint={texts.phoneHint} />}
        <p class="problem" role="alert">
          {problem?.detail ?? (session.ended.value && texts.ended)}
        </p>
        <Button type="submit" kind="main" asked={asked}>
          {texts.submit}
        </Button>
      </form>
    </main>
  );
}

/** An account that is signed in and takes no calls. */
export function NoAgent() {
  const { account, signOut } = useDesk().session;
  return (
    <main class="sign-in">
      <form>
        <p>{t().signIn.noAgent(account.value?.principal.account ?? "")}</p>
        <Button onPress={() => void signOut()}>{t().agent.signOut}</Button>
      </form>
    </main>
  );
}
