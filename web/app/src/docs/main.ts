// Shows the description of the native API and lets one try it, with a native key that is typed in.

import SwaggerUIBundle from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import 'swagger-ui-dist/swagger-ui.css'
import './docs.css'

const place = document.getElementById('app')
if (place) {
  SwaggerUIBundle({
    url: '/api/v1/openapi.json',
    domNode: place,
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayOperationId: true,
    // A key that is typed in is forgotten with the page.
    persistAuthorization: false,
    tryItOutEnabled: true,
    validatorUrl: null,
    requestInterceptor(request) {
      // A call that is tried out is a business system's: the session of whoever has logged in beside it is left alone.
      if (!request.url.includes('/session')) request.credentials = 'omit'
      return request
    },
  })
}
