import { textsOf } from './language'
import zhCN from './zh-CN/outbox'

export const useOutboxTexts = textsOf({ 'zh-CN': zhCN })
