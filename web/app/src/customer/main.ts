import { createApp } from 'vue'
import 'vant/es/style/base.css'
import 'vant/es/overlay/index.css'
import 'vant/es/popup/index.css'
import '@/theme/theme.css'
import './customer.css'
import { followSystemTheme } from '@/theme/follow'
import Customer from './Customer.vue'

followSystemTheme()
// The address is `/s/{code}`; the code never leaves the path, so it stands in no log of a query.
const code = decodeURIComponent(location.pathname.split('/')[2] ?? '')
createApp(Customer, { code }).mount('#app')
