import { useArchiveTexts } from '@/texts/archive'
import { section } from '../section'

export default section({
  slug: 'archive',
  title: useArchiveTexts().title,
  roles: ['archivist', 'tenant_admin'],
  load: () => import('../archive/Archive.vue'),
})
