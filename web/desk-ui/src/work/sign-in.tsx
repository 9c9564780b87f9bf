import type { Problem, ProviderFailure } from "@cordboard/client";
import { problemText, type Session } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Button, Field } from "@cordboard/ui";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useDesk } from "../context.tsx";

export interface SignInProps {
  /** The heading above the fields. */
  readonly children: ComponentChildren;
  readonly label?: string;
  /** Also signs the agent in at a phone, and offers a field for it. Otherwise the agent signs in later. */
  readonly withPhone?: boolean;
}

/** The sign-in form: fields for an account and its password, a button for the provider, or both. */
export function SignIn({ children, label, withPhone = false }: SignInProps) {
  const { session } = useDesk();
  const methods = useMethods();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  /** The code of the second factor; undefined until the server has requested it. */
  const [code, setCode] = useState<string>();
  const [phone, setPhone] = useState("");
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { signIn: texts } = t();

  async function run(signIn: () => Promise<Problem | undefined>): Promise<void> {
    if (pending) return;
    setPending(true);
    const refused = await signIn();
    setPending(false);
    if (refused?.code === "second-factor-required") {
      setCode("");
      setProblem(undefined);
    } else {
      setProblem(refused);
    }
  }

  function submit(event: Event): void {
    event.preventDefault();
    const who = name.trim();
    if (methods?.passwords)
      void run(() =>
        withPhone
          ? session.signIn(who, password, phone.trim(), code?.trim())
          : session.openSession(who, password, code?.trim()),
      );
  }

  function leave(): void {
    void run(async () => {
      await session.signInWithProvider(withPhone ? phone.trim() : undefined);
      return undefined;
    });
  }

  return (
    <main class="sign-in" aria-label={label}>
      <form onSubmit={submit}>
        {children}
        {methods?.passwords && (
          <>
            <Field
              label={texts.account}
              value={name}
              onInput={(text) => {
                setName(text);
                setCode(undefined);
              }}
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
            {code !== undefined && (
              <Field
                label={texts.code}
                value={code}
                onInput={setCode}
                hint={texts.codeHint}
                autocomplete="one-time-code"
                required
                focus
              />
            )}
          </>
        )}
        {methods && withPhone && (
          <Field label={texts.phone} value={phone} onInput={setPhone} hint={texts.phoneHint} />
        )}
        <p class="problem" role="alert">
          {problemOf(session, problem, code !== undefined, methods?.provider ?? "")}
        </p>
        {methods && <Buttons methods={methods} pending={pending} onProvider={leave} />}
      </form>
    </main>
  );
}

interface ButtonsProps {
  readonly methods: Methods;
  readonly pending: boolean;
  readonly onProvider: () => void;
}

/** The ways to sign in. Enter in a field uses the password. */
function Buttons({ methods: { passwords, provider }, pending, onProvider }: ButtonsProps) {
  const { signIn: texts } = t();
  return (
    <>
      {passwords && (
        <Button type="submit" kind="main" pending={pending}>
          {texts.submit}
        </Button>
      )}
      {provider != null && (
        <Button kind={passwords ? "plain" : "main"} pending={pending} onPress={onProvider}>
          {texts.with(provider)}
        </Button>
      )}
    </>
  );
}

type Methods = { readonly passwords: boolean; readonly provider?: string | null };

/** How people can sign in; undefined until the server has answered. */
function useMethods(): Methods | undefined {
  const { http } = useDesk().session;
  const [methods, setMethods] = useState<Methods>();
  useEffect(() => {
    // If the server cannot be reached, the form shows it after the first attempt.
    void http
      .get("/api/v1/sign-in")
      .then((result) => setMethods(result.ok ? result.value : { passwords: true }));
  }, [http]);
  return methods;
}

/** Why nobody is signed in, if there is a reason. */
function problemOf(
  session: Session,
  problem: Problem | undefined,
  hasCode: boolean,
  provider: string,
): string | undefined {
  const failure = session.providerFailure.value;
  if (problem) return signInProblem(problem, hasCode);
  if (failure) return failureText(failure, provider);
  return session.ended.value && t().signIn.ended;
}

/** Why a sign-in through the provider failed. The server's own text has the details. */
function failureText(failure: ProviderFailure, provider: string): string {
  const { failed } = t().signIn;
  if (failure === "blocked" || failure === "closed") return failed[failure];
  if ("elsewhere" in failure) return failed.elsewhere(failure.elsewhere);
  const general = failed.codes[failure.code]?.(provider);
  return general === undefined ? problemText(failure) : `${general} (${failure.detail})`;
}

function signInProblem(problem: Problem, hasCode: boolean): string {
  const { wrong, wrongCode } = t().signIn;
  if (problem.code !== "unauthenticated") return problemText(problem);
  return hasCode ? wrongCode : wrong;
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
