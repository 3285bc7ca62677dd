import { textsOf } from './language'
import zhCN from './zh-CN/meeting'

export const useMeetingTexts = textsOf({ 'zh-CN': zhCN })
