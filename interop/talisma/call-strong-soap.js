// Calls with npm `strong-soap`. Arguments as for call-soap.js. Writes the result as JSON.
'use strict';
const { soap } = require('strong-soap');
const sample = require('./sample.js');

const [wsdl, ani, auth, version] = process.argv.slice(2);

soap.createClient(wsdl, {}, (failed, client) => {
  if (failed) throw failed;
  const security = auth === 'wsse'
    ? new soap.WSSecurity('integration', 'demo', { passwordType: 'PasswordText', hasTimeStamp: true })
    : new soap.BasicAuthSecurity('integration', 'demo');
  client.setSecurity(security);
  const port = version === '1.2' ? 'WSHttpBinding_IPostNotification' : 'BasicHttpBinding_IPostNotification';
  client.PostNotificationService[port].PostNotification(sample(ani), (error, answer) => {
    if (error) throw error;
    console.log(JSON.stringify(answer.PostNotificationResult));
  });
});
