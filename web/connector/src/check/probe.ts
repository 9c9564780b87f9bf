/** Looks at what the connector needs: each look answers, or says after a while that nothing came. */

import { socketUrl } from "@cordboard/client";

/** How long a look may take. Milliseconds. */
const WITHIN_MS = 8_000;

/** Which pages may host the connector, as browsers are told it; undefined when the server does not say. */
export async function allowedOrigins(): Promise<readonly string[] | undefined> {
  try {
    const answer = await fetch("/connector/", {
      method: "HEAD",
      cache: "no-store",
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    return ancestorsIn(answer.headers.get("content-security-policy") ?? "");
  } catch {
    return undefined;
  }
}

/** The origins of a policy's `frame-ancestors`; undefined when it has none. */
export function ancestorsIn(policy: string): readonly string[] | undefined {
  const directives = policy.split(";").map((directive) => directive.trim().split(/\s+/));
  const [, ...origins] = directives.find(([name]) => name === "frame-ancestors") ?? [];
  return directives.some(([name]) => name === "frame-ancestors")
    ? origins.filter((origin) => origin !== "'none'")
    : undefined;
}

/** Whether a WebSocket of the server's is answered. */
async function answers(path: string): Promise<boolean> {
  const socket = new WebSocket(socketUrl(path));
  const answered = await new Promise<boolean>((resolve) => {
    // Any word of the server's will do; without a token it is that nobody is signed in.
    socket.onopen = () => socket.send(JSON.stringify({ type: "open" }));
    socket.onmessage = () => resolve(true);
    socket.onclose = () => resolve(false);
    setTimeout(() => resolve(false), WITHIN_MS);
  });
  socket.close();
  return answered;
}

/** Whether WebSockets come through, and whether the connector's session is there. */
export async function sockets(): Promise<"good" | "no-relay" | "none"> {
  if (await answers("/api/v1/relay/connector")) return "good";
  return (await answers("/api/v1/events")) ? "no-relay" : "none";
}

/** Whether this frame may keep anything for the time of its tab. */
export function keeps(): boolean {
  try {
    const key = "cordboard.check";
    sessionStorage.setItem(key, "1");
    sessionStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
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
