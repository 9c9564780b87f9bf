/** The self-test: says what keeps the softphone from coming up in a CRM page. It needs nobody to be signed in. */

import { Button, Field, Icon, Logo } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { originAround, originOf, placeHere } from "../crm/around.ts";
import { c } from "../texts/index.ts";
import {
  type Finding,
  hosting,
  microphoneFound,
  notificationsFound,
  socketFound,
  storageFound,
} from "./findings.ts";
import { allowedOrigins, keeps, microphone, notifications, sockets } from "./probe.ts";

const isFramed = window.parent !== window;

/** The pages in question: those around this one, or the one that was asked about. */
function pagesAround(): readonly string[] {
  const asked = originOf(new URLSearchParams(location.search).get("origin"));
  const origin = asked ?? originAround(placeHere());
  if (asked !== undefined || origin === undefined || !isFramed) return origin === undefined ? [] : [origin];
  return [...new Set([origin, ...placeHere().ancestors])];
}

export function Check() {
  const [origins, setOrigins] = useState(pagesAround);
  const [round, setRound] = useState(0);
  const findings = useFindings(origins, round);
  const texts = c().check;
  return (
    <main class="check" aria-label={texts.title}>
      <header>
        <Logo />
        <h1>{texts.title}</h1>
        <p>{texts.intro}</p>
      </header>
      <ul class="findings" aria-live="polite">
        {findings.map((finding) => (
          <Found key={finding.title} finding={finding} />
        ))}
      </ul>
      <Ask onAsk={(origin) => setOrigins([origin])} />
      <div class="answers">
        {!isFramed && notifications() === "default" && (
          <Button
            icon="bell"
            onPress={() => void Notification.requestPermission().then(() => setRound(round + 1))}
          >
            {texts.allow}
          </Button>
        )}
        <Button onPress={() => setRound(round + 1)}>{texts.again}</Button>
      </div>
    </main>
  );
}

/** Looks again when another page is asked about, or in another round. */
function useFindings(origins: readonly string[], round: number): readonly Finding[] {
  const texts = c();
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  useEffect(() => {
    let current = true;
    void look(origins).then((found) => {
      if (current) setFindings(found);
    });
    return () => {
      current = false;
    };
  }, [origins, round, texts]);
  return [around(origins), ...findings];
}

function around(origins: readonly string[]): Finding {
  const { check } = c();
  const [origin] = origins;
  const title = check.around;
  if (origin === undefined) return { title, level: "hint", text: check.aroundNone };
  return { title, level: "good", text: isFramed ? check.aroundFound(origin) : check.aroundAsked(origin) };
}

async function look(origins: readonly string[]): Promise<readonly Finding[]> {
  const [allowed, socket, hears] = await Promise.all([allowedOrigins(), sockets(), microphone()]);
  const texts = c();
  return [
    ...(origins.length === 0 ? [] : [hosting(texts, origins, allowed)]),
    socketFound(texts, socket),
    storageFound(texts, keeps()),
    notificationsFound(texts, notifications()),
    microphoneFound(texts, hears),
  ];
}

const ICONS = { good: "check", hint: "help", bad: "cancel" } as const;

function Found({ finding }: { readonly finding: Finding }) {
  const { title, level, text, code } = finding;
  return (
    <li class={`finding ${level}`}>
      <Icon name={ICONS[level]} />
      <div>
        <h2>{title}</h2>
        <p>
          <span class="unseen">{c().check.words[level]}: </span>
          {text}
        </p>
        {code !== undefined && <pre>{code}</pre>}
      </div>
    </li>
  );
}

function Ask({ onAsk }: { readonly onAsk: (origin: string) => void }) {
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const texts = c().check;
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        const origin = originOf(typed.trim());
        setWrong(origin === undefined);
        if (origin !== undefined) onAsk(origin);
      }}
    >
      <Field label={texts.ask} value={typed} onInput={setTyped} />
      <Button type="submit">{texts.submit}</Button>
      <p class="problem" role="alert">
        {wrong && texts.notAnOrigin}
      </p>
    </form>
  );
}
