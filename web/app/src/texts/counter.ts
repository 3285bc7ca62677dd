import { textsOf } from './language'
import zhCN from './zh-CN/counter'

export const useCounterTexts = textsOf({ 'zh-CN': zhCN })
