// A provider: `oidc-provider` with its own pages for people, who may enter any name and password. It writes `ready` to standard output.
//
// Usage: node provider.js SETTINGS      a JSON object: see `settings` below

import Provider from "oidc-provider";

/** `port`; `node`: the origin of the Cordboard node; `groups`: the groups of each person. */
const settings = JSON.parse(process.argv[2]);

const CLIENT = {
  client_id: "cordboard",
  client_secret: "a secret: with + and %",
  redirect_uris: [`${settings.node}/sign-in/`],
  post_logout_redirect_uris: [`${settings.node}/`],
};

const provider = new Provider(`http://localhost:${settings.port}`, {
  clients: [CLIENT],
  claims: { openid: ["sub"], profile: ["preferred_username", "groups"] },
  // A code is refused without a verifier.
  pkce: { required: () => true },
  cookies: { keys: ["a key that only this test has"] },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: `person-${id}`, preferred_username: id, groups: settings.groups[id] ?? [] }),
  }),
});

// The pages load a font from another site. Trials refuse requests to other sites.
provider.use(async (context, next) => {
  await next();
  if (typeof context.body === "string") context.body = context.body.replace(/@import url\([^)]*\);?/g, "");
});

provider.listen(settings.port, "127.0.0.1", () => console.log("ready"));
