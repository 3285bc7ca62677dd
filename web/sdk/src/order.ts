// order.json and product.json: what the server knows of an order, in the shapes that pages of the document draw.

interface Person {
  name: string
  id_no: string
  mobile: string
}

interface EnterpriseView {
  name: string
  credit_code: string
  legal_person: string
}

interface ProductView {
  product_id: string
  product_name: string
  intro: string
  risk_level: string
  risk_video_url: string | null
  risk_tips: string[]
  statement: string
  images: string[]
}

/** `GET /api/v1/orders/{business_no}/sheet`. */
export interface SheetView {
  order: {
    business_no: string
    product_name: string
    queue_id: string
    customer: Person
    details: { label: string; value: string }[]
  }
  assist_no: string | null
  risk_video_url: string | null
  signature_url: string | null
  product: ProductView | null
  enterprise: EnterpriseView | null
  guarantors: Person[]
  enterprise_guarantors: EnterpriseView[]
}

export interface LenderPerson {
  name: string
  idNo: string
  phone: string
}

export interface LenderEnterprise {
  name: string
  creditCode: string
  legalPerson: string
}

/** The personal part of order.json: who borrows, who stands in, which enterprises. */
export interface LenderInfos {
  borrower: LenderPerson
  guarantors: LenderPerson[]
  enterprise: LenderEnterprise | null
  enterpriseGuarantors: LenderEnterprise[]
  extra: { label: string; value: string }[]
}

/** order.json. */
export interface OrderInfos extends LenderInfos {
  businessId: string
  assistId: string
  productId: string
  productName: string
  queueId: string
  riskVideoUrl: string
  signatureUrl: string
}

/** An element of product.json. */
export interface Product {
  productId: string
  productName: string
  productIntro: string
  riskLevel: string
  riskVideoUrl: string
  riskTips: string[]
  statement: string
  imgs: string[]
}

const person = ({ name, id_no, mobile }: Person): LenderPerson => ({ name, idNo: id_no, phone: mobile })
const enterprise = (it: EnterpriseView): LenderEnterprise => ({
  name: it.name,
  creditCode: it.credit_code,
  legalPerson: it.legal_person,
})

export function lenderInfos(sheet: SheetView): LenderInfos {
  return {
    borrower: person(sheet.order.customer),
    guarantors: sheet.guarantors.map(person),
    enterprise: sheet.enterprise && enterprise(sheet.enterprise),
    enterpriseGuarantors: sheet.enterprise_guarantors.map(enterprise),
    extra: sheet.order.details,
  }
}

export function orderInfos(sheet: SheetView): OrderInfos {
  return {
    businessId: sheet.order.business_no,
    assistId: sheet.assist_no ?? '',
    productId: sheet.product?.product_id ?? '',
    productName: sheet.order.product_name,
    queueId: sheet.order.queue_id,
    riskVideoUrl: sheet.risk_video_url ?? sheet.product?.risk_video_url ?? '',
    signatureUrl: sheet.signature_url ?? '',
    ...lenderInfos(sheet),
  }
}

/** product.json: a list, empty where nothing is known of the product. */
export function products(sheet: SheetView): Product[] {
  const it = sheet.product
  if (!it) return []
  return [
    {
      productId: it.product_id,
      productName: it.product_name,
      productIntro: it.intro,
      riskLevel: it.risk_level,
      riskVideoUrl: it.risk_video_url ?? '',
      riskTips: it.risk_tips,
      statement: it.statement,
      imgs: it.images,
    },
  ]
}
