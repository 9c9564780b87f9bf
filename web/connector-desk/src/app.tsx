/** Our page around somebody else's connector. */

import type { Problem } from "@cordboard/client";
import { account, enter, signOut } from "@cordboard/desktop/store/desk.ts";
import { t } from "@cordboard/desktop/texts/index.ts";
import { Button } from "@cordboard/desktop/ui/button.tsx";
import { Field } from "@cordboard/desktop/ui/field.tsx";
import { Logo } from "@cordboard/desktop/ui/icon.tsx";
import { useEffect, useRef, useState } from "preact/hooks";
import { host, refused, url } from "./host.ts";
import { c } from "./texts.ts";

export function App() {
  if (!account.value) return <SignIn />;
  return (
    <>
      <header class="top">
        <Logo />
        <p role="status">{standing()}</p>
        <Button onPress={() => void signOut()}>{t().agent.signOut}</Button>
      </header>
      <main class="hosted">
        {url.value !== undefined && <Connector key={url.value} address={url.value} />}
      </main>
    </>
  );
}

function standing(): string {
  if (refused.value !== undefined) return refused.value;
  return url.value === undefined ? c().waiting : c().shown(new URL(url.value).origin);
}

/** Its window is heard before it can have said anything. */
function Connector({ address }: { readonly address: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const inside = frame.current?.contentWindow;
    return inside ? host(inside) : undefined;
  }, []);
  return (
    <iframe ref={frame} title={c().title} src={address} allow="camera; microphone; geolocation; autoplay" />
  );
}

function SignIn() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const { signIn } = t();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setProblem(await enter(name.trim(), password));
  }

  return (
    <main class="enter">
      <form onSubmit={submit}>
        <Logo />
        <h1>{c().title}</h1>
        <p>{c().intro}</p>
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
          {problem?.detail}
        </p>
        <Button type="submit" kind="main">
          {signIn.submit}
        </Button>
      </form>
    </main>
  );
}
