// The article's sample call, with a calling number of the test's own.
'use strict';

module.exports = (ani) => ({
  notificationRequest: {
    UserId: 2,
    MediaType: 1,
    NotificationData: {
      ObjectType: 20005,
      AccountId: -1,
      CaseId: -1,
      IsLogCaseMandatory: true,
      ScriptId: -1,
      SessionId: -1,
      ObjectId: 10,
      ChangeInteractionNotes: null,
      CreatePreview: null,
      CustomList: { CustomData: [{ Key: 'Key', Value: 'value' }] },
      PayLoad: {
        PayLoadData: [{
          ObjectType: 26,
          PropertyDataList: {
            PropertyData: [
              { PropertyId: 2000104, PropertyValue: ani },
              { PropertyId: 2000105, PropertyValue: '7700' },
            ],
          },
        }],
      },
    },
  },
});
