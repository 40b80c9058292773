/** The SQL store: schema, dialects, and one transaction per step. */
@NullMarked
package io.surveygateway.store;

import org.jspecify.annotations.NullMarked;
