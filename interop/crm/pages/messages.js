// Messages as in the vendor's documentation: crm-connector.md §2 and §4.5.

/** Posts `data` as `action` of `type` into the frame `src`, to the origin `dest`. */
export const publishMessage = (src, dest, type, action, data = {}) => {
  src.contentWindow.postMessage({ type, action, data }, dest);
};

export const createUserResult = (user) => ({
  number: user.phone,
  objectType: "End User",
  recordId: user.id,
  recordName: user.name,
  email: user.email,
  url: user.url,
});

export const createCTDMessage = (result) => {
  const { number, objectType, recordId, recordName, email, url } = result;
  const pageInfo = { recordId, url, recordName, objectType: "End User" };
  return {
    onClickToDialResponse: result,
    clickToDialLogDetails: { id: recordId, name: recordName, personAccount: true, type: objectType },
    softphoneItems: [],
    doNotCall: false,
    crmEmails: email,
    crmPhones: [number],
    nameObjects: null,
    relatedToObjects: [{ isName: false, isRelatedTo: true, pageInfo }],
    pageInfo: result,
  };
};
