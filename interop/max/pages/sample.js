// A sample page for MAX: subscribes to events, shows them, and sends commands.

const ISSUER = "SamplePage";

/** MAX is the window that opened or embeds this page; undefined if there is none. */
const max = window.opener ?? (window.parent === window ? undefined : window.parent);

const state = document.querySelector("#state");
const events = document.querySelector("#events");
const subscription = document.querySelector("#subscription");
const card = document.querySelector("#card");

/** How many events the page shows. */
const SHOWN_MAX = 100;

// The origin of MAX is unknown to the page, so the target is `*`. Messages contain no secrets.
const say = (messageType, more = {}) => max?.postMessage({ issuer: ISSUER, messageType, ...more }, "*");

/** The contact from the form. Without it, MAX uses the contact of the panel that contains the page. */
function contact() {
  const contactId = new FormData(subscription).get("contact").trim();
  return contactId === "" ? {} : { contactId };
}

function subscribe(event) {
  event.preventDefault();
  const subscriptionTypes = new FormData(subscription).getAll("type");
  say("RegisterForClientEvents", { ...contact(), subscriptionTypes });
}

function unsubscribe() {
  say("UnregisterFromClientEvents");
  state.textContent = "Not subscribed.";
}

function showCard(event) {
  event.preventDefault();
  const fields = new FormData(card);
  say("ContactCardData", {
    ...contact(),
    contactCardData: { name: fields.get("name"), userImg: fields.get("image") },
  });
}

function receive({ data, source }) {
  if (source !== max || data?.issuer !== "MAX" || !Array.isArray(data.events)) return;
  data.events.forEach(show);
}

function show(event) {
  if (event.messageType === "ClientEventSubscriptionAcknowledge") acknowledge(event);
  events.prepend(line(event));
  while (events.children.length > SHOWN_MAX) events.lastElementChild.remove();
}

/** A list item with a summary of the event, and the complete event as details. */
function line(event) {
  const words = [
    event.Type ?? event.messageType,
    event.Status ?? event.CurrentState ?? event.status,
    event.ContactID,
  ];
  const brief = document.createElement("summary");
  brief.textContent = words.filter(Boolean).join(" · ");
  const whole = document.createElement("pre");
  whole.textContent = JSON.stringify(event, null, 2);
  const details = document.createElement("details");
  details.append(brief, whole);
  const item = document.createElement("li");
  item.append(details);
  return item;
}

function acknowledge({ status, reason, contactId }) {
  const about = contactId === null ? "no contact" : `contact ${contactId}`;
  state.textContent = status === "OK" ? `Subscribed, ${about}.` : `Refused: ${reason}.`;
}

window.addEventListener("message", receive);
window.addEventListener("pagehide", unsubscribe);
subscription.addEventListener("submit", subscribe);
document.querySelector("#unsubscribe").addEventListener("click", unsubscribe);
card.addEventListener("submit", showCard);
for (const button of document.querySelectorAll("[data-command]")) {
  button.addEventListener("click", () => say(button.dataset.command));
}
if (!max) state.textContent = "This page is not inside MAX.";
else subscription.requestSubmit();
