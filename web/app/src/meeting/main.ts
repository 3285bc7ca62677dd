import { createApp } from 'vue'
import '@/theme/theme.css'
import './meeting.css'
import { followSystemTheme } from '@/theme/follow'
import Meeting from './Meeting.vue'

followSystemTheme()
// The address is `/m/{number}`.
const number = decodeURIComponent(location.pathname.split('/')[2] ?? '')
createApp(Meeting, { number }).mount('#app')
