// The little of swagger-ui-dist that is used; it comes without types.
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  interface Setup {
    url: string
    domNode: HTMLElement
    deepLinking: boolean
    docExpansion: 'list' | 'full' | 'none'
    defaultModelsExpandDepth: number
    displayOperationId: boolean
    persistAuthorization: boolean
    tryItOutEnabled: boolean
    /** Null: nobody else is asked whether the description is good. */
    validatorUrl: null
    requestInterceptor(request: SentRequest): SentRequest
  }
  interface SentRequest {
    url: string
    method: string
    headers: Record<string, string>
    credentials?: RequestCredentials
  }
  export default function SwaggerUIBundle(setup: Setup): void
}
