// Shows the operations of /api by Swagger UI. A call that is tried bears the token of this page, as its
// forms do.
'use strict';

const operations = document.getElementById('operations');

SwaggerUIBundle({
  url: '/v3/api-docs',
  domNode: operations,
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // Nothing is asked of another host.
  validatorUrl: null,
  requestInterceptor: (request) => {
    const { tokenHeader, token } = operations.dataset;
    if (token && new URL(request.url, location.href).origin === location.origin) {
      request.headers[tokenHeader] = token;
    }
    return request;
  },
});
