import { textsOf } from './language'
import zhCN from './zh-CN/customer'

export const useCustomerTexts = textsOf({ 'zh-CN': zhCN })
