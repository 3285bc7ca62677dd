// Words that more than one page says.
export default {
  product: '明鉴',
  login: {
    title: '登录',
    login: '账号',
    password: '密码',
    submit: '登录',
    wrong: '账号或密码不正确，请检查后重新输入',
    locked: (clock: string) => `登录失败次数过多，账号已锁定，请在 ${clock} 之后再试，或联系管理员`,
    empty: '请输入账号和密码',
    logOut: '退出登录',
    notEntitled: (page: string) => `当前账号没有使用“${page}”的权限，请换一个账号登录，或联系管理员开通`,
  },
  errors: {
    status: (status: number) => `服务器没有完成请求（${status}）`,
    networkTitle: '连接不上服务器',
    networkDetail: '请检查网络后重试',
    both: (title: string, detail: string) => `${title}。${detail}`,
    unexpected: '页面出现了意外错误，请刷新页面后重试',
  },
  retry: '重试',
  refresh: '刷新',
  loading: '正在加载',
  more: '加载更多',
  verdicts: { pass: '通过', refuse: '拒绝', supplement: '待补充' },
  noVerdict: '无结论',
  roles: { customer: '客户', seat: '坐席', guest: '受邀人', supervisor: '班长', host: '主持人' },
}
