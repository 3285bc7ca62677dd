import { textsOf } from './language'
import zhCN from './zh-CN/compositions'

export const useCompositionsTexts = textsOf({ 'zh-CN': zhCN })
