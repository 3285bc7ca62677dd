import { textsOf } from './language'
import zhCN from './zh-CN/files'

export const useFilesTexts = textsOf({ 'zh-CN': zhCN })
