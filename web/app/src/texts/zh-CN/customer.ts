import type { DeviceCause, EndWhy, Grade, Support, Verdict } from '@mingjian/room'

type Cure = { title: string; steps: string[] }

/** Words of the customer's pages: for a person of seventy, short, and never a word of our trade. */
export default {
  title: '远程面签',
  bigger: '大字',
  readAloud: '朗读',
  stopReading: '停止朗读',
  close: '关闭',
  gotIt: '我知道了',
  opening: '正在打开，请稍候',

  welcome: {
    heading: (name: string) => `${name}，您好`,
    invites: (tenant: string) => `${tenant}邀请您进行视频面签`,
    order: '办理的业务',
    product: '业务名称',
    number: '业务编号',
    queue: '办理窗口',
    steps: '接下来四步',
    stepList: [
      { what: '检测手机和网络', long: '约 10 秒' },
      { what: '排队等候', long: '按顺序接通' },
      { what: '和工作人员视频通话', long: '约 10 分钟' },
      { what: '工作人员告知结果', long: '通话结束时' },
    ],
    prepare: '请准备好身份证，坐在光线明亮、安静的地方。',
    agreements: '请您同意',
    recording: '我已阅读并同意录音录像',
    face: '我同意人脸识别',
    readRecording: '查看录音录像说明',
    readFace: '查看人脸识别说明',
    recordingTitle: '录音录像说明',
    faceTitle: '人脸识别说明',
    withoutFace: '不同意也可以办理：由工作人员在视频中人工核对您的身份。',
    recordingMissing:
      '请先勾选“我已阅读并同意录音录像”，再开始检测。不同意录音录像，就不能在网上办理，请到网点办理。',
    start: '开始检测',
  },

  check: {
    heading: '检测手机和网络',
    headingDone: '检测完成，可以排队了',
    headingFailed: '有一项需要您处理',
    mirror: '您自己的画面',
    faceInOval: '请把脸放在椭圆框里',
    noPicture: '这里会显示您的画面',
    camera: '摄像头',
    microphone: '麦克风',
    network: '网络',
    running: '正在检测',
    cameraGood: '画面正常',
    microphoneGood: '能听到您的声音',
    microphoneListening: '请说一句话，例如“你好”',
    microphoneSilent: '没有听到声音',
    level: '声音大小',
    networkWord: { good: '良好', fair: '一般', poor: '较差' } satisfies Record<Grade, string>,
    networkGood: (word: string, ms: number | null) => (ms === null ? word : `${word}，延迟 ${ms} 毫秒`),
    networkBlocked: '视频连不上',
    cure: '怎么办',
    again: '重新检测',
    enqueue: '开始排队',
  },

  causes: {
    denied: '没有得到允许',
    none: '没有找到',
    in_use: '打不开，可能被占用',
    insecure: '网址不安全，不能使用',
    unsupported: '浏览器不支持',
    lost: '已断开',
    unknown: '打不开',
  } satisfies Record<DeviceCause, string>,

  cures: {
    camera: {
      denied: {
        title: '请允许使用摄像头',
        steps: [
          '点浏览器地址栏左边的小图标（锁或“大小”字样）。',
          '找到“摄像头”，选“允许”。',
          '如果没有找到：打开手机“设置”，进入“应用”，找到正在使用的浏览器或微信，打开“相机”权限。',
          '回到本页，点“重新检测”。',
        ],
      },
      none: {
        title: '没有找到摄像头',
        steps: ['如果用的是电脑：请接好摄像头，再点“重新检测”。', '或者用带摄像头的手机打开短信里的链接。'],
      },
      in_use: {
        title: '摄像头打不开',
        steps: [
          '可能有别的软件正在用摄像头，例如微信视频、会议软件。请把它们关掉。',
          '如果还不行，请重启手机或电脑，再打开短信里的链接。',
        ],
      },
      lost: {
        title: '摄像头断开了',
        steps: ['请检查摄像头的连接线，或者关掉正在使用摄像头的软件。', '然后点“重新检测”。'],
      },
    },
    microphone: {
      denied: {
        title: '请允许使用麦克风',
        steps: [
          '点浏览器地址栏左边的小图标（锁或“大小”字样）。',
          '找到“麦克风”，选“允许”。',
          '如果没有找到：打开手机“设置”，进入“应用”，找到正在使用的浏览器或微信，打开“麦克风”权限。',
          '回到本页，点“重新检测”。',
        ],
      },
      none: {
        title: '没有找到麦克风',
        steps: ['如果用的是电脑：请插好耳机或麦克风，再点“重新检测”。', '或者用手机打开短信里的链接。'],
      },
      in_use: {
        title: '麦克风打不开',
        steps: ['可能正在打电话，或者有别的软件正在用麦克风。请先挂断或关掉。', '然后点“重新检测”。'],
      },
      lost: {
        title: '麦克风断开了',
        steps: ['请检查耳机或麦克风的连接。', '然后点“重新检测”。'],
      },
    },
    silent: {
      title: '没有听到您的声音',
      steps: [
        '请对着手机说一句话，看绿色的声音条会不会动。',
        '检查手机有没有被手指、手机壳挡住下面的话筒。',
        '如果戴着耳机，请拔掉再试；如果耳机上有静音开关，请打开。',
        '声音条动了，就可以开始排队。',
      ],
    },
    insecure: {
      title: '网址不安全，不能使用摄像头',
      steps: ['请从短信里重新打开链接，网址应以 https:// 开头。', '如果还不行，请联系发送链接的工作人员。'],
    },
    unsupported: {
      title: '这个浏览器不能使用摄像头',
      steps: ['请点“复制链接”，再用手机自带的浏览器打开。'],
    },
    unknown: {
      title: '打不开，请重试',
      steps: ['请关掉其他正在使用摄像头或麦克风的软件，再点“重新检测”。', '如果还不行，请重启手机或电脑。'],
    },
    network_poor: {
      title: '网络较差',
      steps: [
        '如果在用移动网络：请走到信号好的地方，或者连接 Wi-Fi。',
        '如果在用 Wi-Fi：请离路由器近一些，或者改用移动网络。',
        '请别人暂时不要看视频、下载文件。',
        '现在也可以排队，只是通话画面可能不清楚。',
      ],
    },
    network_blocked: {
      title: '网页能打开，但视频连不上',
      steps: [
        '请换一个网络：关掉 Wi-Fi，改用移动网络，或者反过来。',
        '如果在单位或酒店，网络可能不允许视频，请换到别处。',
        '然后点“重新检测”。',
      ],
    },
  } satisfies Record<string, Cure | Record<string, Cure>>,

  queue: {
    heading: '正在排队',
    position: '当前排位',
    ordinal: ['第', '位'],
    ahead: (count: number) => (count === 0 ? '下一位就是您' : `前面还有 ${count} 位`),
    waiting: (count: number) => `本窗口共有 ${count} 位在等候`,
    wait: (minutes: number) => `预计再等 ${minutes} 分钟左右`,
    waitShort: '预计一分钟之内接通',
    waitUnknown: '工作人员正在忙，请稍候',
    ringing: '正在为您接通工作人员',
    keepOpen: '请不要关闭本页。手机锁屏一分钟之内，排位会为您保留。',
    closedMeanwhile: '窗口已停止取号，已经排队的客户会继续办理。',
    leave: '离开排队',
    mirror: '您自己的画面',
  },

  call: {
    heading: '视频面签',
    stage: '通话画面',
    self: '您自己',
    selfHint: '您自己的画面，可以拖动，也可以用方向键移动',
    connecting: '正在接通，请稍候',
    waitingFor: (name: string) => `正在等待${name}的画面`,
    startingRecording: '正在开启录音录像',
    recording: '录制中',
    recordingStarting: '正在开启录制',
    recordingBroken: '录制故障',
    recordingStopped: '录制已结束',
    recordingFailed: '录制出现故障，为了保护您的权益，通话即将结束。请稍后重新进入。',
    elapsed: '通话时长',
    weak: '网络较差，画面可能不清楚，请靠近路由器或换到信号好的地方',
    reconnecting: '网络断开，正在重新连接',
    reconnectingHint: '请不要关闭本页。30 秒之内连上，会接着刚才的通话。',
    otherLost: (name: string) => `${name}的网络断开了，正在等待对方回来`,
    cameraOff: '摄像头已关闭',
    otherCameraOff: (name: string) => `${name}关闭了摄像头`,
    muted: '您已静音，对方听不到',
    otherMuted: '已静音',
    tapToContinue: '点击继续',
    tapToContinueHint: '浏览器需要您点一下，才能播放声音',
    microphoneOn: '打开麦克风',
    microphoneOff: '关闭麦克风',
    cameraOn: '打开摄像头',
    cameraTurnOff: '关闭摄像头',
    flip: '切换镜头',
    hangUp: '挂断',
    again: '重试',
    deviceLost: (what: string, cause: string) => `${what}${cause}`,
    reopen: '重新打开',
    role: { customer: '客户', seat: '工作人员', guest: '受邀人', supervisor: '班长', host: '主持人' },
  },

  end: {
    verdicts: {
      pass: '面签已通过',
      refuse: '这次面签没有通过',
      supplement: '还需要您补充资料',
    } satisfies Record<Verdict, string>,
    whys: {
      verdict: '面签已结束',
      hung_up: '通话已结束',
      abandoned: '通话中断了',
      recording_failed: '录制出现故障，通话已结束',
      left_queue: '您已离开排队',
      closed: '本次服务已结束',
    } satisfies Record<EndWhy, string>,
    next: {
      pass: (tenant: string) => `您不用再做什么。后面的进展，${tenant}会通知您。`,
      refuse: (tenant: string) => `如果有疑问，请联系${tenant}的工作人员。`,
      supplement: (tenant: string) => `请按上面的说明准备好，${tenant}会再次联系您。`,
      hung_up: '这次面签还没有结论。',
      abandoned: '请保持本页打开，工作人员可能会马上回呼您。',
      recording_failed: '不是您的问题，请重新排队办理。',
      left_queue: '',
      closed: '如果还要办理，请联系发送链接的工作人员。',
    },
    mayReturn: '您可以重新排队，链接仍然有效。',
    contactStaff: '如果还要办理，请联系发送链接的工作人员，重新发送链接。',
    reason: '说明',
    number: '记录编号',
    time: '结束时间',
    complain: '如有疑问或投诉，请拨打银行客服电话，并告知记录编号。',
    complainNoNumber: '如有疑问或投诉，请拨打银行客服电话。',
    again: '重新排队',
    bank: '银行',
    mayClose: '现在可以关闭本页了。',
    back: '返回业务办理',
    goesBack: (seconds: number) => `${seconds} 秒后自动返回业务办理页面。`,
  },

  trouble: {
    linkAgain: '再试一次',
    link_unknown: {
      title: '链接不正确',
      steps: ['请从短信里重新点开链接，不要手动输入。', '如果还不行，请联系发送链接的工作人员，重新发送。'],
    },
    link_expired: {
      title: '链接已过期',
      steps: ['请联系发送链接的工作人员，重新发送一个链接。'],
    },
    link_used: {
      title: '链接已使用过',
      steps: ['用这个链接的面签已经结束。', '如果还要办理，请联系发送链接的工作人员，重新发送。'],
    },
    elsewhere: {
      title: '已在另一台设备上打开',
      steps: [
        '同一个链接只能在一台设备上使用。',
        '想在这台设备上继续，请点下面的按钮，另一台设备会自动退出。',
      ],
      action: '在这台设备上继续',
    },
    network: {
      title: '网络断开了',
      steps: ['请检查手机有没有连上 Wi-Fi 或移动网络。', '网络恢复后会自动继续，也可以点下面的按钮。'],
      action: '重新连接',
    },
    page_old: {
      title: '页面需要更新',
      steps: ['点下面的按钮，重新打开本页。'],
      action: '刷新页面',
    },
    queue_closed: {
      title: '现在不在服务时间',
      opens: (when: string) => `${when} 开始服务，请到时再打开本页。`,
      opensUnknown: '请稍后再试，或者联系发送链接的工作人员。',
      action: '再看一次',
    },
    unexpected: {
      title: '出了点问题',
      steps: ['请点下面的按钮重试。', '如果还不行，请联系发送链接的工作人员。'],
      action: '重试',
    },
    browser: {
      titles: {
        browser: '这个浏览器不能视频通话',
        no_h264: '这个浏览器的视频功能不完整',
        insecure: '网址不安全，不能视频通话',
      } satisfies Record<Exclude<Support, { ok: true }>['why'], string>,
      inWechat: '请点右上角的“…”，选“在浏览器打开”。',
      inOtherApp: '请点右上角的菜单，选“在浏览器打开”。',
      openIn: {
        safari: '点“复制链接”，再打开手机自带的 Safari 浏览器，粘贴到地址栏里打开。',
        chrome: '点“复制链接”，再打开 Chrome 或手机自带的浏览器，粘贴到地址栏里打开。',
        edge: '点“复制链接”，再用新版的 Edge 或 Chrome 浏览器打开。',
      },
      update: '如果已经是这个浏览器，请把它更新到最新版本。',
      insecure: '请从短信里重新打开链接，网址应以 https:// 开头。',
      copy: '复制链接',
      copied: '已复制，请到浏览器里粘贴打开',
      copyFailed: '没能自动复制，请长按下面的网址复制：',
    },
  },

  banner: {
    seconds: (count: number) => `已 ${count} 秒`,
    failed: '没有成功，请检查网络后再点一次',
  },

  time: {
    today: '今天',
    tomorrow: '明天',
    moment: (day: string, clock: string) => `${day} ${clock}`,
    day: (month: number, day: number) => `${month} 月 ${day} 日`,
  },
}
