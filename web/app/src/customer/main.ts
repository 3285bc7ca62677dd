import { createApp } from 'vue'
import { followSystemTheme } from '@/theme/follow'
import '@/theme/theme.css'
import Customer from './Customer.vue'

followSystemTheme()
createApp(Customer).mount('#app')
