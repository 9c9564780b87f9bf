import type { Problem } from "@cordboard/client";
import { ended, enter } from "@cordboard/desktop/store/desk.ts";
import { t } from "@cordboard/desktop/texts/index.ts";
import { Button } from "@cordboard/desktop/ui/button.tsx";
import { Field } from "@cordboard/desktop/ui/field.tsx";
import { Logo } from "@cordboard/desktop/ui/icon.tsx";
import { useState } from "preact/hooks";
import { c } from "../texts/index.ts";

/** Lets the agent in, and no further: work begins when the agent says so, or as the CRM has it. */
export function SignIn() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { signIn } = t();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (asked) return;
    setAsked(true);
    setProblem(await enter(name.trim(), password));
    setAsked(false);
  }

  return (
    <main class="enter">
      <form onSubmit={submit}>
        <Logo />
        <h1>{c().signIn}</h1>
        <Field label={signIn.agent} value={name} onInput={setName} autocomplete="username" required />
        <Field
          label={signIn.password}
          value={password}
          onInput={setPassword}
          type="password"
          autocomplete="current-password"
          required
        />
        <p class="problem" role="alert">
          {problem?.detail ?? (ended.value && signIn.ended)}
        </p>
        <Button type="submit" kind="main" asked={asked}>
          {signIn.submit}
        </Button>
      </form>
    </main>
  );
}
