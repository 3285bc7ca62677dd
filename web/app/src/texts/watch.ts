import { textsOf } from './language'
import zhCN from './zh-CN/watch'

export const useWatchTexts = textsOf({ 'zh-CN': zhCN })
