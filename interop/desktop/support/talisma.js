// Posts notifications with an independent SOAP client, like a system that notifies Talisma's server.

import soap from "soap";
import { PASSWORD } from "./node.js";

const SERVICE = "/TalismaWebNotificationServer/PostNotification.svc?wsdl";

/** The Talisma user ID of agent 1001 in the demo. */
const USER = 2;

/** Posts a notification and returns the result. */
export async function notify(node, data) {
  const client = await soap.createClientAsync(node.url + SERVICE);
  const options = { passwordType: "PasswordText", hasTimeStamp: true };
  client.setSecurity(new soap.WSSecurity("integration", PASSWORD, options));
  const notificationRequest = { UserId: USER, MediaType: 1, NotificationData: data };
  const [answer] = await client.PostNotificationAsync({ notificationRequest });
  return answer.PostNotificationResult;
}

export const properties = (...pairs) => ({
  PropertyData: pairs.map(([PropertyId, PropertyValue]) => ({ PropertyId, PropertyValue })),
});
