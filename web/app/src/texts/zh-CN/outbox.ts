// Words of the outbox of results.
export default {
  title: '回调发件箱',
  hint: '面签结果发往业务系统的记录。未送达的会自动重试，也可以在这里立即重试',
  empty: '还没有回调记录。面签给出结论后，结果会发往租户设置的回调地址',
  businessNo: '业务编号',
  url: '地址',
  state: '状态',
  states: { pending: '等待发送', delivered: '已送达', failed: '发送失败' },
  attempts: '次数',
  lastAnswer: '最近一次应答',
  nextAttempt: '下次发送',
  createdAt: '产生时间',
  action: '操作',
  retry: '重试',
  retryOf: (businessNo: string) => `重试 ${businessNo}`,
  retried: '已安排立即重试',
}
