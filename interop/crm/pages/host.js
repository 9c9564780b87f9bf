// A CRM page that a trial controls. It records all messages of the connector. The trial chooses which ones it answers automatically:
// `?connector=<URL of the connector>&answers=ready,requestCrmData,…`. It uses only `action` and `data`, as the public sample does.

import { createCTDMessage, createUserResult, publishMessage } from "./messages.js";

const query = new URLSearchParams(location.search);
const CRM_CONNECT_ORIGIN = new URL(query.get("connector")).origin;
const chosen = new Set((query.get("answers") ?? "").split(","));
const settings = JSON.parse(query.get("settings") ?? "{}");
const clientIframe = document.getElementById("crmConnectIframeId");

const send = (action, data) =>
  publishMessage(clientIframe, CRM_CONNECT_ORIGIN, "ClientAppMessage", action, data);

const crmData = {
  callCenterSettings: settings,
  currentUser: {
    attributes: { type: "agent" },
    Name: "Ann",
    Username: "ann",
    Id: 7,
    LanguageLocaleKey: "en_US",
  },
  capabilities: {
    directoryAvailable: true,
    name: "Sample",
    reloadsOnNavigation: true,
    lightningComponentsAvailable: false,
  },
};

const answers = {
  requestSignIn: () => send("signIn", { token: query.get("token") }),
  ready: () => send("ready"),
  requestCrmData: () => send("crmData", crmData),
  requestSaveInteractionLog: (data) => {
    const { body } = data.message;
    const logParameters = { caller: body.interactionData.updatedOriginatingAddress };
    send("createHistoryItem", {
      taskId: body.interactionId,
      data: { ...data, logParameters, msgData: { message: data.message } },
    });
  },
};

window.heard = [];
window.addEventListener("message", ({ origin, data: { action, data } }) => {
  if (origin !== CRM_CONNECT_ORIGIN) return;
  window.heard.push({ action, data });
  if (chosen.has(action)) answers[action]?.(data);
});

/** Functions for trials to send messages. */
window.crm = {
  send,
  raw: (message) => clientIframe.contentWindow.postMessage(message, CRM_CONNECT_ORIGIN),
  click: (user) => send("clickToDialResponse", createCTDMessage(createUserResult(user))),
  body: (user) => createCTDMessage(createUserResult(user)),
};

clientIframe.src = query.get("connector");
