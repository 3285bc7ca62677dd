// The words of whoever watches live.
export default {
  heading: '直播',
  live: '直播中',
  by: (tenant: string) => `${tenant} 主办`,
  since: (clock: string) => `${clock} 开始`,
  waiting: '画面即将出现',
  nobody: '会议中还没有画面',
  over: '直播已结束，或观看地址无效',
  overHint: '请核对观看地址，或联系主办方',
  network: '连接中断，正在恢复',
  unmute: '打开声音',
  mute: '关闭声音',
  participant: (nth: number) => `参会者 ${nth}`,
  screen: (nth: number) => `参会者 ${nth} 的屏幕`,
  sound: (nth: number) => `参会者 ${nth}（仅声音）`,
  unsupported: '当前浏览器不支持播放，请换用新版 Chrome、Edge 或 Safari',
}
