import { textsOf } from './language'
import zhCN from './zh-CN/desk'

export const useDeskTexts = textsOf({ 'zh-CN': zhCN })
