import { textsOf } from './language'
import zhCN from './zh-CN/common'

export const useCommonTexts = textsOf({ 'zh-CN': zhCN })
