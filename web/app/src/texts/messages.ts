import { textsOf } from './language'
import zhCN from './zh-CN/messages'

export const useMessagesTexts = textsOf({ 'zh-CN': zhCN })
