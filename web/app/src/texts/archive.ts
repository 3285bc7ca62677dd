import { textsOf } from './language'
import zhCN from './zh-CN/archive'

export const useArchiveTexts = textsOf({ 'zh-CN': zhCN })
