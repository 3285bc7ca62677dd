import { useInterfaceTexts } from '@/texts/interface'
import { section } from '../section'

export default section({
  slug: 'interface',
  title: useInterfaceTexts().title,
  roles: ['tenant_admin'],
  load: () => import('../interface/Interface.vue'),
})
