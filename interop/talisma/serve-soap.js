// A notification server on npm `soap`. Arguments: file of a WSDL, port, user, password, and "quiet"; without that it writes each request
// it gets as a line of JSON.
'use strict';
const fs = require('fs');
const http = require('http');
const soap = require('soap');

const [file, port, user, secret, quiet] = process.argv.slice(2);
const PostNotification = (request) => {
  if (!quiet) console.log(JSON.stringify(request.notificationRequest));
  return { PostNotificationResult: { JsonString: '{}', StatusCode: 0 } };
};
const server = http.createServer((request, response) => { response.statusCode = 404; response.end(); });
const service = { PostNotificationService: { BasicHttpBinding_IPostNotification: { PostNotification } } };
server.listen(Number(port), '127.0.0.1', () => {
  const listening = soap.listen(server, {
    path: '/TalismaWebNotificationServer/PostNotification.svc',
    services: service,
    xml: fs.readFileSync(file, 'utf8'),
    enableChunkedEncoding: false,
  });
  listening.authenticate = (security) => {
    const token = security.UsernameToken;
    const password = token.Password.$value ?? token.Password;
    return token.Username === user && password === secret;
  };
  console.log('"ready"');
});
