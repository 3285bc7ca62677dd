import { textsOf } from './language'
import zhCN from './zh-CN/admin'

export const useAdminTexts = textsOf({ 'zh-CN': zhCN })
