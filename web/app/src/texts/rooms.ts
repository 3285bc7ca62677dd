import { textsOf } from './language'
import zhCN from './zh-CN/rooms'

export const useRoomsTexts = textsOf({ 'zh-CN': zhCN })
