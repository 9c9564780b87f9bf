/**
 * Embeds the connector in a frame, and exchanges messages with it.
 *
 * ```text
 *  connector ── ready (repeated) ────────► page
 *  connector ◄── ready ───────────────────────── page
 *  connector ── requestSignIn ────────────────► page      nobody is signed in
 *  connector ◄── signIn ──────────────────────── page      optional: a token of the agent
 *  connector ── requestCrmData ───────────────► page
 *  connector ◄── crmData ─────────────────────── page      settings, user, features of the CRM
 *  connector ◄── clickToDialResponse ─────────── page      a number was clicked
 *  connector ── requestPerformInteractionScreenPop ─► page  a call comes in
 *  connector ── requestSaveInteractionLog ────► page      a call ended
 *  connector ◄── createHistoryItem ───────────── page      the call was saved
 * ```
 *
 * The page posts messages only to the connector's origin, and accepts messages only from its window and origin.
 */

import { clickToDial } from "./click.ts";
import {
  fieldNamesFrom,
  logFrom,
  type Message,
  member,
  messageFrom,
  popFrom,
  progressFrom,
  text,
} from "./read.ts";
import type {
  CallLog,
  CallProgress,
  CrmRecord,
  CrmUser,
  CustomField,
  CustomFields,
  FieldNames,
  Notification,
  Person,
  SavedLog,
  ScreenPop,
  Settings,
} from "./types.ts";

export interface EmbedOptions {
  /** The address of the connector, such as `https://cordboard.example/connector/`. */
  readonly url: string;
  /** The element that gets the frame. */
  readonly into: HTMLElement;
  /** The CRM's name. */
  readonly name: string;
  /** The user of the CRM. */
  readonly user: CrmUser;
  /** The call center settings. Default: those of Cordboard, see `docs/crm-connector.md`. */
  readonly settings?: Settings;
  /** Whether the CRM loads the frame again when it shows another page. Default: true. */
  readonly reloadsOnNavigation?: boolean;
  /**
   * Nobody is signed in to the softphone: return an access token of Cordboard's API for the agent, or undefined to show the sign-in form.
   * Get the token from your own server, which signs in with `POST /api/v1/sign-in`.
   */
  readonly signIn?: () => string | undefined | Promise<string | undefined>;
  /** The agent has signed in to the softphone, and the softphone has the settings of this page. */
  readonly onConnected?: () => void;
  /** Click-to-dial was enabled or disabled: show numbers as links, or as plain text. */
  readonly onClickToDial?: (enabled: boolean) => void;
  /** A call comes in: show the caller’s record. */
  readonly onScreenPop?: (pop: ScreenPop) => void;
  /** The agent opens the record whose number was clicked. */
  readonly onOpenRecord?: (id: string) => void;
  /** A call has ended: save it. The returned log becomes an item in the softphone's history. */
  readonly onLog?: (log: CallLog) => SavedLog | undefined | Promise<SavedLog | undefined>;
  /** The agent opened the directory: return the people in it. */
  readonly onDirectory?: () => readonly Person[] | Promise<readonly Person[]>;
  /** Return the definitions of the custom fields that the settings list. */
  readonly onCustomFields?: (names: FieldNames) => CustomFields | Promise<CustomFields>;
  /** The agent opens the reports of the CRM. */
  readonly onReports?: () => void;
  /** The state of a call has changed. */
  readonly onProgress?: (progress: CallProgress) => void;
  /** One of these callbacks failed. The softphone also shows the error to the agent. */
  readonly onError?: (error: unknown) => void;
}

export interface Connector {
  readonly frame: HTMLIFrameElement;
  /** Calls a record's number. Returns false, and does nothing, while click-to-dial is disabled. */
  call(record: CrmRecord): boolean;
  /** Shows a notification to the agent. */
  notify(notification: Notification): void;
  /** Removes the frame and stops listening to it. */
  close(): void;
}

/** The members that have a value. `postMessage` would copy the others too. */
function present(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Default size of the softphone. Pixels. */
const WIDTH = "300";
const HEIGHT = "640";

export function embed(options: EmbedOptions): Connector {
  const url = new URL(options.url);
  const frame = framed(url, options);
  let clicks = false;

  function post(action: string, data: unknown): void {
    frame.contentWindow?.postMessage({ type: "ClientAppMessage", action, data }, url.origin);
  }

  function receive({ source, origin, data }: MessageEvent): void {
    if (source !== frame.contentWindow || origin !== url.origin) return;
    const message = messageFrom(data);
    if (message) answer(message).catch(fail);
  }

  async function answer({ action, data }: Message): Promise<void> {
    switch (action) {
      case "ready":
        return post("ready", {});
      case "requestSignIn":
        return signIn();
      case "requestCrmData":
        post("crmData", crmData(options));
        return options.onConnected?.();
      case "requestEnableClickToDial":
        clicks = member(data, "isEnabled") === true;
        return options.onClickToDial?.(clicks);
      case "requestPerformInteractionScreenPop":
        return options.onScreenPop?.(popFrom(data));
      case "requestNavigateToClickToDialResult":
        return open(data);
      case "requestSaveInteractionLog":
        return save(data);
      case "requestGetCrmDirectory":
        return directory();
      case "requestCustomFieldsValues":
        return fields(data);
      case "requestOpenReports":
        return options.onReports?.();
      case "interactionEvent":
        return progress(data);
    }
  }

  async function signIn(): Promise<void> {
    const token = await options.signIn?.();
    if (token !== undefined) post("signIn", { token });
  }

  function open(data: unknown): void {
    const id = text(member(data, "recordId"));
    if (id !== undefined) options.onOpenRecord?.(id);
  }

  async function save(data: unknown): Promise<void> {
    const log = logFrom(data);
    const saved = log && (await options.onLog?.(log));
    if (!saved) return;
    const msgData = present({ message: member(data, "message"), header: member(data, "header") });
    const item = { ...(data as object), logParameters: saved.parameters, msgData };
    post("createHistoryItem", { taskId: saved.id, data: item });
  }

  async function directory(): Promise<void> {
    const people = (await options.onDirectory?.()) ?? [];
    const results = people.map(({ id, name, phone, email }) => present({ id, name, phone, email }));
    post("crmDirectory", { count: String(results.length), results });
  }

  async function fields(data: unknown): Promise<void> {
    const { voice, digital = [] } = (await options.onCustomFields?.(fieldNamesFrom(data))) ?? { voice: [] };
    // Unlike other payloads, this one is JSON inside a string.
    post(
      "customFieldsDataResponse",
      JSON.stringify({ digital: described(digital), voice: described(voice) }),
    );
  }

  function progress(data: unknown): void {
    const known = progressFrom(data);
    if (known) options.onProgress?.(known);
  }

  function notify({ text, ...notification }: Notification): void {
    post("displayErrorNotification", { title: "", ...notification, textArray: [text] });
  }

  function fail(error: unknown): void {
    options.onError?.(error);
    const said = error instanceof Error ? error.message : String(error);
    notify({ type: "transient", severity: "ERROR", title: options.name, text: said, store: true });
  }

  window.addEventListener("message", receive);
  options.into.append(frame);

  return {
    frame,
    call(record) {
      if (clicks) post("clickToDialResponse", clickToDial(record));
      return clicks;
    },
    notify,
    close() {
      window.removeEventListener("message", receive);
      frame.remove();
    },
  };
}

function framed(url: URL, { settings, name }: EmbedOptions): HTMLIFrameElement {
  const { reqSoftphoneWidth = WIDTH, reqSoftphoneHeight = HEIGHT } = settings?.ReqGeneralInfo ?? {};
  const frame = document.createElement("iframe");
  const address = new URL(url);
  address.searchParams.set("clientOrigin", location.origin);
  frame.src = address.href;
  frame.title = `${name}: softphone`;
  frame.width = reqSoftphoneWidth;
  frame.height = reqSoftphoneHeight;
  frame.allow = "camera; microphone; geolocation; autoplay";
  frame.style.border = "none";
  return frame;
}

function crmData({
  settings = {},
  user,
  name,
  reloadsOnNavigation = true,
  onDirectory,
  onProgress,
}: EmbedOptions) {
  return {
    callCenterSettings: settings,
    currentUser: {
      attributes: { type: user.role ?? "agent" },
      Name: user.name,
      Username: user.username,
      Id: user.id,
      LanguageLocaleKey: user.locale ?? "",
    },
    capabilities: {
      directoryAvailable: onDirectory !== undefined,
      name,
      reloadsOnNavigation,
      lightningComponentsAvailable: false,
      extensions: onProgress ? ["interactionEvents"] : [],
    },
  };
}

function described(fields: readonly CustomField[]) {
  return Object.fromEntries(fields.map((field) => [field.key, { customFieldInfo: info(field) }]));
}

function info({ label, choices }: CustomField) {
  if (!choices) return { customFieldType: "STRING", customFieldLabel: label };
  const picklistValues = choices.map((choice) => ({ value: choice, label: choice }));
  return { customFieldType: "PICKLIST", customFieldLabel: label, picklistValues };
}
