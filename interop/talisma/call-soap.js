// Calls with npm `soap`. Arguments: WSDL, calling number, wsse | basic, 1.1 | 1.2. Writes the result as JSON.
'use strict';
const soap = require('soap');
const sample = require('./sample.js');

const [wsdl, ani, auth, version] = process.argv.slice(2);

async function main() {
  const client = await soap.createClientAsync(wsdl, { forceSoap12Headers: version === '1.2' });
  const security = auth === 'wsse'
    ? new soap.WSSecurity('integration', 'demo', { passwordType: 'PasswordText', hasTimeStamp: true })
    : new soap.BasicAuthSecurity('integration', 'demo');
  client.setSecurity(security);
  const port = version === '1.2' ? 'WSHttpBinding_IPostNotification' : 'BasicHttpBinding_IPostNotification';
  const service = client.PostNotificationService[port];
  const result = await new Promise((resolve, reject) => {
    service.PostNotification(sample(ani), (error, answer) => (error ? reject(error) : resolve(answer)));
  });
  console.log(JSON.stringify(result.PostNotificationResult));
}

main().catch((error) => { console.error(String(error)); process.exit(1); });
