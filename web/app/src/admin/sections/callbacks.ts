import { useOutboxTexts } from '@/texts/outbox'
import { section } from '../section'

export default section({
  slug: 'callbacks',
  title: useOutboxTexts().title,
  roles: ['tenant_admin'],
  load: () => import('../outbox/Outbox.vue'),
})
