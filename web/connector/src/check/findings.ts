/** Texts for the results of the checks. Pure functions. */

import type { StorageKind } from "../crm/frame-storage.ts";
import type { Texts } from "../texts/en.ts";
import { floorLine } from "../work/floor-line.ts";

export interface Finding {
  readonly title: string;
  readonly level: "good" | "hint" | "bad";
  readonly text: string;
  /** Lines to copy into a file. */
  readonly code?: string;
}

/** The section of the configuration that enables the connector. */
const TELEPHONY = "[crm_connector.telephony]";

/**
 * Whether a page is allowed to embed the connector.
 *
 * @param origins the embedding page, and the pages that embed it
 */
export function hostFinding(
  texts: Texts,
  origins: readonly string[],
  allowed: readonly string[] | undefined,
): Finding {
  const { check } = texts;
  const title = check.host;
  if (allowed === undefined) return { title, level: "bad", text: check.hostUnknown };
  const missing = origins.filter((origin) => !allowed.includes(origin));
  if (missing.length === 0) return { title, level: "good", text: check.hostYes };
  const text = missing.includes(origins[0] ?? "") ? check.hostNo : check.hostAncestors(missing.join(", "));
  const code = `${floorLine([...allowed, ...missing])}\n\ncordboard apply floor.toml`;
  return { title, level: "bad", text: `${text} ${texts.refused.fix}`, code };
}

export function socketFinding({ check }: Texts, found: "good" | "no-relay" | "none"): Finding {
  const title = check.socket;
  switch (found) {
    case "good":
      return { title, level: "good", text: check.socketYes };
    case "no-relay":
      return { title, level: "bad", text: check.socketNoRelay, code: TELEPHONY };
    case "none":
      return { title, level: "bad", text: check.socketNo };
  }
}

/** Whether a sign-in survives a reload. Only a page in a frame of the CRM page can tell. */
export function storageFinding({ check }: Texts, kind: StorageKind, isFramed: boolean): Finding {
  const title = check.storage;
  if (!isFramed)
    return { title, level: "hint", text: check.storageUntested, code: `${location.origin}/connector/check` };
  switch (kind) {
    case "tab":
      return { title, level: "good", text: check.storageYes };
    case "cookie":
      return { title, level: "good", text: check.storageCookie };
    case "none":
      return { title, level: "bad", text: check.storageNo };
  }
}

/** Whether the CRM page answers; undefined outside of a frame. */
export function answerFinding({ check }: Texts, answers: boolean): Finding {
  const title = check.answer;
  return answers
    ? { title, level: "good", text: check.answerYes }
    : { title, level: "bad", text: check.answerNo };
}

export function microphoneFinding({ check }: Texts, allowed: boolean): Finding {
  const text = allowed ? check.microphoneYes : check.microphoneNo;
  return { title: check.microphone, level: allowed ? "good" : "hint", text };
}

export function notificationsFinding({ check }: Texts, permission: NotificationPermission): Finding {
  const title = check.notifications;
  switch (permission) {
    case "granted":
      return { title, level: "good", text: check.notificationsYes };
    case "default":
      return { title, level: "hint", text: check.notificationsAsk };
    case "denied":
      return { title, level: "hint", text: check.notificationsNo };
  }
}
