/**
 * How the Query protocol of SQS names what its model of today no longer names: AWS took the names
 * out when SQS changed to JSON, and still answers old clients. From the last model that had them,
 * awscli 2.9.19's botocore, sqs/2012-11-05/service-2.json (Apache-2.0).
 */
export const SQS_XML_NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';

/** By shape: its members' names on the wire; of lists and maps those of `member`, `key`, `value`. */
export const SQS_QUERY_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AWSAccountIdList: { member: 'AWSAccountId' },
  ActionNameList: { member: 'ActionName' },
  AttributeNameList: { member: 'AttributeName' },
  BatchResultErrorEntryList: { member: 'BatchResultErrorEntry' },
  BinaryList: { member: 'BinaryListValue' },
  ChangeMessageVisibilityBatchRequestEntryList: {
    member: 'ChangeMessageVisibilityBatchRequestEntry',
  },
  ChangeMessageVisibilityBatchResultEntryList: {
    member: 'ChangeMessageVisibilityBatchResultEntry',
  },
  CreateQueueRequest: { Attributes: 'Attribute', tags: 'Tag' },
  DeleteMessageBatchRequestEntryList: { member: 'DeleteMessageBatchRequestEntry' },
  DeleteMessageBatchResultEntryList: { member: 'DeleteMessageBatchResultEntry' },
  GetQueueAttributesResult: { Attributes: 'Attribute' },
  ListQueueTagsResult: { Tags: 'Tag' },
  Message: { Attributes: 'Attribute', MessageAttributes: 'MessageAttribute' },
  MessageAttributeNameList: { member: 'MessageAttributeName' },
  MessageAttributeValue: {
    StringListValues: 'StringListValue',
    BinaryListValues: 'BinaryListValue',
  },
  MessageBodyAttributeMap: { key: 'Name', value: 'Value' },
  MessageBodySystemAttributeMap: { key: 'Name', value: 'Value' },
  MessageList: { member: 'Message' },
  // From the API reference: the older model did not have it.
  MessageSystemAttributeList: { member: 'MessageSystemAttributeName' },
  MessageSystemAttributeMap: { key: 'Name', value: 'Value' },
  MessageSystemAttributeValue: {
    StringListValues: 'StringListValue',
    BinaryListValues: 'BinaryListValue',
  },
  QueueAttributeMap: { key: 'Name', value: 'Value' },
  QueueUrlList: { member: 'QueueUrl' },
  SendMessageBatchRequestEntry: {
    MessageAttributes: 'MessageAttribute',
    MessageSystemAttributes: 'MessageSystemAttribute',
  },
  SendMessageBatchRequestEntryList: { member: 'SendMessageBatchRequestEntry' },
  SendMessageBatchResultEntryList: { member: 'SendMessageBatchResultEntry' },
  SendMessageRequest: {
    MessageAttributes: 'MessageAttribute',
    MessageSystemAttributes: 'MessageSystemAttribute',
  },
  SetQueueAttributesRequest: { Attributes: 'Attribute' },
  StringList: { member: 'StringListValue' },
  TagKeyList: { member: 'TagKey' },
  TagMap: { key: 'Key', value: 'Value' },
};

/** The codes of errors that SQS had while it spoke the Query protocol; they still come in a header. */
export const SQS_OLD_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
};
