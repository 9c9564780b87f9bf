// A SOAP client that others wrote, as whoever notifies Talisma's server has one.

import soap from "soap";
import { PASSWORD } from "./node.js";

const SERVICE = "/TalismaWebNotificationServer/PostNotification.svc?wsdl";

/** In the demo agent 1001 is Talisma's user 2. */
const USER = 2;

/** Posts a notification; gives the result. */
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
