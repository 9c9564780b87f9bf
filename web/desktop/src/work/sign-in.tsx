import type { Problem } from "@cordboard/client";
import { useState } from "preact/hooks";
import { account, ended, signIn, signOut } from "../store/desk.ts";
import { t } from "../texts/index.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Logo } from "../ui/icon.tsx";

export function SignIn() {
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
    setProblem(await signIn(name.trim(), password, phone.trim()));
    setAsked(false);
  }

  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <h1>
          <Logo />
          {t().app}
        </h1>
        <Field label={texts.agent} value={name} onInput={setName} autocomplete="username" required focus />
        <Field
          label={texts.password}
          value={password}
          onInput={setPassword}
          type="password"
          autocomplete="current-password"
          required
        />
        <Field label={texts.phone} value={phone} onInput={setPhone} hint={texts.phoneHint} />
        <p class="problem" role="alert">
          {problem?.detail ?? (ended.value && texts.ended)}
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
  return (
    <main class="sign-in">
      <form>
        <p>{t().signIn.noAgent(account.value?.principal.account ?? "")}</p>
        <Button onPress={() => void signOut()}>{t().agent.signOut}</Button>
      </form>
    </main>
  );
}
