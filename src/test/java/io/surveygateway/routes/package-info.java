/** What the tests of routes share. */
@NullMarked
package io.surveygateway.routes;

import org.jspecify.annotations.NullMarked;
