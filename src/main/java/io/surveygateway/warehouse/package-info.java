/** What the business database is sent, and what its refusals mean. */
@NullMarked
package io.surveygateway.warehouse;

import org.jspecify.annotations.NullMarked;
