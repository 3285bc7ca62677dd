import { textsOf } from './language'
import zhCN from './zh-CN/review'

export const useReviewTexts = textsOf({ 'zh-CN': zhCN })
