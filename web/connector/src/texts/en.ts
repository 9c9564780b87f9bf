/** English texts of the connector's own pages. */

export const en = {
  title: "Softphone",
  signIn: "Sign in to make calls",
  nav: {
    label: "Softphone sections",
    calls: "Calls",
    dial: "Dial",
    people: "People",
    history: "History",
    messages: "Inbox",
  },
  phase: {
    opened: "Connecting to the CRM page…",
    pinging: "Waiting for the CRM page to answer…",
    asking: "Loading the settings of the CRM page…",
    alone: "This softphone is not embedded in a CRM page. Calls work, but no CRM is informed about them.",
  },
  refused: {
    title: "This page is not allowed to embed the softphone",
    unknown: "The browser does not report which page embeds the softphone.",
    unknownHint: "The CRM page must add its origin to the address of the frame:",
    origin: (origin: string) => `The embedding page is ${origin}. The floor file does not list it.`,
    allowed: "The floor file lists:",
    none: "The floor file lists no CRM page.",
    fix: "Add this to the top of the floor file, before the first section, and apply the file:",
    check: "Self-test",
  },
  menu: { reports: "Reports" },
  state: { afterContactWork: "After contact work", goAfterContactWork: "After contact work" },
  idle: {
    signedOut: "You are signed out",
    signedOutHint: "To get calls, choose “Sign in” in the menu above.",
  },
  call: {
    openRecord: (crm: string) => `Open in ${crm}`,
    notes: "Notes for the log",
    saved: "Saved entries",
    saveNotes: "Save notes",
    finish: "Save and complete",
    complete: "Complete",
    none: "None",
  },
  dial: { number: "Number", voicemail: "Voicemail" },
  people: {
    crm: (name: string) => `From ${name}`,
    loading: "Loading contacts from the CRM…",
    noAnswer: "The CRM did not answer.",
    retry: "Try again",
    empty: "The CRM has no contacts.",
    filter: "Name, number or email",
  },
  history: {
    saved: (name: string) => `Saved in ${name}`,
    noneSaved: "Nothing has been saved yet.",
    calls: "Past calls",
    noCalls: "No calls yet.",
  },
  messages: {
    none: "No messages",
    ok: "OK",
    cancel: "Cancel",
    from: (name: string) => `Message from ${name}`,
  },
  check: {
    title: "Connector self-test",
    intro: "This page checks everything that the softphone needs to work in a CRM page.",
    parent: "Embedding page",
    parentFound: (origin: string) => `This page is embedded in ${origin}.`,
    parentGiven: (origin: string) => `The test checks ${origin}.`,
    parentNone:
      "This page is not embedded in another page. Enter the origin of a CRM page below to check it.",
    origin: "Origin of the CRM page",
    submit: "Check",
    notAnOrigin: "This is not an origin. Use the form https://crm.example",
    host: "Permission to embed the connector",
    hostYes: "Allowed. The floor file lists this page.",
    hostNo: "Not allowed. The floor file does not list this page.",
    hostAncestors: (origins: string) =>
      `Not allowed. The floor file must list every embedding page, and it does not list ${origins}.`,
    hostUnknown: "The server did not answer. Check that it is running and that this page comes from it.",
    socket: "Connection to the server",
    socketYes: "WebSockets work, and the connector is configured.",
    socketNoRelay: "WebSockets work, but the connector is not configured. Add this to the configuration:",
    socketNo:
      "WebSockets do not work. If there is a proxy in front of the server, configure it to forward them.",
    storage: "Sign-in",
    storageYes: "Agents stay signed in when the CRM page is reloaded.",
    storageCookie:
      "Agents stay signed in when the CRM page is reloaded. The browser blocks the storage of this frame, so a partitioned cookie keeps the sign-in.",
    storageNo:
      "The browser does not let this frame store data. Agents must sign in again after each reload. Serve Cordboard over HTTPS, or let the CRM page hand over the sign-in.",
    storageUntested:
      "Not tested: browsers have other rules for frames. Open this address in the frame of the CRM page instead of the softphone:",
    answer: "Answer of the CRM page",
    answerYes: "The CRM page answers the softphone.",
    answerNo:
      "The CRM page did not answer “ready”. It must listen to messages of this frame, and answer to the origin of this frame.",
    microphone: "Microphone",
    microphoneYes: "Allowed. The softphone does not need it: agents talk on their phones.",
    microphoneNo: "Not allowed. The softphone does not need it: agents talk on their phones.",
    notifications: "Notifications",
    notificationsYes: "Allowed. The browser shows desktop notifications from the CRM.",
    notificationsAsk: "Not decided yet. Open this page in a separate tab and allow notifications there.",
    notificationsNo: "Not allowed. Notifications from the CRM appear inside the softphone.",
    allow: "Allow notifications",
    again: "Check again",
    levels: { good: "OK", hint: "Note", bad: "Problem" },
  },
};

export type Texts = typeof en;
