/** Checks what the connector needs. Each check has a time limit. */

import { socketUrl } from "@cordboard/client";

/** How long a check may take. Milliseconds. */
const TIMEOUT_MS = 8_000;

/** Origins that may embed the connector, from the Content-Security-Policy header; undefined if the server does not answer. */
export async function allowedOrigins(): Promise<readonly string[] | undefined> {
  try {
    const answer = await fetch("/connector/", {
      method: "HEAD",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return ancestorsIn(answer.headers.get("content-security-policy") ?? "");
  } catch {
    return undefined;
  }
}

/** The origins in a policy's `frame-ancestors`; undefined if the policy has no such directive. */
export function ancestorsIn(policy: string): readonly string[] | undefined {
  const directives = policy.split(";").map((directive) => directive.trim().split(/\s+/));
  const [, ...origins] = directives.find(([name]) => name === "frame-ancestors") ?? [];
  return directives.some(([name]) => name === "frame-ancestors")
    ? origins.filter((origin) => origin !== "'none'")
    : undefined;
}

/** Whether the server answers on a WebSocket. */
async function answers(path: string): Promise<boolean> {
  const socket = new WebSocket(socketUrl(path));
  const answered = await new Promise<boolean>((resolve) => {
    // Any answer is fine. Without a token, the server answers that nobody is signed in.
    socket.onopen = () => socket.send(JSON.stringify({ type: "open" }));
    socket.onmessage = () => resolve(true);
    socket.onclose = () => resolve(false);
    setTimeout(() => resolve(false), TIMEOUT_MS);
  });
  socket.close();
  return answered;
}

/** Whether WebSockets work, and whether the connector is configured. */
export async function probeSockets(): Promise<"good" | "no-relay" | "none"> {
  if (await answers("/api/v1/relay/connector")) return "good";
  return (await answers("/api/v1/events")) ? "no-relay" : "none";
}

/** How long the CRM page may take to answer. Milliseconds. */
const ANSWER_MS = 3_000;

/** Whether the CRM page answers `ready`, as it must to the softphone. */
export async function probeHost(origin: string): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (answered: boolean) => {
      removeEventListener("message", receive);
      resolve(answered);
    };
    const receive = ({ source, origin: from, data }: MessageEvent) => {
      if (source === window.parent && from === origin && data?.action === "ready") end(true);
    };
    addEventListener("message", receive);
    window.parent.postMessage({ type: "CRMConnectMessage", action: "ready" }, origin);
    setTimeout(() => end(false), ANSWER_MS);
  });
}

export async function microphone(): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: "microphone" });
    return state === "granted";
  } catch {
    return false;
  }
}

export function notifications(): NotificationPermission {
  return "Notification" in globalThis ? Notification.permission : "denied";
}
