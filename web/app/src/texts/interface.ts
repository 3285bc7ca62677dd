import { textsOf } from './language'
import zhCN from './zh-CN/interface'

export const useInterfaceTexts = textsOf({ 'zh-CN': zhCN })
