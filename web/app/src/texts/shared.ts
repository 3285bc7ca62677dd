import { textsOf } from './language'
import zhCN from './zh-CN/shared'

export const useSharedTexts = textsOf({ 'zh-CN': zhCN })
