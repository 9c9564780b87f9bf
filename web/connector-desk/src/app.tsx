/** The page that embeds another vendor's connector. */

import { SignIn, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Logo } from "@cordboard/ui";
import { useEffect, useRef } from "preact/hooks";
import type { Host } from "./host.ts";
import { c } from "./texts.ts";

export function App({ host }: { readonly host: Host }) {
  const { account, signOut } = useDesk().session;
  if (!account.value) return <SignInPage />;
  const address = host.url.value?.href;
  return (
    <>
      <header class="top">
        <Logo />
        <p role="status">{statusText(host)}</p>
        <Button onPress={() => void signOut()}>{t().agent.signOut}</Button>
      </header>
      <main class="hosted">
        {address !== undefined && <Connector key={address} host={host} address={address} />}
      </main>
    </>
  );
}

function SignInPage() {
  return (
    <SignIn>
      <Logo />
      <h1>{c().title}</h1>
      <p>{c().intro}</p>
    </SignIn>
  );
}

function statusText({ notice, refused, url }: Host): string {
  const problem = refused.value ?? notice.value;
  if (problem !== undefined) return problem;
  return url.value === undefined ? c().waiting : c().shown(url.value.origin);
}

/** The frame with the connector. The relay is attached before the connector can send a message. */
function Connector({ host, address }: { readonly host: Host; readonly address: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const inside = frame.current?.contentWindow;
    return inside ? host.attach(inside) : undefined;
  }, [host]);
  return (
    <iframe ref={frame} title={c().title} src={address} allow="camera; microphone; geolocation; autoplay" />
  );
}
