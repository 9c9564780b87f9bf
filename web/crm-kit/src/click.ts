import type { CrmRecord } from "./types.ts";

/** The complete payload that the connector expects for a click on a number. */
export function clickToDial(record: CrmRecord) {
  const { number, type: objectType, id: recordId, name: recordName, email = null, url } = record;
  const result = { number, objectType, recordId, recordName, email, url };
  return {
    onClickToDialResponse: result,
    clickToDialLogDetails: { id: recordId, name: recordName, personAccount: true, type: objectType },
    softphoneItems: [],
    doNotCall: false,
    crmEmails: email,
    crmPhones: [number],
    nameObjects: null,
    relatedToObjects: [
      { isName: false, isRelatedTo: true, pageInfo: { recordId, url, recordName, objectType } },
    ],
    pageInfo: result,
  };
}
