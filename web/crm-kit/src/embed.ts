/**
 * The connector in a frame of this page, and the conversation with it.
 *
 * ```text
 *  connector ── ready, until it is answered ──► page
 *  connector ◄── ready ───────────────────────── page
 *  connector ── requestCrmData ───────────────► page
 *  connector ◄── crmData ─────────────────────── page      settings, user, what the CRM can do
 *  connector ◄── clickToDialResponse ─────────── page      a number was clicked
 *  connector ── requestPerformInteractionScreenPop ─► page  somebody calls
 *  connector ── requestSaveInteractionLog ────► page      the call is over
 *  connector ◄── createHistoryItem ───────────── page      it is saved
 * ```
 *
 * Messages go to the connector's exact origin, and are heard from its window and its origin only.
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
  /** Where the connector is: `https://cordboard.example/connector/`. */
  readonly url: string;
  /** What the frame is put into. */
  readonly into: HTMLElement;
  /** The CRM's name. */
  readonly name: string;
  readonly user: CrmUser;
  readonly settings?: Settings;
  /** Whether the CRM makes the frame anew when it shows another page. */
  readonly reloadsOnNavigation?: boolean;
  /** The agent signed in at the softphone, and has this page's settings. */
  readonly onConnected?: () => void;
  /** Whether clicks on numbers are taken: show numbers as links, or not. */
  readonly onClickToDial?: (enabled: boolean) => void;
  /** Somebody calls: show their record. */
  readonly onScreenPop?: (pop: ScreenPop) => void;
  /** The agent wants to see a record that was called from here. */
  readonly onOpenRecord?: (id: string) => void;
  /** A call is over: save it. What is given back becomes an item in the softphone's history. */
  readonly onLog?: (log: CallLog) => SavedLog | undefined | Promise<SavedLog | undefined>;
  /** The address book was opened. */
  readonly onDirectory?: () => readonly Person[] | Promise<readonly Person[]>;
  /** What the fields are that the settings list. */
  readonly onCustomFields?: (names: FieldNames) => CustomFields | Promise<CustomFields>;
  /** The agent wants to see the CRM's page of reports. */
  readonly onReports?: () => void;
  /** A call goes on. */
  readonly onProgress?: (progress: CallProgress) => void;
  /** What goes wrong in one of these. The agent is told, too. */
  readonly onError?: (error: unknown) => void;
}

export interface Connector {
  readonly frame: HTMLIFrameElement;
  /** Calls a record's number. False while clicks are not taken: then nothing happens. */
  call(record: CrmRecord): boolean;
  /** Shows the agent something. */
  notify(notification: Notification): void;
  /** Takes the frame away, and hears nothing more. */
  close(): void;
}

/** Usual size of the softphone. Pixels. */
const WIDTH = "300";
const HEIGHT = "640";

export function embed(options: EmbedOptions): Connector {
  const url = new URL(options.url);
  const frame = framed(url, options);
  let clicks = false;

  function post(action: string, data: unknown): void {
    frame.contentWindow?.postMessage({ type: "ClientAppMessage", action, data }, url.origin);
  }

  function hear({ source, origin, data }: MessageEvent): void {
    if (source !== frame.contentWindow || origin !== url.origin) return;
    const message = messageFrom(data);
    if (message) answer(message).catch(fail);
  }

  async function answer({ action, data }: Message): Promise<void> {
    switch (action) {
      case "ready":
        return post("ready", {});
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

  function open(data: unknown): void {
    const id = text(member(data, "recordId"));
    if (id !== undefined) options.onOpenRecord?.(id);
  }

  async function save(data: unknown): Promise<void> {
    const log = logFrom(data);
    const saved = log && (await options.onLog?.(log));
    if (!saved) return;
    const msgData = { message: member(data, "message"), header: member(data, "header") };
    const item = { ...(data as object), logParameters: saved.parameters, msgData };
    post("createHistoryItem", { taskId: saved.id, data: item });
  }

  async function directory(): Promise<void> {
    const people = (await options.onDirectory?.()) ?? [];
    const results = people.map(({ id, name, phone, email }) => ({ id, name, phone, email }));
    post("crmDirectory", { count: String(results.length), results });
  }

  async function fields(data: unknown): Promise<void> {
    const { voice, digital = [] } = (await options.onCustomFields?.(fieldNamesFrom(data))) ?? { voice: [] };
    // A text that holds JSON, unlike every other payload.
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

  window.addEventListener("message", hear);
  options.into.append(frame);

  return {
    frame,
    call(record) {
      if (clicks) post("clickToDialResponse", clickToDial(record));
      return clicks;
    },
    notify,
    close() {
      window.removeEventListener("message", hear);
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
