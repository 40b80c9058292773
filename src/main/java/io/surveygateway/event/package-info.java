/** The canonical survey event: its shape, its schema, and the catalogue that completes it. */
@NullMarked
package io.surveygateway.event;

import org.jspecify.annotations.NullMarked;
