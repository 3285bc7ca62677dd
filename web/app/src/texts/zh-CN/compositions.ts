// Words of the films that are made of recordings.
export default {
  title: '合成录像',
  hint: '每次录制结束后，各方画面合成为一个录像文件。没有完成的会自动重试，也可以在这里立即重试',
  empty: '还没有合成记录。录制结束后，合成进度会出现在这里',
  recording: '录制编号',
  state: '状态',
  states: { pending: '等待合成', done: '已完成', failed: '合成失败' },
  attempts: '次数',
  lastError: '最近一次错误',
  nextAttempt: '下次重试',
  createdAt: '产生时间',
  action: '操作',
  retry: '重试',
  retryOf: (recording: string) => `重试 ${recording}`,
  retried: '已安排立即重试',
}
