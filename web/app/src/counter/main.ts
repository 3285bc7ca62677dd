import { createApp } from 'vue'
import { followSystemTheme } from '@/theme/follow'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '@/theme/theme.css'
import Counter from './Counter.vue'

followSystemTheme()
createApp(Counter).mount('#app')
