import { createApp } from 'vue'
import '@/theme/theme.css'
import { followSystemTheme } from '@/theme/follow'
import Watch from './Watch.vue'

followSystemTheme()
// The address is `/watch/{live}`; the code never leaves the path, so it stands in no log of a query.
const code = decodeURIComponent(location.pathname.split('/')[2] ?? '')
createApp(Watch, { code }).mount('#app')
