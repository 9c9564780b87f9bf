/** The self-test: checks everything that the softphone needs in a CRM page. It works without a sign-in. */

import { Button, Field, Icon, Logo } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { storageKind } from "../crm/frame-storage.ts";
import { originOf, parentOrigin, windowContext } from "../crm/parent.ts";
import { c } from "../texts/index.ts";
import {
  answerFinding,
  type Finding,
  hostFinding,
  microphoneFinding,
  notificationsFinding,
  socketFinding,
  storageFinding,
} from "./findings.ts";
import { allowedOrigins, microphone, notifications, probeHost, probeSockets } from "./probe.ts";

const isFramed = window.parent !== window;

/** Origins of the pages to check: the embedding pages, or the origin in the address. */
function originsToCheck(): readonly string[] {
  const given = originOf(new URLSearchParams(location.search).get("origin"));
  const origin = given ?? parentOrigin(windowContext());
  if (given !== undefined || origin === undefined || !isFramed) return origin === undefined ? [] : [origin];
  return [...new Set([origin, ...windowContext().ancestors])];
}

export function Check() {
  const [origins, setOrigins] = useState(originsToCheck);
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
          <FindingItem key={finding.title} finding={finding} />
        ))}
      </ul>
      <OriginForm onSubmit={(origin) => setOrigins([origin])} />
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

/** Runs the checks again when the origin or the round changes. */
function useFindings(origins: readonly string[], round: number): readonly Finding[] {
  const texts = c();
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  useEffect(() => {
    let current = true;
    void runChecks(origins).then((found) => {
      if (current) setFindings(found);
    });
    return () => {
      current = false;
    };
  }, [origins, round, texts]);
  return [parentFinding(origins), ...findings];
}

function parentFinding(origins: readonly string[]): Finding {
  const { check } = c();
  const [origin] = origins;
  const title = check.parent;
  if (origin === undefined) return { title, level: "hint", text: check.parentNone };
  return { title, level: "good", text: isFramed ? check.parentFound(origin) : check.parentGiven(origin) };
}

async function runChecks(origins: readonly string[]): Promise<readonly Finding[]> {
  const host = isFramed ? parentOrigin(windowContext()) : undefined;
  const [allowed, socket, hasMicrophone, answered] = await Promise.all([
    allowedOrigins(),
    probeSockets(),
    microphone(),
    host !== undefined && probeHost(host),
  ]);
  const texts = c();
  return [
    ...(origins.length === 0 ? [] : [hostFinding(texts, origins, allowed)]),
    socketFinding(texts, socket),
    ...(host === undefined ? [] : [answerFinding(texts, answered)]),
    storageFinding(texts, storageKind(), isFramed),
    notificationsFinding(texts, notifications()),
    microphoneFinding(texts, hasMicrophone),
  ];
}

const ICONS = { good: "check", hint: "help", bad: "cancel" } as const;

function FindingItem({ finding }: { readonly finding: Finding }) {
  const { title, level, text, code } = finding;
  return (
    <li class={`finding ${level}`}>
      <Icon name={ICONS[level]} />
      <div>
        <h2>{title}</h2>
        <p>
          <span class="unseen">{c().check.levels[level]}: </span>
          {text}
        </p>
        {code !== undefined && <pre>{code}</pre>}
      </div>
    </li>
  );
}

function OriginForm({ onSubmit }: { readonly onSubmit: (origin: string) => void }) {
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
        if (origin !== undefined) onSubmit(origin);
      }}
    >
      <Field label={texts.origin} value={typed} onInput={setTyped} />
      <Button type="submit">{texts.submit}</Button>
      <p class="problem" role="alert">
        {wrong && texts.notAnOrigin}
      </p>
    </form>
  );
}
