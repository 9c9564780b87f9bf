import type { Problem } from "@cordboard/client";
import { problemText } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Button, Field } from "@cordboard/ui";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useDesk } from "../context.tsx";

export interface SignInProps {
  /** The heading above the fields. */
  readonly children: ComponentChildren;
  readonly label?: string;
  /** Also signs the agent in at a phone, and offers a field for it. Otherwise the agent signs in later. */
  readonly withPhone?: boolean;
}

/** The sign-in form. */
export function SignIn({ children, label, withPhone = false }: SignInProps) {
  const { session } = useDesk();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [phone, setPhone] = useState("");
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { signIn: texts } = t();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    const who = name.trim();
    setProblem(
      await (withPhone ? session.signIn(who, password, phone.trim()) : session.openSession(who, password)),
    );
    setPending(false);
  }

  return (
    <main class="sign-in" aria-label={label}>
      <form onSubmit={submit}>
        {children}
        <Field
          label={texts.account}
          value={name}
          onInput={setName}
          autocomplete="username"
          required
          focus={withPhone}
        />
        <Field
          label={texts.password}
          value={password}
          onInput={setPassword}
          type="password"
          autocomplete="current-password"
          required
        />
        {withPhone && <Field label={texts.phone} value={phone} onInput={setPhone} hint={texts.phoneHint} />}
        <p class="problem" role="alert">
          {problem ? signInProblem(problem) : session.ended.value && texts.ended}
        </p>
        <Button type="submit" kind="main" pending={pending}>
          {texts.submit}
        </Button>
      </form>
    </main>
  );
}

function signInProblem(problem: Problem): string {
  return problem.code === "unauthenticated" ? t().signIn.wrong : problemText(problem);
}

/** The page for an account without an agent, where a desktop or softphone needs one. */
export function NoAgent() {
  const { account, signOut } = useDesk().session;
  return (
    <main class="sign-in">
      <form>
        <p>{t().signIn.noAgent(account.value?.principal.account ?? "")}</p>
        <a href="/" target="_blank" rel="noopener">
          {t().signIn.toOverview}
        </a>
        <Button onPress={() => void signOut()}>{t().agent.signOut}</Button>
      </form>
    </main>
  );
}
